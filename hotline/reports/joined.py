"""Reports of one person that were merged: each keeps its own records, and one of them, the root, is worked on for all."""

from sqlalchemy import Row, func, or_, select

from hotline.reports.tables import reports
from hotline.store import Session


def family(session: Session, report_id: str) -> tuple[str, ...]:
    """Return the ids of a report and of those that are merged with it, in an order that is the same for everybody."""
    rows = reports.c
    root = select(func.coalesce(rows.joined_to, rows.id)).where(rows.id == report_id)
    its = root.scalar_subquery()
    found = select(rows.id).where(or_(rows.id == its, rows.joined_to == its)).order_by(rows.id)
    return tuple(session.execute(found).scalars())


def joined(session: Session, report_id: str) -> list[Row[str, int]]:
    """Return id and number of messages of each report that is merged into one."""
    rows = reports.c
    query = select(rows.id, rows.messages).where(rows.joined_to == report_id).order_by(rows.id)
    return list(session.execute(query).all())


def messages_joined(session: Session, report_id: str) -> int:
    """Return how many messages the reports have that are merged into one."""
    return sum(row.messages for row in joined(session, report_id))
