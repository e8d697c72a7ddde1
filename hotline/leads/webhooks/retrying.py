"""When a delivery is tried again (pure): waits that grow, as the Standard Webhooks specification has them, and no sooner
than a receiver asks for."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LONGEST = _WAITS[-1]

PATIENCE = timedelta(days=5)
"""After so long without success nothing is tried any more until the agency asks for it."""

_JITTER = 0.2
_ASK_TO_WAIT = (429, 503)


def wait_after(
    failures: int, *, status: int, retry_after: str, at: datetime, draw: float
) -> timedelta:
    """Return how long to wait after the *failures*-th failure in a row; *draw*, from 0 to 1, sets receivers apart.

    *status* and *retry_after* are those of the answer.
    """
    usual = _WAITS[min(failures, len(_WAITS)) - 1] * (1 + _JITTER * draw)
    asked = _asked_for(retry_after, at) if status in _ASK_TO_WAIT else timedelta()
    return max(usual, min(asked, LONGEST))


def _asked_for(retry_after: str, at: datetime) -> timedelta:
    """Read ``Retry-After`` (RFC 9110): seconds or a date; what is neither asks for nothing."""
    given = retry_after.strip()
    if given.isascii() and given.isdigit():
        return timedelta(seconds=min(int(given[:9]), LONGEST // timedelta(seconds=1)))
    try:
        until = parsedate_to_datetime(given)
    except (ValueError, OverflowError):
        return timedelta()
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(aware - at, timedelta())
