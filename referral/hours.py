"""Read the schedules of HSDS documents as recurrence rules.

One that gives no hours is passed over, unless it says that it is closed on those days: so holidays are kept.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from referral.schedule import Freq, Schedule
from referral.withheld import Document

INSTEAD = "Instead of the usual hours"
"""Begins the notes of a service's schedule that holds on one day, and on that day alone."""

_CLOSED = re.compile(r"\s*closed\b(?! on)", re.IGNORECASE)
_WHOLE_DAY = {"opens_at": "00:00", "closes_at": "00:00"}


def schedules(
    document: Document,
    sites: list[Document],
    locations: list[Document],
    zone: ZoneInfo | None = None,
) -> Iterator[Schedule]:
    """Yield when a service is open, by the clock of its *zone* if that is known.

    Its own hours count, here or at its places; the hours of a house only if there are none of its own. It is
    closed when it says so, and one place when that place says so. What it says of one day (`INSTEAD`) takes
    the place of everything on that day, and comes after all others.
    """
    own = [document, *sites]
    hours_of = own if any(_said(each) for each in own) else locations
    for_a_day = [each for each in document.get("schedules", []) if _is_instead(each)]
    everywhere = (
        *_closures([document] if len(sites) > 1 else [document, *sites, *locations]),
        *(_schedule(each | _WHOLE_DAY) for each in for_a_day),
    )
    for entity in hours_of:
        but_not = (*everywhere, *_closures([entity])) if len(sites) > 1 else everywhere
        for each in _said(entity):
            with suppress(KeyError, ValueError):
                yield replace(_schedule(each), zone=zone, but_not=but_not)
    for each in for_a_day:
        yield replace(_schedule(each), zone=zone, one_day=True)


def _said(entity: Document) -> list[Document]:
    return [
        each for each in entity.get("schedules", []) if not _closes(each) and not _is_instead(each)
    ]


def _is_instead(each: Document) -> bool:
    day, hours = each.get("dtstart"), each.get("opens_at") and each.get("closes_at")
    said = each.get("notes", "").startswith(INSTEAD)
    return bool(said and day and hours and day == each.get("valid_from") == each.get("valid_to"))


def _closes(each: Document) -> bool:
    """Say whether it gives days on which nothing opens; words alone close nothing."""
    days = each.get("dtstart") or each.get("byday") or each.get("bymonthday")
    bounded = days or (each.get("valid_from") and each.get("valid_to"))
    words = (each.get("notes", ""), each.get("description", ""))
    hours = each.get("opens_at") or each.get("closes_at")
    return bool(bounded and not hours and any(map(_CLOSED.match, words)))


def _closures(entities: Iterable[Document]) -> tuple[Schedule, ...]:
    found = []
    for each in (s for entity in entities for s in entity.get("schedules", []) if _closes(s)):
        with suppress(KeyError, ValueError):
            found.append(_schedule(each | _WHOLE_DAY))
    return tuple(found)


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
