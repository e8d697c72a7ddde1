"""What others will see of a report: investigators in a lead, and each organization that was offered.

Made by the code that lets it out, so that whoever reviews an account sees what they answer for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from hotline import handoff
from hotline.consent import HANDOFF, INVESTIGATORS, Case, Purpose, Recipient
from hotline.console.allowed import outlook
from hotline.console.handing import ACCOUNT
from hotline.console.lead_forms import draft_of, first_form
from hotline.console.reading import Reading
from hotline.domain.identity import Label
from hotline.leads import agencies
from hotline.leads.codes import CODES
from hotline.leads.disclose import FIELDS, Disclosure, coarse
from hotline.leads.ladders import GENDERS
from hotline.leads.recipients import whom
from hotline.leads.tables import lead_sources, leads
from hotline.leads.wording import Fact
from hotline.store import Session
from hotline.triage.crowd import MANY, crowd

_COARSE = frozenset(
    {"country", "area", "month", "people", "person_language", "nationality", "age_band"}
)
"""Facts that leave coarser than somebody told them."""
UNSAID = "unsaid"
"""Why a fact is left out that nobody told, or that is written with the lead."""


@dataclass(frozen=True, slots=True)
class SeenFact:
    """A fact as the other reader gets it, or *why* it is left out; *is_coarse* where they get it coarser than we do."""

    name: str
    value: Any = ""
    why: str = ""
    is_coarse: bool = False


@dataclass(frozen=True, slots=True)
class InvestigatorSees:
    """*lead* is the id of the lead that left and stands, or empty while this is how one would begin.

    *why* decides against telling anything now. *others* counts the reports that it could be, where these are few.
    """

    facts: tuple[SeenFact, ...]
    why: str
    lead: str
    others: int
    told: Disclosure

    @property
    def is_rare(self) -> bool:
        return self.others < MANY


@dataclass(frozen=True, slots=True)
class ProviderSees:
    """One organization by the *name* of its service, empty before one was offered; *has_left* are facts it was told."""

    name: str
    facts: tuple[SeenFact, ...]
    has_left: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """Why they may be told nothing at all, where one reason decides about every fact."""
        whys = {fact.why for fact in self.facts}
        return whys.pop() if len(whys) == 1 else ""


def other_readers(
    session: Session, reading: Reading, case: Case, *, staff_id: str, at: datetime
) -> dict[str, Any]:
    """Return what the page of a report shows of them, with what its review chooses from."""
    return {
        "investigator": investigator_sees(session, reading, case, staff_id=staff_id, at=at),
        "providers": providers_see(session, reading, case, at=at),
        "codes_of": CODES,
        "genders": GENDERS,
        "span_labels": list(Label),
    }


def investigator_sees(
    session: Session, reading: Reading, case: Case, *, staff_id: str, at: datetime
) -> InvestigatorSees:
    """Return what left to investigators and stands, or else what a lead of this report would begin with."""
    facts = reading.facts
    lead, told = _standing(session, facts.id)
    if told is None:
        told = coarse(draft_of(first_form(facts, at), at))
    to = [whom(agency) for agency in agencies.of_country(session, told.country)]
    group = Recipient(Purpose.LEAD, INVESTIGATORS, frozenset({told.country}))
    why = outlook(session, case, told.country, at=at).decision.why or ""
    if not (reading.is_reviewed or lead):
        why = why or Fact.NOT_REVIEWED
    seen = tuple(
        _of_lead(told, name, case, to or [group], at, has_left=bool(lead)) for name in FIELDS
    )
    return InvestigatorSees(seen, why, lead, crowd(session, facts, staff_id=staff_id), told)


def providers_see(
    session: Session, reading: Reading, case: Case, *, at: datetime
) -> tuple[ProviderSees, ...]:
    """Return what each organization whose offer stands may be told now, or any of them where none was offered."""
    made = [one for one in handoff.offers(session, reading.facts.id) if one.stands]
    is_open = not reading.is_reviewed
    if not made:
        return (ProviderSees("", _of_handoff(case, "", is_open, at)),)
    return tuple(
        ProviderSees(
            one.service_name,
            _of_handoff(case, one.organization_id, is_open, at),
            one.fields,
        )
        for one in made
    )


def _standing(session: Session, report_id: str) -> tuple[str, Disclosure | None]:
    """Return the newest lead of a report that was not taken back, as it left."""
    rows = leads.c
    its = (lead_sources.c.report_id == report_id, rows.recalled_day == "")
    query = select(rows.id, rows.told).join(lead_sources, lead_sources.c.lead_id == rows.id)
    found = session.execute(query.where(*its).order_by(rows.day.desc(), rows.id).limit(1)).first()
    return ("", None) if found is None else (found.id, _as_told(found.told))


def _as_told(told: dict[str, Any]) -> Disclosure:
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    return Disclosure(**{**told, **lists})


def _of_lead(
    told: Disclosure,
    name: str,
    case: Case,
    to: Iterable[Recipient],
    at: datetime,
    *,
    has_left: bool,
) -> SeenFact:
    if name not in told.fields:
        return SeenFact(name, why=UNSAID)
    answers = [case.may(one, (name,), at=at) for one in to]
    if has_left or any(answers):
        return SeenFact(name, _value(told, name), is_coarse=name in _COARSE)
    return SeenFact(name, why=next(str(one.why) for one in answers))


def _value(told: Disclosure, name: str) -> Any:
    """Return what is told under the *name* that a consent lists."""
    if name == "selectors":
        return (*told.plates, *told.numbers, *told.handles)
    return told.seen if name == "day" else getattr(told, name)


def _of_handoff(
    case: Case, organization_id: str, is_open: bool, at: datetime
) -> tuple[SeenFact, ...]:
    recipient = handoff.whom(organization_id)
    return tuple(_told_to(case, recipient, name, is_open, at) for name in HANDOFF)


def _told_to(case: Case, recipient: Recipient, name: str, is_open: bool, at: datetime) -> SeenFact:
    why = case.may(recipient, (name,), at=at).why or ""
    if not why and is_open and name == ACCOUNT:
        why = Fact.NOT_REVIEWED
    return SeenFact(name, why=why)
