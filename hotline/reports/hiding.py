"""Which reports another can hide behind: those that a person read to the end and took for what they say they are."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, and_, exists

from hotline.domain.outcome import Outcome
from hotline.domain.report import Direction, Status, day
from hotline.reports.tables import messages, reports, span_reviews

SETTLED = timedelta(days=14)
"""How long ago a report must have come: nobody fills a crowd on the day on which they need it."""

_NOTHING = (Outcome.NOT_A_REPORT, Outcome.DUPLICATE)


def was_read() -> ColumnElement[bool]:
    """Return the condition that somebody reviewed every message of a report, and that there is one."""
    its = (messages.c.report_id == reports.c.id, messages.c.direction == Direction.FROM_REPORTER)
    done = exists().where(
        span_reviews.c.report_id == messages.c.report_id, span_reviews.c.seq == messages.c.seq
    )
    return and_(exists().where(*its, done), ~exists().where(*its, ~done))


def came_between(first: str, last: str, *, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a report came on the days *first* to *last*, and is settled."""
    return reports.c.day.between(first, min(last, day(at - SETTLED)))


def is_taken_for_one(rows: FromClause = reports) -> ColumnElement[bool]:
    """Return the condition that a report is one, by all that staff did with it; *rows* may be an alias."""
    its = rows.c
    return and_(
        its.status != Status.QUARANTINED,
        its.outcome.not_in(_NOTHING),
        its.is_opened,
        ~its.restricted,
    )
