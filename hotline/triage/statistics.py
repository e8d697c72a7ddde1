"""How many wrote, when, how and for what: counted once for each day of a month that is over, and then left as it is.

A month is counted three days after its end, so what was merged or restricted by then is left out, and it keeps its
numbers for ever: whoever looks twice learns nothing of a report that was erased, restricted or changed in between. A
report stands under the day on which it came. What waits in quarantine is none yet. What is told of it: see `months`.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.domain.report import Status
from hotline.domain.urgency import Urgency
from hotline.reports import reports
from hotline.store import Session, Store
from hotline.triage.tables import statistics

SETTLES = timedelta(days=3)
"""How long after its end a month is counted."""

DAY = timedelta(days=1)


class Facet(StrEnum):
    """By what reports are counted; ALL has a single code, the empty one."""

    ALL = "all"
    CHANNEL = "channel"
    LANGUAGE = "language"
    COUNTRY = "country"
    URGENCY = "urgency"
    NEED = "need"
    INDICATOR = "indicator"


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many days of a *month* are counted, of all its *days*."""

    month: str
    counted: int
    days: int


_OF_DAY = (
    select(
        reports.c.channel,
        reports.c.language,
        reports.c.country,
        reports.c.urgency,
        reports.c.needs,
        reports.c.indicators,
        func.count().label("many"),
    )
    .where(
        reports.c.desk == bindparam("its_desk"),
        reports.c.day == bindparam("its_day"),
        reports.c.status != Status.QUARANTINED,
        ~reports.c.restricted,
        reports.c.joined_to.is_(None),
    )
    .group_by(
        reports.c.channel,
        reports.c.language,
        reports.c.country,
        reports.c.urgency,
        reports.c.needs,
        reports.c.indicators,
    )
)


def count_due(store: Store, desks: Collection[str], *, at: datetime, limit: int = 62) -> int:
    """Count up to *limit* days of months that are settled at *at*, the earliest first; return how many were counted.

    Reading one takes no lock, and keeping it is one small write, so whoever writes meanwhile does not wait.
    """
    done = 0
    for desk in desks:
        for day in _due(store, desk, at):
            if done == limit:
                return done
            count_day(store, desk, day)
            done += 1
    return done


def count_day(store: Store, desk: str, day: date) -> None:
    """Count a day of *desk*, unless it is counted."""
    with store.read() as session:
        found = _count(session, desk, day)
    store.write(lambda session: _keep(session, desk, day, found))


def backlog(session: Session, desk: str, *, at: datetime) -> tuple[Backlog, ...]:
    """Return the months that are settled and not counted whole, the earliest first."""
    since, until = _next(session, desk), settled(at)
    found: list[Backlog] = []
    while since is not None and since < until:
        end = month_after(since)
        found.append(Backlog(month_name(since), since.day - 1, (end - DAY).day))
        since = end
    return tuple(found)


def month_name(day: date) -> str:
    return f"{day:%Y-%m}"


def days_of(first: date, end: date) -> Iterator[date]:
    """Yield each day from *first* on, before *end*."""
    return (first + number * DAY for number in range(max(0, (end - first).days)))


def month_after(day: date) -> date:
    """Return the first day of the next month."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def settled(at: datetime) -> date:
    """Return the first day that is not settled: that of a month which ended less than `SETTLES` ago."""
    return (at - SETTLES).date().replace(day=1)


def _due(store: Store, desk: str, at: datetime) -> Iterator[date]:
    with store.read() as session:
        since = _next(session, desk)
    return days_of(since, settled(at)) if since else iter(())


def _next(session: Session, desk: str) -> date | None:
    """Return the first day that is not counted; None where nothing came yet. The first month is counted whole."""
    rows = statistics.c
    ours = (rows.desk == desk, rows.facet == Facet.ALL)
    last = session.execute(select(func.max(rows.day)).where(*ours)).scalar_one()
    if last is not None:
        return date.fromisoformat(last) + DAY
    first = session.execute(
        select(func.min(reports.c.day)).where(reports.c.desk == desk)
    ).scalar_one()
    return date.fromisoformat(first).replace(day=1) if first else None


def _count(session: Session, desk: str, day: date) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    its = {"its_desk": desk, "its_day": day.isoformat()}
    for row in session.execute(_OF_DAY, its):
        for key in _keys(row):
            found[key] += row.many
    return found


def _keys(row: Any) -> Iterator[tuple[str, str]]:
    yield Facet.ALL, ""
    yield Facet.CHANNEL, row.channel
    yield Facet.LANGUAGE, row.language
    yield Facet.COUNTRY, row.country
    yield Facet.URGENCY, Urgency.of_rank(row.urgency)
    for need in set(row.needs):
        yield Facet.NEED, need
    for indicator in set(row.indicators):
        yield Facet.INDICATOR, indicator


def _keep(session: Session, desk: str, day: date, found: Counter[tuple[str, str]]) -> None:
    """Keep a day that is not kept yet; its row for all stands for it, also where nobody wrote."""
    its = {"desk": desk, "day": day.isoformat()}
    whole = {**its, "facet": Facet.ALL, "code": "", "count": found.pop((Facet.ALL, ""), 0)}
    adding = postgresql.insert if session.dialect.name == "postgresql" else sqlite.insert
    first = adding(statistics).values(whole).on_conflict_do_nothing().returning(statistics.c.day)
    rows = [{**its, "facet": f, "code": code, "count": count} for (f, code), count in found.items()]
    if session.execute(first).first() is not None and rows:
        session.execute(insert(statistics), rows)
