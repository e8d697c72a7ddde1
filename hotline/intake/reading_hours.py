"""When a person reads what comes in, as it is said to whoever writes outside our hours."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time

from hotline.domain.opening import Opening

_SOON = timedelta(hours=18)


def read_from(
    opening: Opening, locale: str, *, at: datetime, zones: Callable[[], Sequence[str]] = tuple
) -> str:
    """Return from when on a person reads, as people of *locale* write it; empty where that is now.

    It is on the clock of whoever writes where *zones* finds theirs alone, else on ours.
    """
    opens = opening.next_opening(at)
    if opens <= at:
        return ""
    theirs = zones()
    local = opens.astimezone(ZoneInfo(theirs[0]) if len(theirs) == 1 else opening.zone)
    known = locale.replace("-", "_")
    if opens - at < _SOON:
        return format_time(local, "HH:mm", locale=known)
    return format_datetime(local, "EEE HH:mm", locale=known)
