"""Nobody waits unseen: whose clock is over, and what no person opened, is put before supervisors, and somebody is paged.

It is looked for each minute, in one range of one index for each urgency, so what stands answered costs nothing. An
alert stands for as long as it is so: no score and no supervisor takes it away, only a person who opens or answers.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    cast,
    delete,
    exists,
    false,
    literal,
    select,
)

from hotline.domain.report import Status
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import UNOPENED, Limits
from hotline.reports import reports
from hotline.statements import Statement
from hotline.store import Session, Store
from hotline.triage import paging
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.clocks import overdue_before
from hotline.triage.ladder import Reason
from hotline.triage.tables import alerts, pages

_MOST = 100
_DESK = Statement(select(reports.c.desk).where(reports.c.id == bindparam("its_id")))


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be raised at one desk: reports, by what about them."""

    unopened: tuple[str, ...]
    overdue: tuple[tuple[str, Urgency], ...]
    unpaged: tuple[str, ...]
    has_done: bool

    def __bool__(self) -> bool:
        return bool(self.unopened or self.overdue or self.unpaged or self.has_done)


def sweep(
    store: Store, desks: Iterable[str], limits_of: Callable[[str], Limits], *, at: datetime
) -> None:
    """Raise what has waited for too long at each of *desks*, page for it, and take back what waits no more."""
    for desk in desks:
        with store.read() as session:
            found = _look(session, desk, limits_of(desk), at=at)
        if found:
            store.write(partial(_act, desk=desk, found=found, at=at))


def arrived(session: Session, report_id: str, *, at: datetime) -> None:
    """Page for a report that is immediate, in the transaction that keeps it."""
    desk = _DESK.first(session, {"its_id": report_id}).desk
    paging.begin(session, desk=desk, reason=Reason.IMMEDIATE, report_id=report_id, at=at)


def _look(session: Session, desk: str, limits: Limits, *, at: datetime) -> _Found:
    unopened: list[str] = []
    overdue: list[tuple[str, Urgency]] = []
    for urgency in Urgency:
        unopened += _unopened(session, desk, urgency, at=at)
        late = _overdue(session, desk, urgency, overdue_before(urgency, at, limits), at=at)
        overdue += [(report_id, urgency) for report_id in late]
    done = session.execute(select(alerts.c.id).where(_is_done(desk)).limit(1)).first()
    has_done = done is not None or paging.has_leftovers(session, desk=desk, at=at)
    return _Found(tuple(unopened), tuple(overdue), tuple(_unpaged(session, desk)), has_done)


def _act(session: Session, desk: str, found: _Found, *, at: datetime) -> None:
    for report_id in found.unopened:
        _raise(session, desk, Kind.UNOPENED, Reason.UNOPENED, report_id, report_id, at=at)
    for report_id, urgency in found.overdue:
        once = f"{report_id} {urgency.rank}"
        _raise(session, desk, Kind.CLOCK_OVER, Reason.CLOCK_OVER, report_id, once, at=at)
    for report_id in found.unpaged:
        paging.begin(session, desk=desk, reason=Reason.IMMEDIATE, report_id=report_id, at=at)
    if found.has_done:
        session.execute(delete(alerts).where(_is_done(desk)))
        paging.sweep(session, desk=desk, at=at)


def _raise(
    session: Session,
    desk: str,
    kind: Kind,
    reason: Reason,
    report_id: str,
    once: str,
    *,
    at: datetime,
) -> None:
    """Put a report before the supervisors, once, and page for it: those on duty come before whom the house calls."""
    is_new = raise_alert(
        session, desk=desk, kind=kind, at=at, report_id=report_id, once=once, pages=False
    )
    if is_new:
        paging.begin(session, desk=desk, reason=reason, report_id=report_id, at=at)


def _waiting(desk: str, urgency: Urgency) -> tuple[ColumnElement[bool], ...]:
    rows = reports.c
    return (
        rows.desk == desk,
        rows.status == Status.OPEN,
        rows.urgency == urgency.rank,
        rows.unanswered,
    )


def _unopened(session: Session, desk: str, urgency: Urgency, *, at: datetime) -> list[str]:
    """Return reports that no person opened in time and of which nobody was told yet, the longest waiting first."""
    rows = reports.c
    its = (*_waiting(desk, urgency), rows.is_opened == false(), rows.waiting_since <= at - UNOPENED)
    told = exists().where(
        alerts.c.desk == desk, alerts.c.kind == Kind.UNOPENED, alerts.c.once == rows.id
    )
    query = select(rows.id).where(*its, ~told).order_by(rows.waiting_since, rows.id)
    return list(session.execute(query.limit(_MOST)).scalars())


def _overdue(
    session: Session, desk: str, urgency: Urgency, before: datetime, *, at: datetime
) -> list[str]:
    """Return reports whose clock is over and of which nobody was told yet; what was not opened is told as that."""
    rows = reports.c
    told = exists().where(
        alerts.c.desk == desk,
        alerts.c.kind == Kind.CLOCK_OVER,
        alerts.c.once == rows.id + literal(f" {urgency.rank}"),
    )
    is_unopened = (rows.is_opened == false()) & (rows.waiting_since <= at - UNOPENED)
    its = (*_waiting(desk, urgency), rows.waiting_since <= before, ~is_unopened, ~told)
    query = select(rows.id).where(*its).order_by(rows.waiting_since, rows.id).limit(_MOST)
    return list(session.execute(query).scalars())


def _unpaged(session: Session, desk: str) -> list[str]:
    """Return immediate reports for which nobody was ever paged: let in from quarantine, or raised by a person."""
    rows = reports.c
    paged = exists().where(pages.c.report_id == rows.id)
    query = select(rows.id).where(*_waiting(desk, Urgency.IMMEDIATE), ~paged)
    return list(session.execute(query.order_by(rows.waiting_since).limit(_MOST)).scalars())


def _is_done(desk: str) -> ColumnElement[bool]:
    """Return which alerts of *desk* remind of what is not so any more."""
    rows, its = alerts.c, reports.c
    waits = (its.id == rows.report_id, its.status == Status.OPEN, its.unanswered)
    once = rows.report_id + literal(" ") + cast(its.urgency, String)
    overdue = exists().where(*waits, rows.once == once)
    unopened = exists().where(*waits, its.is_opened == false())
    is_open = (rows.desk == desk) & (rows.settled_day == "")
    return is_open & (
        ((rows.kind == Kind.CLOCK_OVER) & ~overdue) | ((rows.kind == Kind.UNOPENED) & ~unopened)
    )
