"""What came of a lead, as its readers say: looked at, used, false, a duplicate; and the little of it that the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from hotline import audit, consent
from hotline.domain.report import day
from hotline.errors import Malformed, NotFound
from hotline.leads.tables import agencies, lead_outcomes, lead_releases, lead_sources
from hotline.store import Session

SETTLES = timedelta(days=30)
"""So long the person hears nothing: whoever watches them then cannot tell by the day what it came from."""


class Outcome(StrEnum):
    LOOKING = "looking"
    USED = "used"
    FALSE = "false"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Said:
    """What one agency said last; *may_tell* is whether the person may hear that something came of it."""

    agency_id: str
    agency: str
    outcome: str
    may_tell: bool
    day: str


def say(
    session: Session,
    agency_id: str,
    lead_id: str,
    outcome: str,
    *,
    may_tell: bool = False,
    by: str,
    at: datetime,
) -> None:
    """Keep what an agency says of a lead that it was told, also since it was recalled, in place of what it said before.

    Raises:
        Malformed: there is no such outcome.
        NotFound: it was told no such lead.
    """
    if outcome not in [known.value for known in Outcome]:
        raise Malformed("there is no such outcome")
    told = (lead_releases.c.agency_id == agency_id, lead_releases.c.lead_id == lead_id)
    if session.execute(select(lead_releases.c.added).where(*told)).first() is None:
        raise NotFound(ref=lead_id)
    rows = lead_outcomes.c
    before = (rows.agency_id == agency_id, rows.lead_id == lead_id)
    session.execute(delete(lead_outcomes).where(*before))
    row = {"agency_id": agency_id, "lead_id": lead_id, "outcome": outcome, "day": day(at)}
    # Only that it was of use is ever told: who hears that they were not believed does not come back.
    row_may_tell = may_tell and outcome == Outcome.USED
    session.execute(insert(lead_outcomes), {**row, "may_tell": row_may_tell})
    audit.record(
        session, at=at, who=by, did="lead_outcome", what=f"{lead_id} {agency_id} {outcome}"
    )


def of_lead(session: Session, lead_id: str) -> Sequence[Said]:
    """Return what agencies said of a lead."""
    rows = lead_outcomes.c
    query = (
        select(rows.agency_id, agencies.c.name, rows.outcome, rows.may_tell, rows.day)
        .join(agencies, agencies.c.id == rows.agency_id)
        .where(rows.lead_id == lead_id)
        .order_by(agencies.c.name, agencies.c.id)
    )
    return [Said(*row) for row in session.execute(query)]


def tell_nobody(session: Session, lead_id: str) -> None:
    """Forget that the person may hear what came of a lead whose report ends."""
    its = update(lead_outcomes).where(lead_outcomes.c.lead_id == lead_id)
    session.execute(its.values(may_tell=False))


def something_came(session: Session, report_id: str, *, at: datetime) -> bool:
    """Tell whether the person behind a report may see that something came of it; never while we doubt who looks."""
    rows = lead_outcomes.c
    used = (rows.outcome == Outcome.USED, rows.may_tell, rows.day <= day(at - SETTLES))
    query = (
        select(rows.lead_id)
        .join(lead_sources, lead_sources.c.lead_id == rows.lead_id)
        .where(lead_sources.c.report_id == report_id, *used)
        .limit(1)
    )
    if session.execute(query).first() is None:
        return False
    return not consent.case_of(session, report_id).is_doubted
