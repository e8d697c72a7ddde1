"""Whose a report is."""

from sqlalchemy import select

from hotline.reports.tables import reports
from hotline.store import Session


def desk_of(session: Session, report_id: str) -> str:
    """Return the desk that a report belongs to; empty when it is no more."""
    query = select(reports.c.desk).where(reports.c.id == report_id)
    return session.execute(query).scalar_one_or_none() or ""
