"""How many reports are open, and how many stand in quarantine: kept beside them, so that nobody counts a million rows."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.reports.tables import counters, quarantined
from hotline.statements import Statement
from hotline.store import Session

_STEP = Statement(
    update(counters)
    .where(counters.c.desk == bindparam("its_desk"), counters.c.urgency == bindparam("its_urgency"))
    .values(open=counters.c.open + bindparam("step"), came=counters.c.came + bindparam("new"))
)
_FIRST = Statement(insert(counters))
_GROUP = ("desk", "alike", "urgency", "language")
_EMPTY = delete(quarantined).where(
    *(quarantined.c[name] == bindparam(f"its_{name}") for name in _GROUP), quarantined.c.count <= 0
)


def moved(
    session: Session,
    desk: str,
    before: int | None,
    after: int | None,
    *,
    count: int = 1,
    is_told: bool = True,
) -> None:
    """Count *count* open reports of *desk* that went from urgency rank *before* to *after*; None is not open.

    Without *is_told* nobody hears that they came: so it is for a restricted report, of which only few know.
    """
    if before == after:
        return
    new = count if before is None and is_told else 0
    if before is not None:
        _step(session, desk, before, -count)
    if after is not None:
        _step(session, desk, after, count, new)


def came(session: Session, desk: str) -> int:
    """Return how many reports of *desk* were ever opened or opened again; it only rises."""
    found = session.execute(select(counters.c.came).where(counters.c.desk == desk))
    return sum(found.scalars())


def stepped_aside(
    session: Session, desk: str, *, alike: str | None, language: str, urgency: int, step: int
) -> None:
    """Count *step* reports more, or fewer, of *desk* in quarantine: of the group *alike*, or of the unlike ones.

    *urgency* is their rank. Who also changes `counters` of the queue does that afterwards, so that two never wait for each other.
    """
    group = {"desk": desk, "alike": alike or "", "urgency": urgency, "language": language}
    of_group, of_desk = _asides(session.dialect.name)
    session.execute(of_group, {**group, "count": step})
    its = {"alike": step, "unlike": 0} if alike else {"alike": 0, "unlike": step}
    session.execute(of_desk, {"desk": desk, "urgency": urgency, "open": 0, "came": 0, **its})
    if step < 0:
        session.execute(_EMPTY, {f"its_{name}": value for name, value in group.items()})


@cache
def _asides(dialect: str) -> tuple[Any, Any]:
    """Return the statements that add to what is counted, whether or not a row for it is there."""
    adding = postgresql.insert if dialect == "postgresql" else sqlite.insert
    group, desk = adding(quarantined), adding(counters)
    of_group: dict[str, ColumnElement[int]] = {
        "count": quarantined.c.count + group.excluded["count"]
    }
    of_desk = {name: counters.c[name] + desk.excluded[name] for name in ("alike", "unlike")}
    return (
        group.on_conflict_do_update(index_elements=_GROUP, set_=of_group),
        desk.on_conflict_do_update(index_elements=("desk", "urgency"), set_=of_desk),
    )


def _step(session: Session, desk: str, rank: int, step: int, new: int = 0) -> None:
    its = {"its_desk": desk, "its_urgency": rank, "step": step, "new": new}
    if _STEP.run(session, its) == 0:
        its = {"desk": desk, "urgency": rank, "open": max(step, 0), "came": new}
        _FIRST.run(session, its)
