"""Whom somebody may be asked about: investigators, each agency, and organizations of the directory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotline import handoff
from hotline.consent import INVESTIGATORS, Purpose, Recipient
from hotline.consent.case import Case
from hotline.leads import agencies
from hotline.store import Session
from hotline.triage import ReportFacts
from referral.organizations import organization_names, organizations
from referral.shortlist import candidate

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One whom the page offers. *excluded* is why it must not reach them, empty where it may."""

    purpose: Purpose
    id: str
    name: str
    is_offered: bool = False
    excluded: str = ""

    @property
    def value(self) -> str:
        return f"{self.purpose} {self.id}"

    @property
    def is_group(self) -> bool:
        return self.id == INVESTIGATORS


def choices(
    session: Session, facts: ReportFacts, case: Case, *, named: str = "", also: str = ""
) -> list[Choice]:
    """Return whom to choose from: the organizations that were offered, those of that name, and *also* the one chosen."""
    offered = offered_organizations(session, facts.id)
    found = organizations(session, named=named, limit=MOST_FOUND) if named else ()
    wanted = dict.fromkeys(offered, "") | dict(found)
    if also:
        wanted |= {also: ""}
    names = organization_names(session, list(wanted))
    made = [
        Choice(Purpose.LEAD, INVESTIGATORS, ""),
        *(Choice(Purpose.LEAD, agency.id, agency.name) for agency in agencies.everyone(session)),
        *(
            Choice(Purpose.HANDOFF, key, names[key], key in offered)
            for key in wanted
            if key in names
        ),
    ]
    countries = {agency.id: frozenset(agency.countries) for agency in agencies.everyone(session)}
    countries[INVESTIGATORS] = frozenset({facts.country} - {""})
    return [_judged(one, case, countries.get(one.id, frozenset())) for one in made]


def offered_organizations(session: Session, report_id: str) -> list[str]:
    """Return the organizations whose services were offered for a report, in that order, each once."""
    found = (candidate(session, one.service_id) for one in handoff.offers(session, report_id))
    return list(dict.fromkeys(one.organization_id for one in found if one))


def recipient_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of agencies and organizations, by their ids."""
    wanted = set(ids)
    known = {one.id: one.name for one in agencies.everyone(session) if one.id in wanted}
    return known | organization_names(session, list(wanted - known.keys()))


def why_excluded(case: Case, recipients: Sequence[Recipient]) -> str:
    """Return why it must not reach any of *recipients* (the same one in several countries), or an empty text."""
    met = [[one for one in case.excluded if one.meets(each)] for each in recipients]
    return str(met[0][0].reason) if met and all(met) else ""


def _judged(choice: Choice, case: Case, countries: frozenset[str]) -> Choice:
    reason = why_excluded(case, [Recipient(choice.purpose, choice.id, countries)])
    return Choice(choice.purpose, choice.id, choice.name, choice.is_offered, reason)
