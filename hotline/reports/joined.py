"""Reports of one person that were merged: each keeps its own records, and one of them, the root, is worked on for all."""

from sqlalchemy import Row, func, or_, select, update

from hotline.errors import NotFound
from hotline.reports.tables import reports
from hotline.store import Session


def family(session: Session, report_id: str) -> tuple[str, ...]:
    """Return the ids of a report and of those that are merged with it, in an order that is the same for everybody."""
    rows = reports.c
    root = select(func.coalesce(rows.joined_to, rows.id)).where(rows.id == report_id)
    its = root.scalar_subquery()
    found = select(rows.id).where(or_(rows.id == its, rows.joined_to == its)).order_by(rows.id)
    return tuple(session.execute(found).scalars())


def root_of(session: Session, report_id: str) -> str:
    """Return where the work on a report is done: the one that it was merged into, or itself."""
    rows = reports.c
    root = select(func.coalesce(rows.joined_to, rows.id)).where(rows.id == report_id)
    return session.execute(root).scalar_one_or_none() or report_id


def lock_family(session: Session, report_id: str, *, desk: str | None = None) -> tuple[str, ...]:
    """Keep everybody else from changing a report and what is merged with it, until this transaction ends.

    Returns the ids of all of them, in an order that is the same for everybody.

    Raises:
        NotFound: there is no such report, or it is none of *desk*.
    """
    rows, ids = reports.c, family(session, report_id)
    while True:
        its = select(rows.id, rows.desk).where(rows.id.in_(ids)).order_by(rows.id)
        desks = {row.id: row.desk for row in session.execute(its.with_for_update())}
        if report_id not in desks or desk not in (None, desks[report_id]):
            raise NotFound(ref=report_id)
        now = family(session, report_id)
        # Until all were locked another may have been merged with them.
        if set(now) <= set(ids):
            return now
        ids = now


def doubt(session: Session, report_id: str) -> None:
    """Say of a report, and of those that are merged with it, that somebody else may be writing."""
    its = reports.c.id.in_(family(session, report_id))
    session.execute(update(reports).where(its).values(duress=True))


def joined(session: Session, report_id: str) -> list[Row[str, int]]:
    """Return id and number of messages of each report that is merged into one."""
    rows = reports.c
    query = select(rows.id, rows.messages).where(rows.joined_to == report_id).order_by(rows.id)
    return list(session.execute(query).all())


def messages_joined(session: Session, report_id: str) -> int:
    """Return how many messages the reports have that are merged into one."""
    return sum(row.messages for row in joined(session, report_id))
