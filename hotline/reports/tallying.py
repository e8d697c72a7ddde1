"""How soon people were answered, and how work on their reports ended: counted by the month when it happens.

Afterwards nobody could count it: minutes are erased on closing. What is restricted, and what was merged into another
report, is counted nowhere.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.domain.report import Direction
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import Limits
from hotline.reports.tables import closings, first_answers, messages, reports
from hotline.store import Session

# A clock that shows as many minutes as are allowed is not over.
_MINUTE = timedelta(minutes=1)
_ANSWERED = exists().where(
    messages.c.report_id == reports.c.id,
    messages.c.direction == Direction.TO_REPORTER,
    messages.c.author != "",
)
_COUNTED = (
    reports.c.id == bindparam("its_id"),
    ~reports.c.restricted,
    reports.c.joined_to.is_(None),
)
_WAITING = select(reports.c.desk, reports.c.urgency, reports.c.waiting_since).where(
    *_COUNTED, reports.c.unanswered, reports.c.waiting_since.is_not(None), ~_ANSWERED
)
_ENDING = select(reports.c.desk).where(*_COUNTED)


def month(at: datetime) -> str:
    """Return the month of *at*, such as ``2026-11``."""
    return f"{at:%Y-%m}"


def answered(session: Session, report_id: str, *, limits: Limits, at: datetime) -> None:
    """Count a first answer by a person, in time or late. Whoever answers calls this before the answer is kept.

    An answer after the first counts no more, nor does one to a report that waits for none.
    """
    row = session.execute(_WAITING, {"its_id": report_id}).one_or_none()
    if row is None:
        return
    is_late = at - row.waiting_since >= limits.of(Urgency.of_rank(row.urgency)) + _MINUTE
    its = {"desk": row.desk, "month": month(at), "urgency": row.urgency}
    steps = {"in_time": int(not is_late), "late": int(is_late)}
    session.execute(_add(first_answers, session.dialect.name), {**its, **steps})


def concluded(session: Session, report_id: str, *, outcome: str, at: datetime) -> None:
    """Count a report that is closed as *outcome*, a code of `domain.outcome`; one that is closed again counts again."""
    desk = session.execute(_ENDING, {"its_id": report_id}).scalar_one_or_none()
    if desk is None:
        return
    its = {"desk": desk, "month": month(at), "outcome": outcome, "count": 1}
    session.execute(_add(closings, session.dialect.name), its)


@cache
def _add(table: Table, dialect: str) -> Any:
    """Return the statement that adds to the counts of a row, whether or not it is there."""
    adding = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    keys = [column.name for column in table.primary_key]
    counts = {c.name: c + adding.excluded[c.name] for c in table.c if c.name not in keys}
    return adding.on_conflict_do_update(index_elements=keys, set_=counts)
