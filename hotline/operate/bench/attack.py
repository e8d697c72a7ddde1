"""Attack what leaves in leads: a made-up country whose people report, leads by the real code, and those who look for them.

*The outsider* has every lead and every earlier version, knows which came of one person (more than anybody can), when
each left, and of four in five people where they work, what they speak, where they come from, their age and sex. *The
insider* knows everybody at a venue, and what happened there when a lead tells of it. Each picks from whom a lead fits.

What is measured is how probably they pick the one who told it, lead by lead and for all leads of one source together:
no more than one in k, and at the venue one in five. What nobody promises stands beside it (*beyond*): people who were told
that they may be guessed, reports that nobody knows to be of one person, and who is seen to text us.
"""

import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from hotline.consent import INVESTIGATORS, Purpose
from hotline.consent.tables import best_interests
from hotline.leads import agencies, waiting
from hotline.leads.crowds import Step, cheapest
from hotline.leads.disclose import coarse
from hotline.leads.drafts import FIELDS, CouldKnow, Disclosure, LeadDraft, LeadRefused
from hotline.leads.gating import Person
from hotline.leads.ladders import band_of, is_within, region_of
from hotline.leads.publish import publish
from hotline.leads.tables import lead_sources, leads, waiting_leads
from hotline.leads.waiting import told_of
from hotline.leads.wording import Fact
from hotline.migrations import create_all
from hotline.reports.tables import reports
from hotline.store import Session, Store, new_id

COUNTRY, AREAS = "RO", ("RO-CJ", "RO-AB", "RO-TM")
K, NOBODY_IS_GUESSED = 5, 5
KNOWN = 0.8
_FIRST = datetime(2026, 1, 1, 8, tzinfo=UTC)
_WAIT = (6, 30)
_LANGUAGES = {
    "ro": 50, "hu": 14, "uk": 10, "ne": 8, "vi": 6, "bn": 4, "ar": 3, "tl": 2, "ti": 1, "am": 1, "lo": 1,
}  # fmt: skip
_HOMES = {
    "ro": "RO", "hu": "HU", "uk": "UA", "ne": "NP", "vi": "VN", "bn": "BD", "ar": "SY", "tl": "PH", "ti": "ER", "am": "ET",
    "lo": "LA",
}  # fmt: skip
_GENDERS = {"Feminine": 60, "Masculine": 38, "NonConforming": 2}
_CHANNELS = ("sms", "web", "whatsapp", "voice")
_FACTS = ("person_language", "nationality", "age", "gender", "minor")
_STAFF = "a" * 32


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the country's people, as those know who look for the one that told."""

    number: int
    languages: tuple[str, ...]
    nationality: str
    age: int
    gender: str
    area: str
    town: str
    venue: str

    def is_told(self, told: Disclosure) -> bool:
        """Tell whether a lead could be of this one, by all that its fields say of a person and of the place."""
        theirs = {
            "person_language": self.languages,
            "nationality": (region_of(self.nationality),),
            "age_band": (band_of(self.age),),
            "gender": (self.gender,),
            "minor": ("yes" if self.age < 18 else "no",),
            "area": (self.area,),
            "town": (self.town,),
            "venue": (self.venue,),
        }
        said = {name: getattr(told, name) for name in theirs}
        return all(
            any(is_within(one, value) for one in theirs[name])
            for name, value in said.items()
            if value not in ("", "unknown")
        )


@dataclass(slots=True)
class Released:
    """A lead that left, as everybody can read it, and what only the desk knows of it."""

    told: Disclosure
    by: Somebody
    source: str
    is_warned: bool
    hours: float


@dataclass(slots=True)
class Line:
    """A hotline that serves the country, its people, and all that ever left."""

    store: Store
    rng: random.Random
    people: Sequence[Somebody]
    at: datetime = _FIRST
    of: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    came: dict[int, datetime] = field(default_factory=dict)
    released: list[Released] = field(default_factory=list)
    withheld: int = 0
    steps: list[Step] = field(default_factory=list)
    drafted: int = 0
    waits: dict[str, tuple[Somebody, str, bool]] = field(default_factory=dict)

    def at_venue(self, venue: str) -> list[Somebody]:
        return [one for one in self.people if one.venue == venue]

    def leads_of(self, source: str) -> list[Released]:
        return [lead for lead in self.released if lead.source == source]


def people_of(rng: random.Random, *, venues: int) -> list[Somebody]:
    """Return the people of a country: venues of one to forty, many of which take workers of one origin."""
    numbers, people = count(), []
    for venue in range(venues):
        area = rng.choice(AREAS)
        origin = _one_of(rng, _LANGUAGES)
        for _ in range(rng.choice((1, 2, 3, 4, rng.randint(5, 12), rng.randint(13, 40)))):
            language = origin if rng.random() < 0.6 else _one_of(rng, _LANGUAGES)
            second = (_one_of(rng, _LANGUAGES),) if rng.random() < 0.2 else ()
            people.append(
                Somebody(
                    number=next(numbers),
                    languages=tuple(dict.fromkeys((language, *second))),
                    nationality=_HOMES[language],
                    age=min(70, max(12, round(rng.gauss(26, 8)))),
                    gender=_one_of(rng, _GENDERS),
                    area=area,
                    town=f"{area} town {venue % 7}",
                    venue=f"venue {venue}",
                )
            )
    return people


def _one_of(rng: random.Random, shares: Mapping[str, int]) -> str:
    return rng.choices(tuple(shares), tuple(shares.values()))[0]


def play(
    store: Store,
    rng: random.Random,
    *,
    venues: int,
    reporters: int,
    twice: float = 0.0,
    seeded: int = 0,
    is_asked_of_venue: bool = False,
    k: int = K,
) -> Line:
    """Let *reporters* of a country report over a year, and a desk tell leads of it, as the real code lets it.

    *twice* is the share of those who come a second time by the same channel and are not known again. Of *seeded* others
    earlier leads told everything, as the rules would have let them in a greater country. With
    *is_asked_of_venue* the caseworker answers how many people at the venue could know, whatever the lead tells of the person.
    """
    line = Line(store, rng, people_of(rng, venues=venues))
    store.write(lambda session: agencies.admit(session, "Unit", [COUNTRY], at=_FIRST))
    known = rng.sample(line.people, min(reporters + seeded, len(line.people)))
    those, others = known[:reporters], known[reporters:]
    for one in others:
        _seed(line, one)
    days = sorted(rng.uniform(0, 330) for _ in those)
    for one, day in zip(those, days, strict=True):
        line.at = _FIRST + timedelta(days=day)
        line.came[one.number] = line.at
        line.of[one.number] = list(_reports(line, one, twice))
        for _ in range(rng.choice((1, 1, 2, 3))):
            line.at += timedelta(hours=rng.uniform(1, 48))
            _tell(line, one, k, is_asked_of_venue=is_asked_of_venue)
        _release(line, k)
    line.at += timedelta(hours=_WAIT[1] + 1)
    _release(line, k)
    return line


def _seed(line: Line, one: Somebody) -> None:
    """Let an earlier lead have told all of somebody, at the venue."""
    (report_id, _), *_ = _reports(line, one, 0.0)
    told = Person.of(coarse(draft_of(line.rng, one, share=1.0, finest=3)))
    lead = {
        "id": (lead_id := new_id()),
        "country": COUNTRY,
        "day": f"{line.at:%Y-%m-%d}",
        "recalled_day": "",
        "by": _STAFF,
        "is_for_all": True,
        "theme": "labour",
        "tlp": "amber",
        "k": K,
        "could_know": CouldKnow.MANY,
        "told": {},
        "item": "",
    }
    source = {
        "lead_id": lead_id,
        "report_id": report_id,
        "ground": "bystander",
        "grant_id": "",
        "confirmed_by": _STAFF,
        "person": told.to_json(),
    }

    def keep(session: Session) -> None:
        session.execute(insert(leads), lead)
        session.execute(insert(lead_sources), source)

    line.store.write(keep)


def _reports(line: Line, one: Somebody, twice: float) -> Iterator[tuple[str, str]]:
    """Keep what one person tells by one to three channels; staff know them again and merge it, or not.

    Yields each report with the source that the desk takes it for.
    """
    rng, root = line.rng, ""
    channels = rng.sample(_CHANNELS, rng.choice((1, 1, 1, 2, 3)))
    if rng.random() < twice:
        channels.append(channels[0])
    for channel in channels:
        report_id = new_id()
        joined = root if root and rng.random() < 0.5 else None
        row = {
            "id": report_id,
            "desk": "main",
            "channel": channel,
            "locale": "en",
            "locale_is_chosen": False,
            "language": one.languages[0],
            "country": COUNTRY,
            "day": f"{line.at:%Y-%m-%d}",
            "status": "open",
            "urgency": 2,
            "minor": one.age < 18,
            "bystander": True,
            "needs": [],
            "indicators": [],
            "rules": [],
            "messages": 1,
            "unanswered": False,
            "is_opened": True,
            "joined_to": joined,
        }
        line.store.write(partial(_keep, row, line.at))
        root = root or report_id
        yield report_id, joined or report_id


def _keep(row: Mapping[str, Any], at: datetime, session: Session) -> None:
    """Keep a report, and for a child's that two of staff decided that it may be told."""
    session.execute(insert(reports), dict(row))
    if row["minor"]:
        decided = {
            "id": new_id(),
            "report_id": row["id"],
            "purpose": Purpose.LEAD,
            "recipient": INVESTIGATORS,
            "fields": list(FIELDS),
            "replaces_yes": True,
            "proposed_by": _STAFF,
            "proposed_day": f"{at:%Y-%m-%d}",
            "proposed_sealed": b"",
            "agreed_by": _STAFF,
            "agreed_day": f"{at:%Y-%m-%d}",
        }
        session.execute(insert(best_interests), decided)


def _tell(line: Line, one: Somebody, k: int, *, is_asked_of_venue: bool) -> None:
    """Draft a lead of what somebody told, as finely as a caseworker may like it, and let the rules have their way."""
    report_id, source = line.rng.choice(line.of[one.number])
    line.drafted += 1
    with line.store.read() as session:
        draft, steps = cheapest(session, report_id, draft_of(line.rng, one), k=k, at=line.at)
    line.steps += steps
    draft = _answered(line, one, source, draft, is_asked_of_venue=is_asked_of_venue)
    mine: dict[str, Any] = {
        "report_id": report_id,
        "by": _STAFF,
        "confirmed_by": _STAFF,
        "at": line.at,
        "k": k,
    }

    def let_out(session: Session) -> str:
        return publish(session, draft, wait=_WAIT, **mine)

    try:
        lead_id = line.store.write(let_out)
    except LeadRefused as refused:
        line.withheld += 1
        if not refused.facts <= {Fact.COULD_KNOW, Fact.FEW}:
            raise
    else:
        line.waits[lead_id] = (one, source, draft.could_know is not CouldKnow.MANY)


def draft_of(
    rng: random.Random, one: Somebody, *, share: float = 0.45, finest: int | None = None
) -> LeadDraft:
    facts: dict[str, Any] = {
        "person_language": one.languages[0],
        "nationality": one.nationality,
        "age": one.age,
        "gender": one.gender,
        "minor": one.age < 18,
    }
    told = {name: facts[name] for name in _FACTS if rng.random() < share}
    finest = rng.choice((0, 0, 1, 2, 3)) if finest is None else finest
    places: dict[str, Any] = dict(
        list({"area": one.area, "town": one.town, "venue": one.venue}.items())[:finest]
    )
    return LeadDraft(
        country=COUNTRY,
        seen=_FIRST.date(),
        summary="People work without pay and somebody keeps their papers.",
        exploitation=("ForcedLabour",),
        control=("WithholdsDocuments",),
        **told,
        **places,
    )


def _answered(
    line: Line, one: Somebody, source: str, draft: LeadDraft, *, is_asked_of_venue: bool
) -> LeadDraft:
    """Return *draft* with a true answer to how many could know, and the person's yes to be guessed, which few give."""
    told = [coarse(draft), *(lead.told for lead in line.leads_of(source)), *_waiting(line, source)]
    there = line.at_venue(one.venue)
    fitting = [other for other in there if is_asked_of_venue or _fits_all(other, told)]
    if len(fitting) >= NOBODY_IS_GUESSED:
        return replace(draft, could_know=CouldKnow.MANY)
    could_know = CouldKnow.ONE if len(fitting) == 1 else CouldKnow.FEW
    return replace(draft, could_know=could_know, warned=line.rng.random() < 0.3)


def _waiting(line: Line, source: str) -> list[Disclosure]:
    mine = [lead_id for lead_id, (_, its, _) in line.waits.items() if its == source]
    with line.store.read() as session:
        its = select(waiting_leads.c.told).where(waiting_leads.c.lead_id.in_(mine))
        return [told_of(told) for told in session.execute(its).scalars()]


def _fits_all(one: Somebody, told: Sequence[Disclosure]) -> bool:
    return all(one.is_told(each) for each in told)


def _release(line: Line, k: int) -> None:
    """Let out what is due by now, each in its own moment."""
    with line.store.read() as session:
        rows = session.execute(select(waiting_leads).order_by(waiting_leads.c.due)).all()
    for row in rows:
        due = datetime.fromtimestamp(row.due / 1000, UTC)
        if due > line.at:
            continue

        def release(session: Session, its_id: str = row.id, at: datetime = due) -> None:
            waiting.release(session, its_id, k=k, at=at)

        line.store.write(release)
        with line.store.read() as session:
            told = session.execute(
                select(leads.c.told).where(leads.c.id == row.lead_id)
            ).scalar_one_or_none()
        by, source, is_warned = line.waits.pop(row.lead_id)
        if told:
            line.released.append(
                Released(
                    told_of(told),
                    by,
                    source,
                    is_warned,
                    (due - line.came[by.number]) / timedelta(hours=1),
                )
            )
        else:
            line.withheld += 1


@dataclass(frozen=True, slots=True)
class Found:
    """How probably somebody is picked: of all leads (or people) the *worst*, and the *mean*."""

    worst: float
    mean: float

    @classmethod
    def of(cls, each: Sequence[float]) -> "Found":
        return cls(max(each, default=0.0), sum(each) / len(each) if each else 0.0)


def tells_of_person(told: Disclosure) -> bool:
    return any(
        (told.person_language, told.nationality, told.age_band, told.gender, told.minor == "yes")
    )


def outsider(line: Line, united: Sequence[Sequence[Released]]) -> Found:
    """Match what leads that came of one person tell, where any tells of a person.

    Whoever knows four in five picks, over all samples, no better than one in all who fit: that is what counts.
    """
    chances = [
        1 / sum(_fits_all(other, told) for other in line.people)
        for its in united
        if any(map(tells_of_person, told := [lead.told for lead in its]))
    ]
    return Found.of(chances)


def one_by_one(line: Line) -> list[list[Released]]:
    return [[lead] for lead in line.released]


def by_source(line: Line) -> list[list[Released]]:
    """Return the leads of each source, as the desk knows which reports are of one person."""
    return _grouped(line, lambda lead: lead.source)


def by_person(line: Line) -> list[list[Released]]:
    """Return the leads of each person, also of reports that nobody knows to be of one."""
    return _grouped(line, lambda lead: str(lead.by.number))


def _grouped(line: Line, key: Callable[[Released], str]) -> list[list[Released]]:
    groups: dict[str, list[Released]] = defaultdict(list)
    for lead in line.released:
        groups[key(lead)].append(lead)
    return list(groups.values())


def outsider_who_samples(line: Line, rng: random.Random, *, rounds: int) -> float:
    """Return how often the outsider is right, who picks among those of the four in five whom all leads of a source fit."""
    right = tries = 0
    for its in by_source(line):
        told = [lead.told for lead in its]
        if not any(map(tells_of_person, told)):
            continue
        fitting = [one for one in line.people if _fits_all(one, told)]
        for _ in range(rounds):
            known = [one for one in fitting if rng.random() < KNOWN]
            tries += 1
            right += bool(known) and rng.choice(known) == its[0].by
    return right / tries if tries else 0.0


def outsider_by_place(line: Line) -> Found:
    """Match by the place alone, where nobody was told that they may be guessed."""
    chances = [
        1 / sum(other.is_told(lead.told) for other in line.people)
        for lead in line.released
        if lead.told.area and not lead.is_warned
    ]
    return Found.of(chances)


def insider(line: Line, united: Sequence[Sequence[Released]], *, is_warned: bool = False) -> Found:
    """Match whom leads fit at the venue: its people know what happened there when they read of it."""
    chances = []
    for its in united:
        if any(lead.is_warned for lead in its) is is_warned:
            told, there = [lead.told for lead in its], line.at_venue(its[0].by.venue)
            chances.append(1 / sum(_fits_all(other, told) for other in there))
    return Found.of(chances)


def seen_texting(line: Line) -> Found:
    """Match by time alone who was seen to text us: of all who did so in the hours before, within which a lead can wait."""
    chances = []
    for lead in line.released:
        left = line.came[lead.by.number] + timedelta(hours=lead.hours)
        span = (left - timedelta(hours=_WAIT[1] + 3 * 48), left - timedelta(hours=_WAIT[0]))
        chances.append(1 / max(1, sum(span[0] <= came <= span[1] for came in line.came.values())))
    return Found.of(chances)


def measure() -> dict[str, float]:
    """Return how probably anybody is found in a country of some thousands, of whom hundreds report."""
    rng = random.Random(2026)
    figures: dict[str, float] = {}
    countries: dict[str, dict[str, Any]] = {
        "": {"venues": 300, "reporters": 200},
        "; much was told before": {"venues": 120, "reporters": 160, "seeded": 300},
        "; a fifth come twice": {"venues": 200, "reporters": 160, "twice": 0.2},
        "; few people": {"venues": 12, "reporters": 60},
        "; asked of all at the venue": {"venues": 200, "reporters": 160, "is_asked_of_venue": True},
    }
    for name, terms in countries.items():
        with tempfile.TemporaryDirectory(prefix="hotline") as folder:
            store = Store(f"sqlite:///{Path(folder) / 'hotline.db'}")
            create_all(store)
            line = play(store, rng, **terms)
            store.close()
        figures |= {f"{what}{name}": value for what, value in figures_of(line, rng).items()}
    return figures


def figures_of(line: Line, rng: random.Random) -> dict[str, float]:
    alone, sources, persons = one_by_one(line), by_source(line), by_person(line)
    told = [lead.told for lead in line.released]
    return {
        "leads drafted": line.drafted,
        "leads released": len(told),
        "leads withheld": line.withheld,
        "leads that tell of the person, %": 100 * _share(map(tells_of_person, told)),
        "leads that tell an area or finer, %": 100 * _share(bool(one.area) for one in told),
        "facts told more coarsely or left out, a draft": len(line.steps) / max(1, line.drafted),
        "outsider, of one lead: worst": outsider(line, alone).worst,
        "outsider, of one lead: mean": outsider(line, alone).mean,
        "outsider, of all of a source: worst": outsider(line, sources).worst,
        "outsider, of all of a source: mean": outsider(line, sources).mean,
        "outsider who knows four in five is right": outsider_who_samples(line, rng, rounds=50),
        "outsider, by the place alone: worst": outsider_by_place(line).worst,
        "insider, of all of a source: worst": insider(line, sources).worst,
        "insider, of all of a source: mean": insider(line, sources).mean,
        "beyond: outsider, of reports nobody merged: worst": outsider(line, persons).worst,
        "beyond: insider, of reports nobody merged: worst": insider(line, persons).worst,
        "beyond: insider, the person was told: worst": insider(line, sources, is_warned=True).worst,
        "beyond: seen texting, by time alone: worst": seen_texting(line).worst,
        "beyond: seen texting, by time alone: mean": seen_texting(line).mean,
    }


def _share(of: Iterable[bool]) -> float:
    each = list(of)
    return sum(each) / max(1, len(each))
