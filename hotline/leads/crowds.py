"""How many sources a lead could be of, by what it tells of a person: counted where it leaves, and on the page before.

Which sources count, and what that is worth, says `sources`; what was told of a person before, `unions`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product
from typing import Any

from hotline.leads import unions
from hotline.leads.disclose import coarse
from hotline.leads.drafts import Disclosure, LeadDraft
from hotline.leads.gating import PLACE, Gate, Person
from hotline.leads.ladders import LADDERS, LEFT_OUT, Rung
from hotline.leads.sending import salt_of
from hotline.leads.sources import MOST, Sources
from hotline.leads.spoken import Said, facts_of, said_in
from hotline.leads.wording import Fact, Problem
from hotline.reports.joined import family
from hotline.store import Session

_COARSER = ("region", "life")
_LEFT_OUT: Mapping[str, Mapping[str, Any]] = {
    "nationality": {"nationality": ""},
    "age_band": {"age": None},
    "gender": {"gender": ""},
    "person_language": {"person_language": None},
    "minor": {"minor": False},
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """*k* is how many sources it fits, 0 where nothing of a person is told; *person* what is known of them once it left."""

    k: int
    problems: tuple[Problem, ...]
    person: Person


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One fact told more coarsely: from which value to which (empty: left out), because *fact*: it fitted *have* of *need*."""

    field: str
    from_: str
    to: str
    fact: Fact
    have: int
    need: int


def judge(
    session: Session,
    report_id: str,
    told: Disclosure,
    *,
    k: int,
    at: datetime,
    to: Collection[str] | None = None,
) -> Judgement:
    """Tell whether what *told* tells of a person, beside all that was told of them before, fits *k* sources or more.

    *to* are the ids of the agencies that are told; None while nobody chose them. What adds nothing to what each of them
    was told before leaves whatever fits. To be asked in the transaction that lets it out.
    """
    return _Crowd(session, report_id, at).judge(told, k, to)


def cheapest(
    session: Session, report_id: str, draft: LeadDraft, *, k: int, at: datetime
) -> tuple[LeadDraft, tuple[Step, ...]]:
    """Return *draft* with what must be told more coarsely for it to pass, and each step with its reason.

    Of all ways the one that costs least (`ladders.tsv`). Where none is enough, because the words or what was told before
    tell too much already, *draft* comes back as it is.
    """
    crowd = _Crowd(session, report_id, at)
    for _, rungs in sorted(_ways(draft), key=lambda way: way[0]):
        if crowd.weigh(coarse(climbed(draft, rungs)), k)[1]:
            return climbed(draft, rungs), tuple(_steps(crowd, draft, rungs, k))
    return draft, ()


def climbed(draft: LeadDraft, rungs: Mapping[str, str]) -> LeadDraft:
    """Return *draft* with each fact of *rungs* told as that step of its ladder says."""
    changes: dict[str, Any] = {}
    coarser = set(draft.coarser)
    for name, step in rungs.items():
        if name == "place":
            changes |= dict.fromkeys(PLACE[PLACE.index(step) + 1 :], "")
        elif step == LEFT_OUT:
            changes |= _LEFT_OUT[name]
        elif step in _COARSER:
            coarser.add(name)
    return replace(draft, coarser=frozenset(coarser), **changes)


def _ways(draft: LeadDraft) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each way to tell *draft* as it is or more coarsely, with what it costs."""
    names = [name for name in LADDERS if name == "place" or _value(draft, name)]
    for rungs in product(*(_rungs(draft, name) for name in names)):
        yield (
            sum(rung.cost for rung in rungs),
            {name: rung.step for name, rung in zip(names, rungs, strict=True)},
        )


def _rungs(draft: LeadDraft, name: str) -> list[Rung]:
    """Return the rungs from where *draft* stands on; those that change nothing are left out."""
    rungs, first, seen = LADDERS[name], LADDERS[name][0], set()
    if name == "minor":
        # An age under 18 tells it too, and has a ladder of its own: both are left out together.
        draft = replace(draft, age=None)
    kept = []
    for rung in rungs:
        value = _value(climbed(draft, {name: rung.step}), name)
        if value not in seen:
            kept.append(rung if rung is not first else Rung(rung.step, 0))
        seen.add(value)
    return kept


def _value(draft: LeadDraft, name: str) -> str:
    """Return what *draft* would tell of a fact; of the place the finest."""
    told = coarse(draft)
    if name == "place":
        return next((getattr(told, one) for one in reversed(PLACE) if getattr(told, one)), "")
    value: str = getattr(told, name)
    return "" if value == "unknown" else value


def _steps(crowd: "_Crowd", draft: LeadDraft, rungs: Mapping[str, str], k: int) -> Iterator[Step]:
    for name, step in rungs.items():
        after = climbed(draft, {name: step})
        before, to = _value(draft, name), _value(after, name)
        if before != to:
            yield Step(name, before, to, Fact.FEW, crowd.weigh(coarse(draft), k)[0], k)
        draft = after


def _narrowest(told: Disclosure) -> str:
    """Return which fact of the scene narrows the crowd; town and venue count as the area."""
    if told.area or told.town or told.venue:
        return "area"
    names = ("plates", "numbers", "handles", "links", "seen")
    return next((name for name in names if getattr(told, name)), "country")


@dataclass(slots=True)
class _Crowd:
    """What is known of a report's family, and of the other sources of each country; read once, when it is first asked."""

    session: Session
    report_id: str
    at: datetime
    _own: tuple[str, ...] = ()
    _salt: str | None = None
    _earlier: Person | None = None
    _those_told: frozenset[str] | None = None
    _sources: dict[tuple[str, frozenset[str]], Sources] = field(default_factory=dict)

    def judge(self, told: Disclosure, k: int, to: Collection[str] | None) -> Judgement:
        said = said_in(told)
        have, may_leave = self.weigh(told, k, to)
        person = self.earlier | Person.of(told, facts_of(said), salt=self.salt)
        return Judgement(have, () if may_leave else self._problems(told, said, have, k), person)

    def weigh(
        self, told: Disclosure, k: int, to: Collection[str] | None = None
    ) -> tuple[int, bool]:
        """Return how many sources *told* fits, with all that was told before, and whether that is enough."""
        new = Person.of(told, facts_of(said_in(told)), salt=self.salt)
        person = self.earlier | new
        if not person.facts:
            return 0, True
        have = self.size(person, enough=k)
        return have, have >= k or self._adds_nothing(new, to)

    def _adds_nothing(self, new: Person, to: Collection[str] | None) -> bool:
        """Tell whether those whom it is told have read all of it before: it is no more than they know."""
        earlier = self.earlier
        if not (earlier.facts and new.fits(earlier) and new.months <= earlier.months):
            return False
        return to is None or set(to) <= self.those_told

    def _problems(
        self, told: Disclosure, said: Sequence[Said], have: int, k: int
    ) -> tuple[Problem, ...]:
        """Return where too much is told: in the words, each where it stands, of the person, or in the place alone."""
        plain = Person.of(told, salt=self.salt)
        known = self.earlier | plain
        found = (
            Problem(one.field, Fact.FEW, one.start, one.end)
            for one in said
            if one.value not in known.facts.get(one.fact, ())
        )
        in_words = tuple(dict.fromkeys(found))
        if in_words and (not known.facts or self.size(known, enough=k) >= k):
            return in_words
        gate = Gate(Fact.FEW, "person" if plain.facts else _narrowest(told), have, k)
        return (gate.problem, *in_words)

    @property
    def salt(self) -> str:
        if self._salt is None:
            self._salt = salt_of(self.session)
        return self._salt

    def size(self, person: Person, *, enough: int = MOST) -> int:
        """Return how many sources *person* fits, the report's own among them, in whichever country fewest do."""
        return min(
            self._of(country, person.months).size(person.within(country), enough=enough)
            for country in sorted(person.countries)
        )

    def _of(self, country: str, months: frozenset[str]) -> Sources:
        key = (country, months)
        if key not in self._sources:
            self._sources[key] = Sources(self.session, self.own, country, months, self.at)
        return self._sources[key]

    @property
    def own(self) -> tuple[str, ...]:
        if not self._own:
            self._own = family(self.session, self.report_id)
        return self._own

    @property
    def earlier(self) -> Person:
        if self._earlier is None:
            self._earlier = unions.told_of(self.session, self.own)
        return self._earlier

    @property
    def those_told(self) -> frozenset[str]:
        if self._those_told is None:
            self._those_told = unions.who_were_told(self.session, self.own)
        return self._those_told
