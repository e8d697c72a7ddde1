"""The queue: most urgent first, then who has waited longest, a page at a time.

Each rank of urgency is one range of one index, so a page costs the same in the middle of a million
reports as at their beginning. What may fit seldom is looked for among the next `MOST` of a range only; a page
that ends there says so. A page is continued from a rank and a random id; the minute that belongs
to it is looked up and never stands in an address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import dropwhile
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from hotline import consent
from hotline.domain.report import Status
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import USUAL, Limits
from hotline.reports import reports
from hotline.store import Session, UtcTime
from hotline.triage.access import seen_by
from hotline.triage.clocks import overdue_before
from hotline.triage.filtering import EVERYTHING, Filters
from hotline.triage.rows import COLUMNS, SKIPPED, UNMERGED, QueuePage, QueueRow, as_row
from hotline.triage.skipping import skipped_today

VIEWS = ("open", "mine", "unclaimed", "window", "consent", "overdue", "unread", "closed")

MOST = 5_000
"""So many reports one page looks at for those that fit."""

_PLACE = re.compile(r"([0-3s])-([0-9a-f]{32})")
# What somebody holds is not skipped any more, and what is closed nobody skips.
_UNSKIPPABLE = ("mine", "closed")
# What is overdue has a minute; to look for it among those without one would read all of them.
_TIMED = "overdue"
Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Which reports are asked for: *where* holds for every rank of urgency. A place in it is one of those *seen*.

    *seldom* holds too, for so few perhaps that not all are looked through for them. *skipped* stand at the end.
    """

    name: str
    where: Conditions
    seen: Conditions
    at: datetime
    limits: Limits = USUAL
    seldom: Conditions = ()
    ranks: tuple[int, ...] = EVERYTHING.ranks
    skipped: tuple[str, ...] = ()

    def of_rank(self, rank: int) -> Conditions:
        """Return what holds in one rank, as a range of an index."""
        its = (*self.where, reports.c.urgency == rank)
        if self.name == _TIMED:
            before = overdue_before(Urgency.of_rank(rank), self.at, self.limits)
            its = (*its, reports.c.waiting_since <= before)
        return its


@dataclass(frozen=True, slots=True)
class _Range:
    """Reports of one rank, in order: those without a minute, or those with one."""

    where: Conditions
    order: tuple[ColumnElement[Any], ...]

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        return select(*columns).where(*self.where).order_by(*self.order)

    def until(self, end: Row[Any]) -> "_Range":
        """Return as much of it as ends with the row *end*."""
        ends = (literal(end.waiting_since, UtcTime()), literal(end.id))[-len(self.order) :]
        return replace(self, where=(*self.where, tuple_(*self.order) <= tuple_(*ends)))


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
    filters: Filters = EVERYTHING,
) -> QueuePage:
    """Return *limit* reports of *desk* in *view*, from the place *after* on, that *filters* let through.

    A place that cannot be read is the beginning. *staff_id* is who asks; it decides what is theirs. *limits* are
    those of the desk; they decide what is overdue.
    """
    asked = view_of(
        session, desk=desk, view=view, at=at, staff_id=staff_id, limits=limits, filters=filters
    )
    return page_of(session, asked, after=after, limit=limit)


def view_of(
    session: Session,
    *,
    desk: str,
    view: str,
    at: datetime,
    staff_id: str,
    limits: Limits = USUAL,
    filters: Filters = EVERYTHING,
) -> View:
    """Return what *staff_id* sees of *desk* in the view of that name."""
    its = _view(desk, view, staff_id, at)
    may_skip = bool(staff_id) and view not in _UNSKIPPABLE
    skipped = skipped_today(session, staff_id, at=at) if may_skip else ()
    return replace(
        its,
        where=(*its.where, UNMERGED, seen_by(staff_id)),
        limits=limits,
        seldom=(*its.seldom, *filters.conditions()),
        ranks=filters.ranks,
        skipped=skipped,
    )


def page_of(
    session: Session, view: View, *, after: str, limit: int, most: int | None = None
) -> QueuePage:
    """Return *limit* reports of *view* in the queue's order, from the place *after* on.

    It looks at no more than *most*, where few may fit.
    """
    rows: list[QueueRow] = []
    left = MOST if most is None else most
    place = _PLACE.fullmatch(after)
    for its in _ranges(session, view, place):
        end = None
        if view.seldom:
            looked, end = _looked_at(session, its, left)
            if end is None:
                continue
            left, its = left - looked, its.until(end)
        found = its.select(*COLUMNS).where(*view.seldom).limit(limit + 1 - len(rows))
        rows += map(as_row, session.execute(found))
        if len(rows) > limit:
            return QueuePage(tuple(rows[:limit]), rows[limit - 1].place)
        if end is not None and left <= 0:
            return QueuePage(tuple(rows), f"{end.urgency}-{end.id}", is_cut=True)
    rows += _skipped(session, view, place)
    if len(rows) > limit:
        return QueuePage(tuple(rows[:limit]), rows[limit - 1].place)
    return QueuePage(tuple(rows))


def next_in_line(session: Session, view: View, closeness: ColumnElement[int]) -> QueueRow | None:
    """Return the report of *view* that is most urgent and, among equally urgent ones, has the least *closeness*.

    Of equally close ones it is the one that waits longest. It is looked for among the first `MOST` of a rank.
    """
    for its in _ranges(session, view, None):
        _, end = _looked_at(session, its, MOST)
        if end is None:
            continue
        near = its.until(end)
        best = select(*COLUMNS).where(*near.where).order_by(closeness, *near.order)
        found = session.execute(best.limit(1)).one_or_none()
        if found:
            return as_row(found)
    return None


def _looked_at(session: Session, its: _Range, most: int) -> tuple[int, Row[Any] | None]:
    """Return how many reports *its* next *most* are, and the last of them; None where there is none."""
    key = (reports.c.urgency, reports.c.waiting_since, reports.c.id)
    some = its.select(*key).limit(most).subquery()
    backwards = [some.c[str(column.key)].desc() for column in its.order]
    counted = select(some, func.count().over().label("looked")).order_by(*backwards)
    last = session.execute(counted.limit(1)).one_or_none()
    return (last.looked, last) if last else (0, None)


def _view(desk: str, name: str, staff_id: str, at: datetime) -> View:
    in_desk = (reports.c.desk == desk, reports.c.status == Status.OPEN)
    seen = (reports.c.desk == desk, seen_by(staff_id))
    if name == "mine":
        # Without the desk the index by claimant is the only one that fits.
        mine = (reports.c.claimed_by == staff_id, reports.c.status == Status.OPEN)
        return View(name, (*mine, reports.c.claimed_until > at), seen, at)
    if name == "unclaimed":
        return View(name, (*in_desk, is_free(at)), seen, at)
    if name == "closed":
        return View(name, (in_desk[0], reports.c.status == Status.CLOSED), seen, at)
    if name == _TIMED:
        # An index of its own holds these alone.
        return View(name, (*in_desk, reports.c.unanswered), seen, at)
    seldom = {
        "unread": (reports.c.is_opened == false(),),
        "consent": (consent.waits_for_answer(at),),
    }
    return View(name, in_desk, seen, at, seldom=seldom.get(name, ()))


def is_free(at: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Return which reports nobody holds at *at*."""
    return or_(reports.c.claimed_by.is_(None), reports.c.claimed_until <= at)


def _ranges(session: Session, view: View, place: re.Match[str] | None) -> Iterator[_Range]:
    """Yield the ranges that are still to be read: in each rank those without a minute, then the others.

    Open reports have a minute and closed ones have none. Asking for both costs an empty look into the
    index, and keeps a report in sight even if that were ever not so.
    """
    if place and place[1] == SKIPPED:
        return
    first = int(place[1]) if place else Urgency.IMMEDIATE.rank
    report_id = place[2] if place else ""
    minute = _minute_of(session, view, report_id) if report_id else None
    apart = (reports.c.id.not_in(view.skipped),) if view.skipped else ()
    by_time = (reports.c.waiting_since, reports.c.id)
    for rank in (rank for rank in view.ranks if rank <= first):
        of_rank = (*view.of_rank(rank), *apart)
        if view.name != _TIMED and (rank < first or minute is None):
            beyond = (reports.c.id > report_id,) if rank == first else ()
            timeless = (*of_rank, reports.c.waiting_since.is_(None), *beyond)
            yield _Range(timeless, (reports.c.id,))
        timed = (*of_rank, reports.c.waiting_since.is_not(None))
        if rank == first and minute is not None:
            here = tuple_(literal(minute, UtcTime()), literal(report_id))
            timed = (*timed, tuple_(*by_time) > here)
        yield _Range(timed, by_time)


def _skipped(session: Session, view: View, place: re.Match[str] | None) -> list[QueueRow]:
    """Return what of *view* was skipped, in order, behind *place*: a person skips few."""
    if not view.skipped:
        return []
    fits = or_(*(and_(*view.of_rank(rank), *view.seldom) for rank in view.ranks))
    # Said so that no index seems to fit but that of the ids.
    its = (reports.c.id.in_(view.skipped), case((fits, 1), else_=0) == 1)
    order = (reports.c.urgency.desc(), reports.c.waiting_since, reports.c.id)
    found = session.execute(select(*COLUMNS).where(*its).order_by(*order)).all()
    rows = [replace(as_row(row), is_skipped=True) for row in found]
    if place and place[1] == SKIPPED:
        return list(dropwhile(lambda row: row.id != place[2], rows))[1:] or rows
    return rows


def _minute_of(session: Session, view: View, report_id: str) -> datetime | None:
    """Return since when the last row that was seen waits; None also for one that nobody of *view* may see.

    A report that was closed since has lost its minute: its rank is then read again, because a row seen
    twice harms nobody and a row never seen does.
    """
    since: datetime | None = session.execute(
        select(reports.c.waiting_since).where(reports.c.id == report_id, *view.seen)
    ).scalar_one_or_none()
    return since
