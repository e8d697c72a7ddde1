"""How many sources a lead could be of, by what it tells of a person: counted where it leaves, and on the page before.

Reports that were merged are one source. Whoever reports through several channels, or twice, may stay unmerged: so
sources are counted channel by channel, and the greatest number counts. What nobody opened, what is no report, what
only some may see and what was almost the same does not count, or counts once: a crowd may be greater than we know, and
never smaller.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import product
from operator import or_
from typing import Any

from sqlalchemy import Row, Select, func, literal_column, select, true

from hotline.domain.outcome import Outcome
from hotline.domain.report import Status, day
from hotline.leads.disclose import coarse
from hotline.leads.drafts import Disclosure, LeadDraft
from hotline.leads.gating import PLACE, Gate, Person
from hotline.leads.ladders import LADDERS, LEFT_OUT, Rung
from hotline.leads.spoken import named_in
from hotline.leads.tables import lead_sources, leads
from hotline.leads.wording import Fact, Problem
from hotline.reports import reports
from hotline.reports.joined import family
from hotline.store import Session

SINCE = timedelta(days=365)
"""How long ago a report may have come that another can hide behind."""

_MOST = 500
_NOTHING = (Outcome.NOT_A_REPORT, Outcome.DUPLICATE)

_COARSER = ("region", "life")
_LEFT_OUT: Mapping[str, Mapping[str, Any]] = {
    "nationality": {"nationality": ""},
    "age_band": {"age": None},
    "gender": {"gender": ""},
    "person_language": {"person_language": None},
    "minor": {"minor": False},
}

Sources = Mapping[str, str]
"""The channel of each source, by its id."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """*k* is how many sources it fits, 0 where nothing of a person is told; *person* what is known of them once it left."""

    k: int
    problems: tuple[Problem, ...]
    person: Person


@dataclass(frozen=True, slots=True)
class Step:
    """One fact told more coarsely: from which value to which (empty: left out), because *fact*: it fitted *have* of *need*."""

    field: str
    from_: str
    to: str
    fact: Fact
    have: int
    need: int


def judge(session: Session, report_id: str, told: Disclosure, *, k: int, at: datetime) -> Judgement:
    """Tell whether what *told* tells of a person, beside all that was told of them before, fits *k* sources or more.

    To be asked in the transaction that lets it out.
    """
    return _Crowd(session, report_id, told.country, at).judge(told, k)


def cheapest(
    session: Session, report_id: str, draft: LeadDraft, *, k: int, at: datetime
) -> tuple[LeadDraft, tuple[Step, ...]]:
    """Return *draft* with what must be told more coarsely for it to pass, and each step with its reason.

    Of all ways the one that costs least (`ladders.tsv`). Where none is enough, because the words or what was told before
    tell too much already, *draft* comes back as it is.
    """
    crowd = _Crowd(session, report_id, draft.country, at)
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


@dataclass(slots=True)
class _Crowd:
    """What is known of a report's family, and of the other sources of a country; read once, when it is first asked."""

    session: Session
    report_id: str
    country: str
    at: datetime
    _own: tuple[str, ...] = ()
    _earlier: Person | None = None
    _told: list[tuple[str, str, Person]] | None = None
    _channels: Sequence[str] = ()
    _fitting: dict[tuple[object, ...], frozenset[int]] = field(default_factory=dict)
    _clear: dict[tuple[str, bool], Sources] = field(default_factory=dict)

    def judge(self, told: Disclosure, k: int) -> Judgement:
        have, may_leave = self.weigh(told, k)
        person = self.earlier | Person.of(told, named_in(told))
        gate = Gate(Fact.FEW, "" if may_leave else self._field(told, k), have, k)
        return Judgement(have, () if may_leave else (gate.problem,), person)

    def weigh(self, told: Disclosure, k: int) -> tuple[int, bool]:
        """Return how many sources *told* fits, with all that was told before, and whether that is enough."""
        earlier, new = self.earlier, Person.of(told, named_in(told))
        person = earlier | new
        if not person.facts:
            return 0, True
        have = self.size(person, enough=k)
        # What adds nothing to what they have read is no more than they know.
        return have, have >= k or bool(earlier.facts and new.fits(earlier))

    def _field(self, told: Disclosure, k: int) -> str:
        """Return where too much is told: in the words, in the place alone, or of the person."""
        plain = Person.of(told)
        if self.size(self.earlier | plain, enough=k) >= k or not (self.earlier | plain).facts:
            return "summary"
        finest = next((name for name in reversed(PLACE) if getattr(told, name)), PLACE[0])
        return "person" if plain.facts else finest

    def size(self, person: Person, *, enough: int = _MOST) -> int:
        """Return how many sources *person* fits, the report's own among them; from *enough* on no more are looked for."""
        fitting = dict(self._clear_sources(person)) if person.is_clear else {}
        if (have := self._count(fitting)) >= enough:
            return have
        fitting |= {self.told[at][0]: self.told[at][1] for at in self._who_fit(person)}
        return self._count(fitting)

    def _count(self, sources: Sources) -> int:
        by_channel = Counter(sources.values())
        by_channel.update(self._own_channels())
        return max(by_channel.values(), default=1)

    def _who_fit(self, person: Person) -> frozenset[int]:
        """Return where in `told` those stand whom *person* fits; each part of it is looked for once."""
        found = frozenset(range(len(self.told)))
        for part in person.parts:
            if part.key not in self._fitting:
                fitting = (at for at, (_, _, other) in enumerate(self.told) if part.fits(other))
                self._fitting[part.key] = frozenset(fitting)
            found &= self._fitting[part.key]
        return found

    @property
    def own(self) -> tuple[str, ...]:
        if not self._own:
            self._own = family(self.session, self.report_id)
        return self._own

    @property
    def earlier(self) -> Person:
        """What leads of this person told before, those included that were taken back: it was read."""
        if self._earlier is None:
            query = select(lead_sources.c.person).where(lead_sources.c.report_id.in_(self.own))
            kept = self.session.execute(query).scalars()
            self._earlier = reduce(or_, map(Person.from_json, kept), Person())
        return self._earlier

    @property
    def told(self) -> list[tuple[str, str, Person]]:
        """What was told of others of this country, the newest first: source, channel, person."""
        if self._told is None:
            query = (
                select(
                    func.coalesce(reports.c.joined_to, reports.c.id),
                    reports.c.channel,
                    lead_sources.c.person,
                )
                .join(lead_sources, lead_sources.c.lead_id == leads.c.id)
                .join(reports, reports.c.id == lead_sources.c.report_id)
                .where(
                    leads.c.country == self.country,
                    leads.c.k > literal_column("0"),
                    reports.c.id.not_in(self.own),
                    ~reports.c.restricted,
                )
                .order_by(leads.c.day.desc())
                .limit(_MOST)
            )
            self._told = [
                (source, channel, Person.from_json(person))
                for source, channel, person in self.session.execute(query)
            ]
        return self._told

    def _clear_sources(self, person: Person) -> Sources:
        """Return the reports of the country that have the language and the age that *person* tells."""
        languages = person.facts.get("person_language", frozenset())
        if len(languages) > 1:
            return {}
        asked = (next(iter(languages), ""), "minor" in person.facts)
        if asked not in self._clear:
            self._clear[asked] = _once_each(self.session.execute(self._like(*asked)).all())
        return self._clear[asked]

    def _like(self, language: str, is_minor: bool) -> Select[tuple[str, str, str | None]]:
        rows = reports.c
        # Few are of children: said so that the index of those seems to fit best, and the language is read there.
        its_language = (rows.language.concat("") if is_minor else rows.language) == language
        return (
            select(rows.id, rows.channel, rows.alike)
            .where(
                rows.country == self.country,
                rows.day >= day(self.at - SINCE),
                rows.day <= day(self.at),
                rows.joined_to.is_(None),
                rows.id.not_in(self.own),
                rows.status != Status.QUARANTINED,
                rows.outcome.not_in(_NOTHING),
                rows.is_opened,
                ~rows.restricted,
                its_language if language else true(),
                rows.minor if is_minor else true(),
            )
            .order_by(rows.day.desc())
            .limit(_MOST)
        )

    def _own_channels(self) -> Sequence[str]:
        if not self._channels:
            rows = reports.c
            query = select(rows.channel).where(rows.id.in_(self.own)).distinct()
            self._channels = self.session.execute(query).scalars().all()
        return self._channels


def _once_each(found: Iterable[Row[tuple[str, str, str | None]]]) -> Sources:
    """Return the sources of reports that came, those that were almost the same as one."""
    return {row.alike or row.id: row.channel for row in found}
