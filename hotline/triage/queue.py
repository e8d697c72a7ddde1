"""The queue: most urgent first, then who has waited longest, a page at a time.

Each rank of urgency is one range of one index, so a page costs the same in the middle of a million
reports as at their beginning. A page is continued from a rank and a random id; the minute that belongs
to it is looked up and never stands in an address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal, or_, select, tuple_

from hotline.domain.report import Status
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import USUAL, Limits
from hotline.reports import reports
from hotline.reports.tables import counters
from hotline.store import Session, UtcTime
from hotline.triage.clocks import overdue_before

VIEWS = ("open", "mine", "unclaimed", "overdue", "closed")

_PLACE = re.compile(r"([0-3])-([0-9a-f]{32})")
COLUMNS = (
    reports.c.id,
    reports.c.channel,
    reports.c.language,
    reports.c.day,
    reports.c.status,
    reports.c.urgency,
    reports.c.minor,
    reports.c.bystander,
    reports.c.rules,
    reports.c.messages,
    reports.c.unanswered,
    reports.c.claimed_by,
    reports.c.claimed_until,
    reports.c.waiting_since,
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A report as the queue shows it: facts that may stand in the clear, no words."""

    id: str
    channel: str
    language: str
    day: str
    status: str
    urgency: Urgency
    minor: bool
    bystander: bool
    rules: tuple[str, ...]
    messages: int
    unanswered: bool
    claimed_by: str
    claimed_until: datetime | None
    waiting_since: datetime | None

    def held_by(self, at: datetime) -> str:
        """Return who holds the report at *at*, or an empty text."""
        return self.claimed_by if self.claimed_until and self.claimed_until > at else ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows in order, and the place to go on from; *next* is empty on the last page."""

    rows: tuple[QueueRow, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Which reports are asked for: *where* holds for every rank of urgency."""

    name: str
    where: tuple[ColumnElement[bool], ...]
    at: datetime
    limits: Limits = USUAL

    def of_rank(self, rank: int) -> Select[Any]:
        query = select(*COLUMNS).where(*self.where, reports.c.urgency == rank)
        if self.name == "overdue":
            before = overdue_before(Urgency.of_rank(rank), self.at, self.limits)
            query = query.where(reports.c.waiting_since <= before, reports.c.unanswered)
        return query


def queue_page(
    session: Session,
    *,
    desk: str,
    view: str,
    at: datetime,
    staff_id: str = "",
    after: str = "",
    limit: int = 50,
    limits: Limits = USUAL,
) -> QueuePage:
    """Return *limit* reports of *desk* in *view*, from the place *after* on.

    A place that cannot be read is the beginning. *staff_id* is who asks; it decides what is theirs. *limits* are
    those of the desk; they decide what is overdue.
    """
    return page_of(session, _view(desk, view, staff_id, at, limits), after=after, limit=limit)


def page_of(session: Session, view: View, *, after: str, limit: int) -> QueuePage:
    """Return *limit* reports of *view* in the queue's order, from the place *after* on."""
    rows: list[Row[Any]] = []
    for query in _ranges(session, view, after):
        rows += session.execute(query.limit(limit + 1 - len(rows))).all()
        if len(rows) > limit:
            break
    page = tuple(as_row(row) for row in rows[:limit])
    more = len(rows) > limit
    return QueuePage(page, f"{page[-1].urgency.rank}-{page[-1].id}" if more else "")


def counts(session: Session, desk: str) -> dict[Urgency, int]:
    """Return how many reports of *desk* are open, by urgency, without counting them."""
    found = session.execute(
        select(counters.c.urgency, counters.c.open).where(counters.c.desk == desk)
    ).all()
    open_now = {row.urgency: row.open for row in found}
    return {urgency: open_now.get(urgency.rank, 0) for urgency in Urgency}


def _view(desk: str, name: str, staff_id: str, at: datetime, limits: Limits = USUAL) -> View:
    in_desk = (reports.c.desk == desk, reports.c.status == Status.OPEN)
    if name == "mine":
        # Without the desk the index by claimant is the only one that fits.
        mine = (reports.c.claimed_by == staff_id, reports.c.status == Status.OPEN)
        return View(name, (*mine, reports.c.claimed_until > at), at)
    if name == "unclaimed":
        free = or_(reports.c.claimed_by.is_(None), reports.c.claimed_until <= at)
        return View(name, (*in_desk, free), at)
    if name == "closed":
        return View(name, (in_desk[0], reports.c.status == Status.CLOSED), at)
    return View(name, in_desk, at, limits)


def _ranges(session: Session, view: View, after: str) -> Iterator[Select[Any]]:
    """Yield the ranges that are still to be read: in each rank those without a minute, then the others.

    Open reports have a minute and closed ones have none. Asking for both costs an empty look into the
    index, and keeps a report in sight even if that were ever not so.
    """
    place = _PLACE.fullmatch(after)
    first = int(place[1]) if place else Urgency.IMMEDIATE.rank
    report_id = place[2] if place else ""
    minute = _minute_of(session, report_id) if report_id else None
    for rank in range(first, -1, -1):
        of_rank = view.of_rank(rank)
        if rank < first or minute is None:
            timeless = of_rank.where(reports.c.waiting_since.is_(None))
            if rank == first:
                timeless = timeless.where(reports.c.id > report_id)
            yield timeless.order_by(reports.c.id)
        timed = of_rank.where(reports.c.waiting_since.is_not(None))
        if rank == first and minute is not None:
            here = tuple_(literal(minute, UtcTime()), literal(report_id))
            timed = timed.where(tuple_(reports.c.waiting_since, reports.c.id) > here)
        yield timed.order_by(reports.c.waiting_since, reports.c.id)


def _minute_of(session: Session, report_id: str) -> datetime | None:
    """Return since when the last row that was seen waits.

    A report that was closed since has lost its minute: its rank is then read again, because a row seen
    twice harms nobody and a row never seen does.
    """
    since: datetime | None = session.execute(
        select(reports.c.waiting_since).where(reports.c.id == report_id)
    ).scalar_one_or_none()
    return since


def as_row(row: Row[Any]) -> QueueRow:
    """Return what was selected as `COLUMNS`."""
    facts = dict(row._mapping)
    facts |= {
        "urgency": Urgency.of_rank(row.urgency),
        "rules": tuple(row.rules),
        "claimed_by": row.claimed_by or "",
    }
    return QueueRow(**facts)
