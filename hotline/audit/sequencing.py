"""Give waiting lines their numbers, in batches, by one sequencer at a time.

A line about no report is numbered at once. One about a report waits until its hour is over, one about a message of
it, or by its reporter, until its day is, and is then put in the order of its time and a random id: so the order of the log tells no more
than its time does.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, insert, or_, text

from hotline.audit.entry import BY_DAY, REPORTER, Line, lines_in, row_of
from hotline.audit.tables import audit_log, audit_waiting
from hotline.audit.tiles import append, size_of
from hotline.store import Session

BATCH = 200
"""Few enough that nobody who writes on SQLite waits for more than a moment."""

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# Whoever begins a transaction at the end of an hour commits it a little later.
_LATE = timedelta(minutes=5)
_ONE_AT_A_TIME = 0x486F746C696E65
"""Key of PostgreSQL's advisory lock: numbers must follow one another without a gap."""


def sequence(
    session: Session, *, at: datetime, limit: int = BATCH, is_patient: bool = False
) -> int:
    """Number up to *limit* lines and return how many it were.

    Where another process is numbering, this one gives way and returns 0; with *is_patient* it waits for it.
    """
    if not _is_alone(session, is_patient=is_patient):
        return 0
    lines = [Line(*row) for row in session.execute(_ripe(at).limit(limit))]
    if not lines:
        return 0
    first = size_of(session) + 1
    rows = [row_of(line, n=n) for n, line in enumerate(lines, start=first)]
    session.execute(insert(audit_log), rows)
    append(session, [line.leaf() for line in lines])
    arrivals = [line.arrival for line in lines]
    for start in range(0, len(arrivals), 500):
        some = arrivals[start : start + 500]
        session.execute(delete(audit_waiting).where(audit_waiting.c.arrival.in_(some)))
    return len(lines)


def _ripe(at: datetime) -> Select[Any]:
    """Return the query for the lines whose turn it is."""
    tells_the_hour = and_(audit_waiting.c.did.not_in(BY_DAY), audit_waiting.c.who != REPORTER)
    ripe = or_(
        audit_waiting.c.report_id == "",
        and_(tells_the_hour, audit_waiting.c.at <= at - _HOUR - _LATE),
        audit_waiting.c.at <= at - _DAY - _LATE,
    )
    return lines_in(audit_waiting).where(ripe).order_by(audit_waiting.c.at, audit_waiting.c.id)


def _is_alone(session: Session, *, is_patient: bool) -> bool:
    """Hold the sequencer's lock until the transaction ends. SQLite has one writer anyway."""
    if session.dialect.name != "postgresql":
        return True
    if is_patient:
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        return True
    taken = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool(session.execute(taken, {"key": _ONE_AT_A_TIME}).scalar_one())
