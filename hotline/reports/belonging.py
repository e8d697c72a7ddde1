"""Whose a report is, whether it is doubted who acts, and that it stays so while something is done with it."""

from sqlalchemy import select

from hotline.errors import NotFound
from hotline.reports.tables import reports
from hotline.store import Session


def desk_of(session: Session, report_id: str) -> str:
    """Return the desk that a report belongs to; empty when it is no more."""
    query = select(reports.c.desk).where(reports.c.id == report_id)
    return session.execute(query).scalar_one_or_none() or ""


def is_doubted(session: Session, report_id: str) -> bool:
    """Tell whether staff doubt that it is the person who acts."""
    query = select(reports.c.duress).where(reports.c.id == report_id)
    return bool(session.execute(query).scalar_one_or_none())


def lock(session: Session, report_id: str, *, desk: str | None = None) -> str:
    """Keep everybody else from changing a report until this transaction ends, and return its desk.

    Raises:
        NotFound: there is no such report, or it is none of *desk*.
    """
    query = select(reports.c.desk).where(reports.c.id == report_id).with_for_update()
    found: str | None = session.execute(query).scalar_one_or_none()
    if found is None or desk not in (None, found):
        raise NotFound(ref=report_id)
    return found
