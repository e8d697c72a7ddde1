"""What was told on the ground of a consent, and since when it counts no more: for the person who gave it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from hotline.leads.tables import lead_sources, leads
from hotline.store import Session


@dataclass(frozen=True, slots=True)
class Told:
    """The *day* on which a first lead left, and the day on which the last was recalled: empty while one stands."""

    day: str
    recalled_day: str


def told_with_consents(session: Session, report_id: str) -> dict[str, Told]:
    """Return what was told of a report, by the id of the consent that it rests on."""
    its = leads.c
    query = (
        select(
            lead_sources.c.consent_id,
            func.min(its.day).label("day"),
            # An empty day comes before every other.
            func.min(its.recalled_day).label("standing"),
            func.max(its.recalled_day).label("recalled"),
        )
        .join(lead_sources, lead_sources.c.lead_id == its.id)
        .where(lead_sources.c.report_id == report_id, lead_sources.c.consent_id != "")
        .group_by(lead_sources.c.consent_id)
    )
    return {
        row.consent_id: Told(row.day, row.recalled if row.standing else "")
        for row in session.execute(query)
    }
