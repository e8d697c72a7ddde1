"""What is counted of a quarter as it happens, because nothing could tell it afterwards, until the quarter is told.

Why leads were withheld, without saying of which report; and how many complained about us, which is written down by whoever
oversees a desk, because complaints come by every way there is.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.domain.quarter import first_day, quarter_after, quarter_name
from hotline.errors import Malformed
from hotline.leads.wording import Problem
from hotline.store import Session
from hotline.triage.publishing import Facet
from hotline.triage.refusals import reason_of
from hotline.triage.tables import quarter_tallies, quarters

SETTLES = timedelta(days=14)
"""How long after its end a quarter is counted: by then its months are, and complaints are written down."""

MOST_COMPLAINTS = 100_000


def is_settled(first: date, *, at: datetime) -> bool:
    """Tell whether the quarter that begins with *first*, or in which that day lies, ended long enough ago."""
    end = quarter_after(first)
    return at >= datetime(end.year, end.month, end.day, tzinfo=UTC) + SETTLES


def note_withheld(session: Session, problems: Iterable[Problem], *, at: datetime) -> None:
    """Count that a lead was not let out, by what weighed most; a form that is not filled in whole does not count."""
    reason = reason_of(problem.fact for problem in problems)
    if reason:
        _tally(session, quarter_name(at.date()), Facet.REASON, reason, add=1)


def open_quarters(session: Session, *, at: datetime) -> list[str]:
    """Return the quarters of which complaints may still be written down, the newest first."""
    now = at.date()
    last = first_day(quarter_name(now)) - timedelta(days=1)
    found = [quarter_name(now)]
    is_told = select(quarters.c.quarter).where(quarters.c.quarter == quarter_name(last)).limit(1)
    if not is_settled(last, at=at) and not session.execute(is_told).first():
        found.append(quarter_name(last))
    return found


def write_complaints(
    session: Session, name: str, count: int, *, desk: str, by: str, at: datetime
) -> None:
    """Write down how many complaints *desk* got in a quarter; a later number takes the place of a former one.

    Raises:
        Malformed: the quarter is told, or not begun, or that is no number of complaints.
    """
    if name not in open_quarters(session, at=at) or not 0 <= count <= MOST_COMPLAINTS:
        raise Malformed
    _tally(session, name, Facet.COMPLAINT, desk, put=count)
    audit.record(session, at=at, who=by, did="complaints", desk=desk, what=f"{name} {count}")


def complaints(session: Session, desk: str, names: Collection[str]) -> dict[str, int]:
    """Return how many complaints *desk* wrote down, by quarter, as long as it is not told."""
    rows = quarter_tallies.c
    its = (rows.facet == Facet.COMPLAINT, rows.code == desk, rows.quarter.in_(names))
    found = select(rows.quarter, rows["count"]).where(*its)
    return {row[0]: row[1] for row in session.execute(found)}


def tallies_of(session: Session, name: str) -> dict[str, dict[str, int]]:
    """Return what was counted of a quarter so far, by facet and code."""
    rows = quarter_tallies.c
    found: dict[str, dict[str, int]] = {}
    its = select(rows.facet, rows.code, rows["count"]).where(rows.quarter == name)
    for facet, code, count in session.execute(its):
        found.setdefault(facet, {})[code] = count
    return found


def forget_tallies(session: Session, name: str) -> None:
    """Let go of what was counted up to the quarter *name*."""
    session.execute(delete(quarter_tallies).where(quarter_tallies.c.quarter <= name))


def _tally(
    session: Session, name: str, facet: Facet, code: str, *, add: int = 0, put: int | None = None
) -> None:
    """Add to a count that is running, or put a number in its place."""
    inserting = postgresql.insert if session.dialect.name == "postgresql" else sqlite.insert
    adding: Any = inserting(quarter_tallies)
    row = {"quarter": name, "facet": facet, "code": code, "count": add if put is None else put}
    new = adding.excluded["count"]
    its = new if put is not None else quarter_tallies.c["count"] + new
    keys = ("quarter", "facet", "code")
    session.execute(
        adding.values(row).on_conflict_do_update(index_elements=keys, set_={"count": its})
    )
