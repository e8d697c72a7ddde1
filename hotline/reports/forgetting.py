from sqlalchemy import delete, select

from hotline.domain.report import Status
from hotline.reports.counting import moved
from hotline.reports.tables import messages, reports, threads
from hotline.store import Session


def forget(session: Session, report_id: str) -> None:
    """Delete a report, its messages and by what its sender is known again; it counts as open no more."""
    rows = reports.c
    found = session.execute(
        select(rows.desk, rows.status, rows.urgency).where(rows.id == report_id)
    ).one_or_none()
    if found is not None and found.status == Status.OPEN:
        moved(session, found.desk, found.urgency, None)
    for table in (threads, messages):
        session.execute(delete(table).where(table.c.report_id == report_id))
    session.execute(delete(reports).where(rows.id == report_id))
