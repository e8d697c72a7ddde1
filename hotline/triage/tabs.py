"""How many reports stand in each view, bounded: nobody counts a million rows for a number on a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    true,
)

from hotline import consent
from hotline.domain.report import Status
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import USUAL, Limits
from hotline.reports import reports
from hotline.reports.tables import counters
from hotline.store import Session, UtcTime
from hotline.triage.access import seen_by
from hotline.triage.clocks import overdue_before
from hotline.triage.queue import is_free
from hotline.triage.rows import UNMERGED
from hotline.triage.tables import restrictions

MOST = 100
"""What is more than this is told as that."""

_LOOKED_AT = 1_000
_RESTRICTED = 5_000


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports stand in a view; *more* says that there may be more of them."""

    count: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Tallies:
    """The number beside each view, and the languages of the reports that were counted for it."""

    views: Mapping[str, Tally] = field(default_factory=dict)
    languages: tuple[str, ...] = ()


def counts(session: Session, desk: str, staff_id: str = "") -> dict[Urgency, int]:
    """Return how many reports of *desk* are open that *staff_id* sees, by urgency, without counting them.

    The counters know all; what is restricted to others is taken off, or the number would betray it.
    """
    rows = counters.c
    found = session.execute(select(rows.urgency, rows.open).where(rows.desk == desk)).all()
    hidden = _hidden(session, desk, staff_id)
    open_now = {row.urgency: row.open - hidden.get(row.urgency, 0) for row in found}
    return {urgency: max(0, open_now.get(urgency.rank, 0)) for urgency in Urgency}


def tallies(
    session: Session, desk: str, staff_id: str, *, at: datetime, limits: Limits = USUAL
) -> Tallies:
    """Return how many reports stand in the views of *staff_id*, looked for among the most urgent of *desk*."""
    asked = {"desk": desk, "staff_id": staff_id, "at": at, "looked_at": _LOOKED_AT}
    late = {urgency.value: overdue_before(urgency, at, limits) for urgency in Urgency}
    found = session.execute(_BY_LANGUAGE, asked | consent.days(at) | late).all()
    is_cut = sum(row.all for row in found) == _LOOKED_AT
    views = {name: _tally(sum(getattr(row, name) for row in found), is_cut) for name in _KINDS}
    views["mine"] = _tally(_mine(session, staff_id, at))
    return Tallies(views, tuple(sorted(row.language for row in found)))


def _tally(count: int, is_cut: bool = False) -> Tally:
    return Tally(min(count, MOST - 1), is_cut or count >= MOST)


def _mine(session: Session, staff_id: str, at: datetime) -> int:
    return session.execute(_MINE, {"staff_id": staff_id, "at": at}).scalar_one()


def _is_overdue() -> ColumnElement[bool]:
    """Return what waits for too long, of each urgency since the minute that is given by its name."""
    late = (
        and_(
            reports.c.urgency == urgency.rank,
            reports.c.waiting_since <= bindparam(urgency.value, type_=UtcTime()),
        )
        for urgency in Urgency
    )
    return and_(reports.c.unanswered, or_(*late))


_AT, _STAFF_ID = bindparam("at", type_=UtcTime()), bindparam("staff_id", type_=String())
_SEEN = (reports.c.status == Status.OPEN, UNMERGED, seen_by(_STAFF_ID))
_KINDS = {
    "unclaimed": is_free(_AT),
    "consent": consent.WAITS_FOR_ANSWER,
    "overdue": _is_overdue(),
    "unread": reports.c.is_opened == false(),
}


def _by_language() -> Select[Any]:
    """Return how many of the most urgent reports of a desk are of each kind, by language: made once, asked often."""
    flags = [case((fits, 1), else_=0).label(name) for name, fits in _KINDS.items()]
    order = (reports.c.urgency.desc(), reports.c.waiting_since.desc(), reports.c.id.desc())
    some = select(reports.c.language, *flags).where(reports.c.desk == bindparam("desk"), *_SEEN)
    looked = some.order_by(*order).limit(bindparam("looked_at", type_=Integer())).subquery()
    sums = [func.sum(looked.c[name]).label(name) for name in _KINDS]
    by_language = select(looked.c.language, func.count().label("all"), *sums)
    return by_language.group_by(looked.c.language)


_BY_LANGUAGE = _by_language()
_HELD = (reports.c.claimed_by == _STAFF_ID, reports.c.claimed_until > _AT, *_SEEN)
_MINE = select(func.count()).select_from(select(reports.c.id).where(*_HELD).limit(MOST).subquery())


def _hidden(session: Session, desk: str, staff_id: str) -> dict[int, int]:
    """Return how many open reports of *desk* *staff_id* may not see, by rank: few are restricted."""
    rows = reports.c
    # Nothing but this stands inside, or another index would seem to fit, and a million rows be read for a few.
    few = select(rows.id).where(rows.restricted == true()).limit(_RESTRICTED)
    ids = session.execute(few).scalars().all()
    if not ids:
        return {}
    seen = select(restrictions.c.report_id).where(restrictions.c.staff_id == staff_id)
    known = set(session.execute(seen.limit(_RESTRICTED)).scalars())
    ids = [one for one in ids if one not in known]
    its = case((and_(rows.desk == desk, rows.status == Status.OPEN), 1), else_=0) == 1
    found = session.execute(
        select(rows.urgency, func.count().label("hidden"))
        .where(rows.id.in_(ids), its)
        .group_by(rows.urgency)
    )
    return {row.urgency: row.hidden for row in found}
