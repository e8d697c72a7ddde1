"""What the law asked about a report goes when the report does."""

from sqlalchemy import delete

from hotline.retention.tables import duties, holds, legal_processes
from hotline.store import Session


def forget(session: Session, report_id: str) -> None:
    """Delete what the law asked about a report that is being erased: no hold stands any more."""
    for table in (legal_processes, holds, duties):
        session.execute(delete(table).where(table.c.report_id == report_id))
