"""How long a person may wait to hear that we have it, and what became of it: the clocks that laws and good houses keep.

Computed from days that are there anyway. What we wrote first acknowledges a report; what we wrote after that answers
it. The time for the answer runs from the acknowledgement, or from the day by which it was due: so article 9(1)(f) of
Directive (EU) 2019/1937 counts.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, false, func, select, true, tuple_

from hotline.domain.report import Direction, Status
from hotline.law import Feedback
from hotline.reports.tables import messages, reports
from hotline.store import Ids, Session, unless

SOON = timedelta(days=14)
"""How long before its day an answer stands among those to be given."""

_FEW = 200
_OVER = (Status.CLOSED, Status.QUARANTINED)


class Kind(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a report: the last day, and the day on which it was kept; empty while it was not."""

    report_id: str
    kind: Kind
    due_day: str
    kept_day: str

    def is_over(self, at: datetime) -> bool:
        return not self.kept_day and self.due_day < at.date().isoformat()


def clocks_of(
    session: Session, report_id: str, its_day: str, feedback: Feedback
) -> tuple[Clock, ...]:
    """Return the clocks of a report that came on *its_day*; a clock that is off is not there."""
    ours = (
        messages.c.report_id == report_id,
        messages.c.direction == Direction.TO_REPORTER,
        messages.c.author != "",
    )
    query = select(messages.c.day).where(*ours).order_by(messages.c.seq).limit(2)
    return _clocks(report_id, its_day, list(session.execute(query).scalars()), feedback)


def late(
    session: Session,
    desk: str,
    feedback: Feedback,
    *,
    at: datetime,
    after: str = "",
    limit: int = 50,
    hidden: Ids | None = None,
) -> tuple[Clock, ...]:
    """Return clocks of *desk* that run out soon or have run out, of the oldest reports first, behind the report *after*.

    At most *limit* reports are looked through, and each names the clock that it is to be kept next. Fewer than *limit*
    mean that there are no more.
    """
    last = _last_day(feedback, at)
    if last is None:
        return ()
    rows = reports.c
    answers = (
        select(func.count())
        .select_from(
            select(messages.c.seq)
            .where(
                messages.c.report_id == rows.id,
                messages.c.direction == Direction.TO_REPORTER,
                messages.c.author != "",
            )
            .correlate(reports)
            .limit(2)
            .subquery()
        )
        .scalar_subquery()
    )
    wanted = 2 if feedback.answer_months else 1
    seen = (rows.desk == desk, unless(rows.id, hidden))
    query = select(rows.id, rows.day).where(
        *seen, rows.status.not_in(_OVER), rows.day <= last.isoformat(), answers < wanted
    )
    if after:
        before = select(rows.day, rows.id).where(rows.id == after, *seen)
        query = query.where(tuple_(rows.day, rows.id) > before.scalar_subquery())
    found = session.execute(query.order_by(rows.day, rows.id).limit(limit)).all()
    clocks = (_next(clocks_of(session, one.id, one.day, feedback)) for one in found)
    return tuple(clock for clock in clocks if clock)


def is_pressing(session: Session, desk: str, feedback: Feedback, *, at: datetime) -> bool:
    """Tell whether somebody at *desk* must hear from us by tomorrow, or should have heard before.

    Of restricted reports few may know: those are `pressing_restricted`.
    """
    rows, queries = reports.c, _pressing(desk, feedback, at)
    some = (query.where(rows.restricted == false()).limit(1) for query in queries)
    return any(session.execute(query).first() is not None for query in some)


def pressing_restricted(
    session: Session, desk: str, feedback: Feedback, *, at: datetime
) -> tuple[str, ...]:
    """Return the restricted reports of *desk* of which the same holds; there are few."""
    rows = reports.c
    found: set[str] = set()
    for query in _pressing(desk, feedback, at):
        few = query.where(rows.restricted == true()).order_by(rows.day, rows.id).limit(_FEW)
        found |= set(session.execute(few).scalars())
    return tuple(sorted(found))


def _pressing(desk: str, feedback: Feedback, at: datetime) -> Iterator[Select[Any]]:
    rows, ours, until = reports.c, messages.alias("ours"), at.date() + timedelta(days=1)
    their = (
        ours.c.report_id == rows.id,
        ours.c.direction == Direction.TO_REPORTER,
        ours.c.author != "",
    )
    heard = select(ours.c.seq).where(*their).correlate(reports).exists()
    count = select(func.count()).select_from(ours).where(*their).correlate(reports)
    first = select(func.min(ours.c.day)).where(*their).correlate(reports)
    waits = select(rows.id).where(rows.desk == desk, rows.status.not_in(_OVER))
    if feedback.acknowledge_days:
        last = until - timedelta(days=feedback.acknowledge_days)
        yield waits.where(rows.day <= last.isoformat(), ~heard)
    if feedback.answer_months:
        last = months_after(until, -feedback.answer_months)
        once = (count.scalar_subquery() == 1, first.scalar_subquery() <= last.isoformat())
        yield waits.where(rows.day <= last.isoformat(), *once)
        never = last - timedelta(days=feedback.acknowledge_days or 7)
        yield waits.where(rows.day <= never.isoformat(), ~heard)


def _clocks(
    report_id: str, its_day: str, answers: list[str], feedback: Feedback
) -> tuple[Clock, ...]:
    came = date.fromisoformat(its_day)
    first, second = (*answers, "", "")[:2]
    acknowledge = came + timedelta(days=feedback.acknowledge_days or 7)
    clocks = []
    if feedback.acknowledge_days:
        clocks.append(Clock(report_id, Kind.ACKNOWLEDGE, acknowledge.isoformat(), first))
    if feedback.answer_months:
        begins = date.fromisoformat(first) if first else acknowledge
        due = months_after(begins, feedback.answer_months)
        clocks.append(Clock(report_id, Kind.ANSWER, due.isoformat(), second))
    return tuple(clocks)


def _next(clocks: tuple[Clock, ...]) -> Clock | None:
    return next((clock for clock in clocks if not clock.kept_day), None)


def _last_day(feedback: Feedback, at: datetime) -> date | None:
    """Return the last day on which a report can have come of which a clock runs out soon; None where none runs."""
    until = at.date()
    if feedback.acknowledge_days:
        return until
    if feedback.answer_months:
        return months_after(until + SOON, -feedback.answer_months)
    return None


def months_after(start: date, months: int) -> date:
    """Return the same day *months* later, or the last of that month where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
