"""Who may be told a lead: what consent decides for each agency, as the desk shows it before anything leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline.consent import INVESTIGATORS, Case, Decision, Grant, Purpose, Recipient, Why
from hotline.consent.case import Ground
from hotline.console.choices import why_excluded
from hotline.leads import agencies
from hotline.leads.agency import Agency
from hotline.leads.codes import Theme, Tlp
from hotline.leads.recipients import whom
from hotline.store import Session


@dataclass(frozen=True, slots=True)
class Judged:
    """One agency and what was decided; *excluded* is why it must not reach them, where that decided.

    *is_admitted* unless it was not for leads of that theme or marking.
    """

    agency: Agency
    decision: Decision
    excluded: str
    is_admitted: bool = True

    @property
    def may(self) -> bool:
        """Tell whether it may be told."""
        return bool(self.decision) and self.is_admitted


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can be said before a lead is written: for whom a yes stands, or why none does."""

    decision: Decision
    grant: Grant | None
    agencies: tuple[Judged, ...]

    @property
    def is_bystanders(self) -> bool:
        """Tell whether somebody who only saw it told us; a member of staff must then confirm that."""
        return self.decision.ground is Ground.BYSTANDER


def judged(
    session: Session,
    case: Case,
    country: str,
    fields: Iterable[str],
    *,
    at: datetime,
    theme: Theme | None = None,
    tlp: Tlp = Tlp.STRICT,
) -> tuple[Judged, ...]:
    """Return every agency of *country* with what was decided on telling it *fields*, in a lead of that theme if one is known."""
    named = tuple(fields)
    made = []
    for agency in agencies.of_country(session, country):
        recipient = whom(agency)
        decision = case.may(recipient, named, at=at)
        excluded = why_excluded(case, [recipient]) if decision.why is Why.EXCLUDED else ""
        is_admitted = theme is None or agency.may_be_told(country, theme, tlp)
        made.append(Judged(agency, decision, excluded, is_admitted))
    return tuple(made)


def outlook(session: Session, case: Case, country: str, *, at: datetime) -> Outlook:
    """Return what is decided already, whatever a lead of *country* would tell."""
    known = judged(session, case, country, (), at=at)
    group = Recipient(Purpose.LEAD, INVESTIGATORS, frozenset({country}))
    everyone = case.may(group, (), at=at)
    best = min((everyone, *(one.decision for one in known)), key=_weight)
    grant = next((one for one in case.grants if one.id == best.grant_id), None)
    return Outlook(best, grant, known)


def not_agreed(case: Case, agency: Agency, fields: Iterable[str], *, at: datetime) -> list[str]:
    """Return which of *fields* the person did not agree that *agency* is told."""
    recipient = whom(agency)
    return [
        name for name in fields if case.may(recipient, (name,), at=at).why is Why.NOT_IN_CONSENT
    ]


_ORDER = (None, Why.ASK_AGAIN, Why.TAKEN_BACK, Why.ENDED)


def _weight(decision: Decision) -> int:
    """Return less for what tells more: a yes before a yes that once was, and that before none at all."""
    if decision.why in _ORDER:
        return _ORDER.index(decision.why)
    return len(_ORDER) + (decision.why is Why.NO_CONSENT)
