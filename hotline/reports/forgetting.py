"""A report goes: its rows, and its place among what is counted."""

from sqlalchemy import delete, select

from hotline.domain.report import Status
from hotline.reports.counting import moved, stepped_aside
from hotline.reports.tables import messages, reports, threads
from hotline.store import Session


def forget(session: Session, report_id: str) -> None:
    """Delete a report, its messages and by what its sender is known again; it is counted nowhere any more."""
    rows = reports.c
    its = select(rows.desk, rows.status, rows.alike, rows.language, rows.urgency)
    found = session.execute(its.where(rows.id == report_id)).one_or_none()
    if found is not None and found.status == Status.OPEN:
        moved(session, found.desk, found.urgency, None)
    if found is not None and found.status == Status.QUARANTINED:
        stepped_aside(
            session,
            found.desk,
            alike=found.alike,
            language=found.language,
            urgency=found.urgency,
            step=-1,
        )
    for table in (threads, messages):
        session.execute(delete(table).where(table.c.report_id == report_id))
    session.execute(delete(reports).where(rows.id == report_id))
