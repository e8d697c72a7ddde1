"""What may be told of the months of a desk: whole months that are over, and of those what `withholding` lets through.

There is one division of time. Ranges that overlap, or stand inside each other, would let somebody take one from the
other. Of a day nobody learns anything: a week is told as a whole, and the days of the week as those of a whole month.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from hotline.domain.urgency import Urgency
from hotline.reports.tables import closings, first_answers
from hotline.store import Session
from hotline.triage.statistics import DAY, Facet, days_of, month_after, month_name
from hotline.triage.tables import statistics
from hotline.triage.withholding import Published, publish, share, total

FACETS = (Facet.URGENCY, Facet.CHANNEL, Facet.LANGUAGE, Facet.NEED, Facet.INDICATOR)

_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Answers:
    """How many reports of one urgency were first answered by a person, and how many in a hundred in time."""

    count: int | None
    in_time: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """What may be told of a month of a desk. *weeks* are named by the Monday they begin with, and end in it."""

    name: str
    total: int | None
    weeks: Published
    weekdays: Published
    facets: Mapping[Facet, Published]
    answers: Mapping[Urgency, Answers]
    outcomes: Published


def months(session: Session, desk: str, *, limit: int = 60) -> tuple[str, ...]:
    """Return the months that may be told, the newest first."""
    rows = statistics.c
    ours = (rows.desk == desk, rows.facet == Facet.ALL)
    ends = session.execute(select(func.min(rows.day), func.max(rows.day)).where(*ours)).one()
    if not ends[0]:
        return ()
    first, last = (date.fromisoformat(end) for end in ends)
    # The day after the last that is counted belongs to a month that is not counted whole.
    begins = (last + DAY).replace(day=1)
    found: list[str] = []
    while begins > first and len(found) < limit:
        begins = (begins - DAY).replace(day=1)
        found.append(month_name(begins))
    return tuple(found)


def month(session: Session, desk: str, name: str) -> Month:
    """Return what may be told of the month *name* of *desk*: one that `months` names."""
    first = date.fromisoformat(f"{name}-01")
    end = month_after(first)
    sums, days = _sums(session, desk, first, end), _days(session, desk, first, end)
    its = {facet: publish(sums.get(facet, {})) for facet in FACETS}
    return Month(
        name,
        total(sum(days[day] for day in days_of(first, end))),
        publish(_weeks(days, first)),
        publish(_weekdays(days, first, end)),
        its,
        _answers(session, desk, name),
        publish(_outcomes(session, desk, name)),
    )


def weeks(session: Session, desk: str, name: str) -> Published:
    """Return what may be told of the weeks that end in the month *name*."""
    first = date.fromisoformat(f"{name}-01")
    end = month_after(first)
    return publish(_weeks(_days(session, desk, first, end), first))


def weeks_of(name: str) -> tuple[date, ...]:
    """Return the Mondays of the weeks that end in the month *name*."""
    first = date.fromisoformat(f"{name}-01")
    sundays = (day for day in days_of(first, month_after(first)) if day.weekday() == _SUNDAY)
    return tuple(sunday - 6 * DAY for sunday in sundays)


def _days(session: Session, desk: str, first: date, end: date) -> Counter[date]:
    """Return how many came on each day of a month and the six before it."""
    rows = statistics.c
    since = (first - 6 * DAY).isoformat()
    its = (rows.desk == desk, rows.facet == Facet.ALL, rows.day >= since)
    found = session.execute(select(rows.day, rows["count"]).where(*its, rows.day < end.isoformat()))
    return Counter({date.fromisoformat(day): count for day, count in found})


def _sums(session: Session, desk: str, first: date, end: date) -> dict[str, Counter[str]]:
    """Return how many came in a month, by facet and code."""
    rows = statistics.c
    its = (rows.desk == desk, rows.facet.in_(FACETS), rows.day >= first.isoformat())
    query = select(rows.facet, rows.code, func.sum(rows["count"])).where(*its)
    sums: dict[str, Counter[str]] = {}
    by_code = query.where(rows.day < end.isoformat()).group_by(rows.facet, rows.code)
    for facet, code, count in session.execute(by_code):
        sums.setdefault(facet, Counter())[code] += count
    return sums


def _weeks(days: Mapping[date, int], first: date) -> dict[str, int]:
    mondays = weeks_of(month_name(first))
    return {
        monday.isoformat(): sum(days.get(monday + n * DAY, 0) for n in range(7))
        for monday in mondays
    }


def _weekdays(days: Mapping[date, int], first: date, end: date) -> Counter[str]:
    found = Counter({str(number): 0 for number in range(7)})
    for day in days_of(first, end):
        found[str(day.weekday())] += days.get(day, 0)
    return found


def _answers(session: Session, desk: str, name: str) -> dict[Urgency, Answers]:
    """Return the answers by urgency. How many were in time is told as a share alone, which leaves the number open."""
    rows = first_answers.c
    its = select(rows.urgency, rows.in_time, rows.late).where(rows.desk == desk, rows.month == name)
    counted = {Urgency.of_rank(row.urgency): row for row in session.execute(its)}
    counts = publish({urgency: row.in_time + row.late for urgency, row in counted.items()})
    return {
        urgency: Answers(counts.of(urgency), _in_time(counted.get(urgency), counts.of(urgency)))
        for urgency in Urgency
    }


def _in_time(row: Any, count: int | None) -> int | None:
    return share(row.in_time, row.in_time + row.late) if row is not None and count else None


def _outcomes(session: Session, desk: str, name: str) -> dict[str, int]:
    rows = closings.c
    its = select(rows.outcome, rows["count"]).where(rows.desk == desk, rows.month == name)
    return {row[0]: row[1] for row in session.execute(its)}
