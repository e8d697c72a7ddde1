"""Open reports that nobody has touched for long: shown to a supervisor, never ended by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import literal, select, tuple_

from hotline.domain.report import Status, day
from hotline.domain.urgency import Urgency
from hotline.reports.tables import messages, reports
from hotline.retention.rules import Kind, rules
from hotline.store import Ids, Session, UtcTime, unless


@dataclass(frozen=True, slots=True)
class Idle:
    """An open report, and since when nobody answered in it or wrote in it."""

    report_id: str
    since: datetime


def idle(
    session: Session,
    desk: str,
    *,
    at: datetime,
    after: str = "",
    limit: int = 50,
    hidden: Ids | None = None,
) -> list[Idle]:
    """Return up to *limit* open reports of *desk* that lie untouched for as long as its rule says, oldest first."""
    edge = at - timedelta(days=rules(session, desk)[Kind.IDLE])
    rows = reports.c
    touched = (
        select(messages.c.seq)
        .where(messages.c.report_id == rows.id, messages.c.day > day(edge))
        .exists()
    )
    # Named one by one, the ranks are four ranges of the queue's index, and nothing else is read.
    ranks = rows.urgency.in_([urgency.rank for urgency in Urgency])
    seen = (rows.desk == desk, unless(rows.id, hidden))
    query = select(rows.id, rows.waiting_since).where(
        *seen, rows.status == Status.OPEN, ranks, rows.waiting_since <= edge, ~touched
    )
    since = session.execute(
        select(rows.waiting_since).where(rows.id == after, *seen)
    ).scalar_one_or_none()
    if since is not None:
        place = tuple_(literal(since, UtcTime()), literal(after))
        query = query.where(tuple_(rows.waiting_since, rows.id) > place)
    found = session.execute(query.order_by(rows.waiting_since, rows.id).limit(limit))
    return [Idle(row.id, row.waiting_since) for row in found]
