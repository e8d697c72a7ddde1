"""How a desk stands at this moment, for who shares out its work: what waits, who holds what, who reads which language.

How many accounts somebody opened stands nowhere here: that is for themselves alone. Every count is bounded, so that a
flood costs no more than a busy day; and restricted reports count for those alone who are named for them.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from hotline.audit.counting import count_each
from hotline.domain.report import Status
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import Limits
from hotline.reports import reports
from hotline.store import Session
from hotline.triage.access import hidden_from, seen_by
from hotline.triage.clocks import overdue_before
from hotline.vault.asked import ASKED
from hotline.vault.tables import reveal_requests

MOST = 2000
"""Of each urgency no more than these are looked at."""

LATELY = timedelta(days=7)
_REVEALS = ("reveal", "emergency")


@dataclass(slots=True)
class Waiting:
    """Open reports of one urgency: how many wait for an answer, how many nobody holds, how many clocks are over."""

    open: int = 0
    unanswered: int = 0
    free: int = 0
    over: int = 0

    @property
    def is_cut(self) -> bool:
        """Tell whether there may be more than were looked at."""
        return self.open >= MOST


@dataclass(frozen=True, slots=True)
class Now:
    """What waits, by urgency, and by language: that of most reports first."""

    urgencies: Mapping[Urgency, Waiting]
    languages: Mapping[str, Waiting]


def waiting(session: Session, desk: str, *, staff_id: str, limits: Limits, at: datetime) -> Now:
    """Return what is open at *desk*, as far as *staff_id* may see it."""
    urgencies = {urgency: Waiting() for urgency in Urgency}
    languages: dict[str, Waiting] = {}
    for urgency, its in urgencies.items():
        for row in session.execute(_by_language(desk, urgency, staff_id, limits, at)):
            for found in (its, languages.setdefault(row.language, Waiting())):
                found.open += row.open
                found.unanswered += row.unanswered
                found.free += row.free
                found.over += row.over
    return Now(urgencies, dict(sorted(languages.items(), key=lambda one: (-one[1].open, one[0]))))


def held(
    session: Session, members: Collection[str], *, staff_id: str, at: datetime
) -> dict[str, int]:
    """Return how many reports each of *members* holds at *at*; who holds none is left out."""
    rows = reports.c
    claims = (rows.claimed_by.in_(members), rows.status == Status.OPEN, rows.claimed_until > at)
    query = select(rows.claimed_by, func.count()).where(*claims, seen_by(staff_id))
    return Counter({row[0]: row[1] for row in session.execute(query.group_by(rows.claimed_by))})


def revealed(
    session: Session, members: Collection[str], *, staff_id: str, at: datetime
) -> dict[str, int]:
    """Return how often each of *members* looked at who someone is within `LATELY`, as the log says."""
    hidden = hidden_from(staff_id)
    return count_each(session, members, did=_REVEALS, since=at - LATELY, hidden=hidden)


def asked(session: Session, desk: str, *, staff_id: str, at: datetime) -> int:
    """Return how many reveals at *desk* wait for a second person; more than `MOST` count as that."""
    rows = reveal_requests.c
    its = (rows.desk == desk, rows.state == ASKED, rows.ends_at > at)
    some = select(rows.id).where(*its, rows.report_id.not_in(hidden_from(staff_id))).limit(MOST)
    return session.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def _by_language(
    desk: str, urgency: Urgency, staff_id: str, limits: Limits, at: datetime
) -> Select[Any]:
    rows = reports.c
    some = (
        select(
            rows.language, rows.unanswered, rows.claimed_by, rows.claimed_until, rows.waiting_since
        )
        .where(
            rows.desk == desk,
            rows.status == Status.OPEN,
            rows.urgency == urgency.rank,
            rows.joined_to.is_(None),
            seen_by(staff_id),
        )
        .limit(MOST)
        .subquery()
    )
    its = some.c
    is_free = or_(its.claimed_by.is_(None), its.claimed_until <= at)
    is_over = and_(its.unanswered, its.waiting_since <= overdue_before(urgency, at, limits))
    return select(
        its.language,
        func.count().label("open"),
        _sum(its.unanswered).label("unanswered"),
        _sum(is_free).label("free"),
        _sum(func.coalesce(is_over, false())).label("over"),
    ).group_by(its.language)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
