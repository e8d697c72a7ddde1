"""When a person may be written to: their own hours, by the clock on their wall (pure).

Clocks jump: an hour can be missing or come twice. So a window is worked out as stretches of real time,
between one change of the zone's offset and the next; what the wall shows there is all that counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_DAY = timedelta(days=1)
_STEP = timedelta(hours=1)
# A zone that changes sides of the date line skips a whole day; nothing skips more.
_HORIZON = timedelta(days=5)

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Window:
    """From *start* until before *end* on the wall clock of *zone*; it may pass midnight."""

    start: time
    end: time
    zone: ZoneInfo

    @classmethod
    def parse(cls, hours: str, zone: str) -> "Window | None":
        """Read ``HH:MM-HH:MM`` and a name of the IANA time zone database; None where they are not that."""
        found = _HOURS.fullmatch(hours.strip())
        known = _zone(zone)
        if not found or known is None:
            return None
        start = time(int(found[1]), int(found[2]))
        end = time(int(found[3]), int(found[4]))
        return None if start == end else cls(start, end, known)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def holds(self, at: datetime) -> bool:
        """Tell whether the window is open at the instant *at*."""
        wall = at.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def next_opening(self, at: datetime) -> datetime:
        """Return the first instant from *at* on at which it is open; *at* itself where that is now."""
        if self.holds(at):
            return at
        return next(self._stretches(at))[0]

    def next_room(self, at: datetime, least: timedelta) -> datetime:
        """Return the first instant from *at* on at which it is open for at least *least*."""
        opening = self.next_opening(at)
        while (closing := self.closes(opening)) and closing - opening < least:
            opening = self.next_opening(closing)
        return opening

    def closes(self, at: datetime) -> datetime | None:
        """Return when a window that is open at *at* closes; None where it is closed."""
        if not self.holds(at):
            return None
        return next(self._stretches(at))[1]

    def _stretches(self, at: datetime) -> Iterator[Stretch]:
        """Yield the spans of time from *at* on in which it is open, joined where one goes on in the next."""
        at = at.astimezone(UTC)
        current: Stretch | None = None
        for start, end, offset in _steady(self.zone, at):
            for opens, closes in self._within(start, end, offset):
                if current and current[1] == opens:
                    current = (current[0], closes)
                    continue
                if current:
                    yield current
                current = (opens, closes)
        if current:
            yield current

    def _within(self, start: datetime, end: datetime, offset: timedelta) -> Iterator[Stretch]:
        """Yield the open spans between *start* and *end*, while the zone is *offset* ahead of UTC."""
        day: date = (start + offset).date() - _DAY
        while _utc(day, time(0), offset) < end:
            opens = _utc(day, self.start, offset)
            last = day if self.start < self.end else day + _DAY
            closes = _utc(last, self.end, offset)
            if max(opens, start) < min(closes, end):
                yield max(opens, start), min(closes, end)
            day += _DAY


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if _ZONE.fullmatch(name) else None
    except (KeyError, ValueError, OSError):
        return None


def _utc(day: date, wall: time, offset: timedelta) -> datetime:
    return datetime.combine(day, wall, UTC) - offset


def _steady(zone: ZoneInfo, at: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Yield spans from *at* on in which the zone's offset stays as it is, with that offset."""
    end = at + _HORIZON
    start, offset = at, _offset(zone, at)
    here = at
    while here < end:
        there = min(here + _STEP, end)
        if _offset(zone, there) != offset:
            turn = _turn(zone, here, there)
            yield start, turn, offset
            start, offset = turn, _offset(zone, turn)
            there = turn
        here = there
    yield start, end, offset


def _turn(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the instant between *before* and *after* at which the zone's offset changes: a whole second."""
    low, high = int(before.timestamp()), -int(-after.timestamp() // 1)
    old = _offset(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
