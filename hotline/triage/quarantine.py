"""What stands beside the queue: new reports of the web of which very many came at once. Each is kept, and none is hidden.

Near-duplicates are one group, all unlike ones another. A group is opened or dismissed in one act; what nobody
decided waits on, as an open report does, and is never ended by the rules. A restricted report never stands here:
whoever restricts one lets it into the queue.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, false, select

from hotline.domain.urgency import Urgency
from hotline.errors import NotFound
from hotline.reports import reports
from hotline.reports.tables import counters, quarantined
from hotline.store import Session
from hotline.triage.letting_in import IS_ASIDE, counted_out, let_in, release
from hotline.triage.queue import View, page_of
from hotline.triage.rows import COLUMNS, QueuePage, QueueRow, as_row

__all__ = [
    "UNLIKE",
    "Aside",
    "Group",
    "Groups",
    "aside",
    "counted_out",
    "group",
    "groups",
    "in_group",
    "its_own",
    "let_in",
    "release",
]

UNLIKE = ""
"""The group of those that are like no other."""

_IS_FOR_ALL = (IS_ASIDE, reports.c.restricted == false())

# Built once: a page asks for as many as there are groups, times their ranks.
_FIRST = (
    select(*COLUMNS)
    .where(reports.c.desk == bindparam("its_desk"), *_IS_FOR_ALL)
    .where(reports.c.urgency == bindparam("its_rank"))
    .order_by(reports.c.waiting_since, reports.c.id)
    .limit(1)
)
_FIRST_ALIKE = _FIRST.where(reports.c.alike == bindparam("its_alike"))
_FIRST_UNLIKE = _FIRST.where(reports.c.alike.is_(None))


@dataclass(frozen=True, slots=True)
class Aside:
    """How many reports of a desk stand in quarantine, and how urgent the most urgent of them is."""

    alike: int
    unlike: int
    urgency: Urgency

    @property
    def count(self) -> int:
        return self.alike + self.unlike


@dataclass(frozen=True, slots=True)
class Group:
    """Reports that came at once. *first* is the most urgent of them, and of those the one that waits longest.

    *languages* are theirs, the most frequent first; *since* is when the one that waits longest came; *ranks* tells how
    many are how urgent.
    """

    alike: str
    count: int
    urgency: Urgency
    since: datetime | None
    languages: tuple[str, ...]
    first: QueueRow
    ranks: tuple[tuple[Urgency, int], ...] = ()

    @property
    def first_id(self) -> str:
        return self.first.id


@dataclass(frozen=True, slots=True)
class Groups:
    """A page of groups, the most urgent first, and the place to go on from; *next* is empty on the last page."""

    rows: tuple[Group, ...]
    next: str = ""


def aside(session: Session, desk: str) -> Aside:
    """Return how many reports of *desk* stand in quarantine, without counting them."""
    rows = counters.c
    found = session.execute(
        select(rows.urgency, rows.alike, rows.unlike).where(rows.desk == desk)
    ).all()
    ranks = [row.urgency for row in found if row.alike > 0 or row.unlike > 0]
    return Aside(
        alike=sum(max(row.alike, 0) for row in found),
        unlike=sum(max(row.unlike, 0) for row in found),
        urgency=Urgency.of_rank(max(ranks, default=0)),
    )


def groups(session: Session, desk: str, *, after: str = "", limit: int = 10) -> Groups:
    """Return up to *limit* groups of *desk*, the most urgent first, from the place *after* on."""
    found: list[str] = []
    place = after
    rank, _, alike = after.partition("-")
    first = int(rank) if rank in ("0", "1", "2", "3") else Urgency.IMMEDIATE.rank
    for of_rank in range(first, -1, -1):
        beyond = alike if of_rank == first and after else None
        for its in _of_rank(session, desk, of_rank, beyond, limit + 1 - len(found)):
            if len(found) == limit:
                return Groups(_all(session, desk, found), place)
            found.append(its)
            place = f"{of_rank}-{its}"
    return Groups(_all(session, desk, found))


def group(session: Session, desk: str, alike: str) -> Group:
    """Return one group of *desk*.

    Raises:
        NotFound: there is none, or nothing of it is in quarantine any more.
    """
    found = _all(session, desk, [alike])
    if not found:
        raise NotFound
    return found[0]


def in_group(
    session: Session, desk: str, alike: str, *, at: datetime, after: str = "", limit: int = 50
) -> QueuePage:
    """Return up to *limit* reports of a group, in the queue's order, from the place *after* on."""
    seen = (reports.c.desk == desk, reports.c.restricted == false())
    view = View("aside", its_own(desk, alike), seen, at)
    return page_of(session, view, after=after, limit=limit)


def its_own(desk: str, alike: str) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for the reports of a group."""
    is_like = reports.c.alike == alike if alike else reports.c.alike.is_(None)
    return (reports.c.desk == desk, *_IS_FOR_ALL, is_like)


def _of_rank(
    session: Session, desk: str, rank: int, after: str | None, limit: int
) -> Iterator[str]:
    """Yield the groups of which the most urgent report is of *rank*."""
    rows, higher = quarantined.c, quarantined.alias()
    is_higher = (higher.c.desk == desk, higher.c.alike == rows.alike, higher.c.urgency > rank)
    query = (
        select(rows.alike)
        .where(rows.desk == desk, rows.urgency == rank, rows.count > 0)
        .where(~select(higher.c.desk).where(*is_higher, higher.c.count > 0).exists())
        .distinct()
        .order_by(rows.alike)
        .limit(limit)
    )
    if after is not None:
        query = query.where(rows.alike > after)
    yield from session.execute(query).scalars().all()


def _all(session: Session, desk: str, names: list[str]) -> tuple[Group, ...]:
    """Return the groups *names* of *desk* as they are counted; one of which nothing is there is left out."""
    rows = quarantined.c
    found = session.execute(
        select(rows.alike, rows.urgency, rows.language, rows.count).where(
            rows.desk == desk, rows.alike.in_(names), rows.count > 0
        )
    ).all()
    made = (_one(session, desk, its, [row for row in found if row.alike == its]) for its in names)
    return tuple(group for group in made if group is not None)


def _one(session: Session, desk: str, alike: str, counted: list[Any]) -> Group | None:
    languages: Counter[str] = Counter()
    by_rank: Counter[int] = Counter()
    for row in counted:
        languages[row.language] += row.count
        by_rank[row.urgency] += row.count
    ranks = sorted(by_rank, reverse=True)
    its = {"its_desk": desk, "its_alike": alike} if alike else {"its_desk": desk}
    query = _FIRST_ALIKE if alike else _FIRST_UNLIKE
    found: list[Any] = [
        session.execute(query, {**its, "its_rank": rank}).one_or_none() for rank in ranks
    ]
    firsts = [as_row(row) for row in found if row is not None]
    if not firsts:
        return None
    return Group(
        alike=alike,
        count=languages.total(),
        urgency=firsts[0].urgency,
        since=min((row.waiting_since for row in firsts if row.waiting_since), default=None),
        languages=tuple(code for code, _ in languages.most_common()),
        first=firsts[0],
        ranks=tuple((Urgency.of_rank(rank), by_rank[rank]) for rank in ranks),
    )
