"""When a service is open: the schedules of HSDS, which are recurrence rules after RFC 5545.

HSDS gives no time zone rules, only an offset from UTC; so hours are in that fixed offset, unless the directory
names the zone by a term of its own (`shortlist`). Without it, a directory that keeps summer time gives two
schedules with ``valid_from`` and ``valid_to``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

HORIZON = 62
"""How many days ahead an opening is looked for: two months, for what opens once a month."""

_DAY = timedelta(days=1)
_LONGEST = 7
"""Days after which "open until" stops being asked: the service never closes."""


class Freq(StrEnum):
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One HSDS schedule. *opens* and *closes* are local: in its *zone*, or else at *offset* from UTC.

    *byday* pairs a weekday (0 is Monday) with its place in the month, 0 meaning every one. A *closes*
    that is not after *opens* is on the next day, so ``00:00`` to ``00:00`` is the whole day. On days of
    *but_not*, as on holidays, it does not open. *one_day*: it was said of one day, and says nothing of others.
    """

    opens: time
    closes: time
    offset: timedelta = timedelta()
    freq: Freq | None = None
    interval: int = 1
    byday: tuple[tuple[int, int], ...] = ()
    bymonthday: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    wkst: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    until: date | None = None
    count: int | None = None
    zone: ZoneInfo | None = None
    but_not: tuple["Schedule", ...] = ()
    one_day: bool = False

    @property
    def clock(self) -> tzinfo:
        return self.zone or timezone(self.offset)


class Open(StrEnum):
    NOW = "now"
    LATER = "later"
    NO_MORE = "no more"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a service is open, *until* when, or from when it *opens*; instants in UTC.

    *until* is None where no end is in sight, as for a house that never closes.
    """

    state: Open
    until: datetime | None = None
    opens: datetime | None = None


def opening(schedules: Sequence[Schedule], at: datetime) -> Opening:
    """Return whether *schedules* are open *at* that instant (aware), or when they open next."""
    if not schedules:
        return Opening(Open.NOT_KNOWN)
    until = _open_until(schedules, at)
    if until is not None:
        endless = until - at > timedelta(days=_LONGEST)
        return Opening(Open.NOW, until=None if endless else until)
    opens = _next_start(schedules, at)
    if opens is not None:
        return Opening(Open.LATER, opens=opens)
    usual = any(not each.one_day for each in schedules)
    return Opening(Open.NO_MORE if usual else Open.NOT_KNOWN)


def _open_until(schedules: Sequence[Schedule], at: datetime) -> datetime | None:
    """Follow windows that touch one another from *at* on, for `_LONGEST` days; None where none holds *at*."""
    until, end = None, _end(schedules, at)
    while end is not None:
        until = end
        end = _end(schedules, until) if until - at <= _DAY * _LONGEST else None
    return until


def _end(schedules: Sequence[Schedule], at: datetime) -> datetime | None:
    """Return when the window ends that holds *at*, the longest if there are several."""
    ends = [end for one in schedules for start, end in _windows(one, at) if start <= at < end]
    return max(ends, default=None)


def _next_start(schedules: Sequence[Schedule], at: datetime) -> datetime | None:
    """Return the first start after *at*. Clocks differ by a day at most, so a day more is looked at."""
    today, opens = at.astimezone(UTC).date(), None
    for day in (today + _DAY * n for n in range(-1, HORIZON + 2)):
        if opens is not None and day > opens.date() + _DAY:
            break
        for one in schedules:
            if occurs(one, day) and (start := _instant(one, day, one.opens)) > at:
                opens = min(opens or start, start)
    return opens


def _windows(schedule: Schedule, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield opening and closing instants in UTC of the windows that may hold *at*: of that day, and the night before."""
    today, at_night = at.astimezone(schedule.clock).date(), schedule.closes <= schedule.opens
    if at_night and occurs(schedule, today - _DAY):
        yield _window(schedule, today - _DAY, today)
    if occurs(schedule, today):
        yield _window(schedule, today, today + _DAY if at_night else today)


def _window(schedule: Schedule, day: date, ends: date) -> tuple[datetime, datetime]:
    start, end = _instant(schedule, day, schedule.opens), _instant(schedule, ends, schedule.closes)
    return start, end


def _instant(schedule: Schedule, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, schedule.clock).astimezone(UTC)


def occurs(schedule: Schedule, day: date) -> bool:
    """Say whether *schedule* has an opening that begins on *day*."""
    if not _is_valid(schedule, day) or not _recurs(schedule, day):
        return False
    if schedule.but_not and any(occurs(closed, day) for closed in schedule.but_not):
        return False
    if schedule.count is None or schedule.dtstart is None:
        return True
    # At most a day of a count can be ours: counting stops as soon as it is used up.
    spent = 0
    for earlier in (schedule.dtstart + _DAY * n for n in range((day - schedule.dtstart).days)):
        spent += _recurs(schedule, earlier)
        if spent >= schedule.count:
            return False
    return True


def _is_valid(schedule: Schedule, day: date) -> bool:
    return (schedule.valid_from or day) <= day <= (schedule.valid_to or day) and (
        schedule.dtstart or day
    ) <= day <= (schedule.until or day)


def _recurs(schedule: Schedule, day: date) -> bool:
    """Apply the recurrence rule alone. Every part that is given must agree, as RFC 5545 has it."""
    anchor = schedule.dtstart or schedule.valid_from
    if schedule.freq is Freq.MONTHLY:
        return _monthly(schedule, day, anchor)
    if schedule.freq is None and not schedule.byday and schedule.dtstart:
        return day == schedule.dtstart
    return _weekly(schedule, day, anchor)


def _weekly(schedule: Schedule, day: date, anchor: date | None) -> bool:
    if schedule.byday:
        on_day = day.weekday() in [weekday for _, weekday in schedule.byday]
    else:
        on_day = schedule.dtstart is None or day.weekday() == schedule.dtstart.weekday()
    if not on_day:
        return False
    weeks = (
        _week(day, schedule.wkst) - _week(anchor, schedule.wkst)
        if anchor and schedule.interval > 1
        else 0
    )
    return weeks % schedule.interval == 0 and _in_year(schedule, day)


def _in_year(schedule: Schedule, day: date) -> bool:
    if not schedule.byweekno and not schedule.byyearday:
        return True
    year, week, _ = day.isocalendar()
    return _agrees(schedule.byweekno, week, _weeks_in(year)) and _agrees(
        schedule.byyearday, day.timetuple().tm_yday, _days_in(day.year)
    )


def _monthly(schedule: Schedule, day: date, anchor: date | None) -> bool:
    months = (day.year - anchor.year) * 12 + day.month - anchor.month if anchor else 0
    if months % schedule.interval:
        return False
    length = _days_in_month(day)
    monthdays = schedule.bymonthday
    if not monthdays and not schedule.byday:
        monthdays = (schedule.dtstart.day,) if schedule.dtstart else ()
    nth, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
    on_day = any(
        weekday == day.weekday() and place in (0, nth, from_end)
        for place, weekday in schedule.byday
    )
    return (on_day or not schedule.byday) and _agrees(monthdays, day.day, length)


def _agrees(wanted: tuple[int, ...], number: int, last: int) -> bool:
    """Say whether *number*, or its place counted from the end (-1 is *last*), is wanted."""
    return not wanted or number in wanted or number - last - 1 in wanted


def _week(day: date, wkst: int) -> int:
    return (day.toordinal() - 1 - wkst) // 7


def _days_in_month(day: date) -> int:
    return ((day.replace(day=1) + timedelta(days=32)).replace(day=1) - _DAY).day


@cache
def _days_in(year: int) -> int:
    return date(year, 12, 31).timetuple().tm_yday


@cache
def _weeks_in(year: int) -> int:
    return date(year, 12, 28).isocalendar().week
