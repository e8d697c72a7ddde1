"""The hours in which a person reads what comes in."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.errors import Malformed

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
_LAST_MINUTE = time(23, 59, 59)


class NoHours(Malformed):
    default_message = "hours must look like: mon-fri 09:00-21:00, sat 10:00-14:00"


@dataclass(frozen=True, slots=True)
class Opening:
    """Spans of a week in *zone*: day (0 is Monday), first moment, last moment. Without any, it is always open."""

    zone: ZoneInfo
    spans: tuple[tuple[int, time, time], ...] = ()

    @classmethod
    def parse(cls, hours: str, zone: str) -> "Opening":
        """Read ``mon-fri 09:00-21:00, sat 10:00-14:00`` in the time zone *zone*; empty hours are all hours.

        Raises:
            NoHours: it says something else, or there is no such zone.
        """
        try:
            spans = [span for part in filter(None, hours.split(",")) for span in _spans(part)]
            return cls(ZoneInfo(zone or "UTC"), tuple(spans))
        except (ValueError, KeyError, OSError):
            raise NoHours from None

    def next_opening(self, at: datetime) -> datetime:
        """Return the first moment from *at* on in which somebody reads; *at* itself where that is now."""
        if not self.spans:
            return at
        local = at.astimezone(self.zone)
        openings = [
            self._moment(local, ahead, first, last, at)
            for ahead in range(8)
            for day, first, last in self.spans
            if day == (local.weekday() + ahead) % 7
        ]
        return min(moment for moment in openings if moment is not None)

    def _moment(
        self, local: datetime, ahead: int, first: time, last: time, at: datetime
    ) -> datetime | None:
        date = local.date() + timedelta(days=ahead)
        opens = datetime.combine(date, first, self.zone).astimezone(at.tzinfo)
        closes = datetime.combine(date, last, self.zone).astimezone(at.tzinfo)
        return max(opens, at) if closes > at else None


ALWAYS = Opening(ZoneInfo("UTC"))


def _spans(part: str) -> list[tuple[int, time, time]]:
    found = _PART.fullmatch(part.strip().lower())
    if not found:
        raise ValueError
    first_day = _DAYS.index(found[1])
    last_day = _DAYS.index(found[2] or found[1])
    first = time(int(found[3]), int(found[4]))
    last = _LAST_MINUTE if found[5] == "24" else time(int(found[5]), int(found[6]))
    if last <= first:
        raise ValueError
    days = range(first_day, first_day + (last_day - first_day) % 7 + 1)
    return [(day % 7, first, last) for day in days]
