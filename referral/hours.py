"""Read the schedules of HSDS documents as recurrence rules; one that gives no hours is passed over."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, time, timedelta

from referral.schedule import Freq, Schedule
from referral.withheld import Document


def schedules(
    document: Document, sites: list[Document], locations: list[Document]
) -> Iterator[Schedule]:
    """Yield when a service is open.

    Its own hours count, here or at its places; the hours of a house only if there are none of its own.
    """
    own = [s for entity in (document, *sites) for s in entity.get("schedules", [])]
    for each in own or [s for house in locations for s in house.get("schedules", [])]:
        with suppress(KeyError, ValueError):
            yield _schedule(each)


def _schedule(each: Document) -> Schedule:
    """Read an HSDS schedule. Raises: KeyError or ValueError where it gives no hours."""
    opens, zone = _hour(each["opens_at"])
    closes, _ = _hour(each["closes_at"])
    offset = zone if zone is not None else timedelta(hours=each.get("timezone", 0))
    return Schedule(
        opens=opens,
        closes=closes,
        offset=offset,
        freq=Freq(each["freq"]) if "freq" in each else None,
        interval=max(1, int(each.get("interval", 1))),
        byday=tuple(_weekdays(each.get("byday", ""))),
        bymonthday=_numbers(each.get("bymonthday")),
        byweekno=_numbers(each.get("byweekno")),
        byyearday=_numbers(each.get("byyearday")),
        wkst=_WEEKDAYS.index(each.get("wkst", "MO")),
        valid_from=day(each.get("valid_from")),
        valid_to=day(each.get("valid_to")),
        dtstart=day(each.get("dtstart")),
        until=day(each.get("until")),
        count=int(each["count"]) if "count" in each else None,
    )


_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _hour(text: str) -> tuple[time, timedelta | None]:
    at = time.fromisoformat(text)
    return at.replace(tzinfo=None), at.utcoffset()


def _weekdays(byday: str) -> Iterator[tuple[int, int]]:
    for place, day in re.findall(r"([+-]?\d*)(MO|TU|WE|TH|FR|SA|SU)", byday):
        yield int(place or 0), _WEEKDAYS.index(day)


def _numbers(listed: str | None) -> tuple[int, ...]:
    return tuple(int(each) for each in listed.split(",")) if listed else ()


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
