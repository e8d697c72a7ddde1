"""How the jobs stand, by kind, for those who run the house: how many wait, how many are late, how many fail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from hotline.jobs.tables import jobs
from hotline.store import Session, UtcTime

LATE = timedelta(minutes=10)
"""A job that was due before is late: workers look every few seconds."""

MOST = 10_000
"""So many jobs are looked at, those that are due first."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """Jobs of one *name*: *tries* is how often the one in most trouble failed, *due_at* when the next is due."""

    name: str
    count: int
    late: int
    failing: int
    tries: int
    due_at: datetime


def kinds(session: Session, *, at: datetime) -> tuple[JobKind, ...]:
    """Return what waits, by kind."""
    rows = jobs.c
    some = select(rows.name, rows.due_at, rows.tries).order_by(rows.due_at, rows.id).limit(MOST)
    its = some.subquery().c
    is_late, is_failing = its.due_at <= at - LATE, its.tries > 0
    query = select(
        its.name,
        func.count(),
        func.sum(case((is_late, 1), else_=0)),
        func.sum(case((is_failing, 1), else_=0)),
        func.max(its.tries),
        func.min(its.due_at, type_=UtcTime()),
    ).group_by(its.name)
    return tuple(JobKind(*row) for row in session.execute(query.order_by(its.name)))
