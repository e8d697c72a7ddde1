"""A year of a hotline that serves the country: reports come, leads are drafted, judged by the real code, and leave."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from hotline.leads import agencies, waiting
from hotline.leads.crowds import Step, cheapest
from hotline.leads.disclose import coarse
from hotline.leads.drafts import CouldKnow, Disclosure, LeadDraft, LeadRefused, told_of
from hotline.leads.gating import Person
from hotline.leads.publish import publish
from hotline.leads.sending import salt_of, sender
from hotline.leads.tables import lead_sources, leads, waiting_leads
from hotline.leads.wording import Fact
from hotline.operate.bench.attack.country import COUNTRY, Somebody, people_of
from hotline.operate.bench.attack.reporting import STAFF, comes
from hotline.store import Session, Store, new_id
from hotline.triage.reviews import is_reviewed

K, NOBODY_IS_GUESSED = 5, 5
WAIT = (6, 30)
LONGEST_AT_WORK = timedelta(hours=3 * 48)
"""How long after somebody reported their last lead is drafted."""

_FIRST = datetime(2026, 1, 1, 8, tzinfo=UTC)
_CHANNELS = ("sms", "web", "whatsapp", "voice")
_BEFORE = 40
"""How many days ago at most people saw what they tell."""
_FACTS = ("person_language", "nationality", "age", "gender", "minor")


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


def play(
    store: Store,
    rng: random.Random,
    *,
    venues: int,
    reporters: int,
    twice: float = 0.0,
    seeded: int = 0,
    days: float = 330,
    is_asked_of_venue: bool = False,
    k: int = K,
) -> Line:
    """Let *reporters* of a country report within *days*, and a desk tell leads of it, as the real code lets it.

    *twice* is the share of those who come a second time by the same channel and are not known again. Of *seeded* others
    earlier leads told everything, as the rules would have let them in a greater country. With
    *is_asked_of_venue* the caseworker answers how many people at the venue could know, whatever the lead tells of the person.
    """
    line = Line(store, rng, people_of(rng, venues=venues))
    store.write(lambda session: agencies.admit(session, "Unit", [COUNTRY], at=_FIRST))
    known = rng.sample(line.people, min(reporters + seeded, len(line.people)))
    those = known[:reporters]
    # Some of the others were told of before those of the year came, some meanwhile.
    turns = [(rng.uniform(0, days), n, one, n < len(those)) for n, one in enumerate(known)]
    for day, _, one, is_new in sorted(turns):
        line.at = _FIRST + timedelta(days=day)
        if not is_new:
            _seed(line, one)
            continue
        line.came[one.number] = line.at
        line.of[one.number] = list(_reports(line, one, twice))
        for _ in range(rng.choice((1, 1, 2, 3))):
            line.at += timedelta(hours=rng.uniform(1, 48))
            _tell(line, one, k, is_asked_of_venue=is_asked_of_venue)
        _release(line, k)
    line.at += timedelta(hours=WAIT[1] + 1)
    _release(line, k)
    return line


def _seed(line: Line, one: Somebody) -> None:
    """Let an earlier lead have told all of somebody, at the venue."""
    line.came[one.number] = line.at
    (report_id, _), *_ = _reports(line, one, 0.0)
    told = coarse(draft_of(line.rng, one, line.at, share=1.0, finest=3))
    lead = {
        "id": (lead_id := new_id()),
        "country": COUNTRY,
        "day": f"{line.at:%Y-%m-%d}",
        "recalled_day": "",
        "by": STAFF,
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
        "confirmed_by": STAFF,
    }

    def keep(session: Session) -> None:
        sender(session, at=line.at)
        person = Person.of(told, salt=salt_of(session)).to_json()
        session.execute(insert(leads), lead)
        session.execute(insert(lead_sources), {**source, "person": person})

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
        joined = root if root and rng.random() < 0.5 else None
        report_id = comes(
            line.store,
            channel,
            one.languages[0],
            at=line.at,
            is_childs=one.age < 18,
            joined=joined,
        )
        root = root or report_id
        yield report_id, joined or report_id


def _tell(line: Line, one: Somebody, k: int, *, is_asked_of_venue: bool) -> None:
    """Draft a lead of what somebody told, as finely as a caseworker may like it, and let the rules have their way."""
    report_id, source = line.rng.choice(line.of[one.number])
    line.drafted += 1
    with line.store.read() as session:
        whole = draft_of(line.rng, one, line.at)
        draft, steps = cheapest(session, report_id, whole, k=k, at=line.at)
    line.steps += steps
    draft = _answered(line, one, source, draft, is_asked_of_venue=is_asked_of_venue)
    mine: dict[str, Any] = {
        "report_id": report_id,
        "by": STAFF,
        "confirmed_by": STAFF,
        "at": line.at,
        "k": k,
    }

    def let_out(session: Session) -> str:
        return publish(session, draft, wait=WAIT, **mine)

    try:
        lead_id = line.store.write(let_out)
    except LeadRefused as refused:
        line.withheld += 1
        if not refused.facts <= {Fact.COULD_KNOW, Fact.FEW}:
            raise
    else:
        line.waits[lead_id] = (one, source, draft.could_know is not CouldKnow.MANY)


def draft_of(
    rng: random.Random,
    one: Somebody,
    at: datetime,
    *,
    share: float = 0.45,
    finest: int | None = None,
) -> LeadDraft:
    """Return what a caseworker may like to tell at *at* of what somebody saw in the weeks before."""
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
        seen=(at - timedelta(days=rng.uniform(0, _BEFORE))).date(),
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
    fitting = [other for other in there if is_asked_of_venue or fits_all(other, told)]
    if len(fitting) >= NOBODY_IS_GUESSED:
        return replace(draft, could_know=CouldKnow.MANY)
    could_know = CouldKnow.ONE if len(fitting) == 1 else CouldKnow.FEW
    return replace(draft, could_know=could_know, warned=line.rng.random() < 0.3)


def _waiting(line: Line, source: str) -> list[Disclosure]:
    mine = [lead_id for lead_id, (_, its, _) in line.waits.items() if its == source]
    with line.store.read() as session:
        its = select(waiting_leads.c.told).where(waiting_leads.c.lead_id.in_(mine))
        return [told_of(told) for told in session.execute(its).scalars()]


def fits_all(one: Somebody, told: Sequence[Disclosure]) -> bool:
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
            waiting.release(session, its_id, k=k, is_reviewed=is_reviewed, at=at)

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
