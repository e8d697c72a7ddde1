"""How often an agency may ask: a bucket of requests for each, which fills again by the minute.

What an answer costs goes by how much it holds, and is known when it is made: so a bucket may be owing, for a minute at
most, and who owes waits before the next.
The buckets are of this process: where several serve, an agency has as many. They are there so that a tool gone wild
keeps nobody else waiting, not to count.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from math import ceil

A_REQUEST = 100
"""So many things an answer may hold for one request."""


@dataclass(slots=True)
class _Bucket:
    left: float
    since: datetime


class Pacing:
    """The buckets of all who ask here."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, who: str, *, rate: int, at: datetime) -> int:
        """Take one of *rate* requests a minute for *who*; return 0, or the seconds after which there is one again.

        Who has not asked for a minute may ask *rate* times at once.
        """
        with self._lock:
            its = self._filled(who, rate, at)
            if its.left >= 1:
                its.left -= 1
                return 0
            return ceil((1 - its.left) * 60 / rate)

    def charge(self, who: str, held: int, *, rate: int, at: datetime) -> None:
        """Take for an answer what it costs beyond the request that was taken for it: it *held* so many things."""
        more = ceil(held / A_REQUEST) - 1
        if more > 0:
            with self._lock:
                its = self._filled(who, rate, at)
                its.left = max(its.left - more, -float(rate))

    def _filled(self, who: str, rate: int, at: datetime) -> _Bucket:
        its = self._buckets.setdefault(who, _Bucket(float(rate), at))
        passed = max((at - its.since).total_seconds(), 0.0)
        its.left = min(its.left + passed * rate / 60, float(rate))
        its.since = max(at, its.since)
        return its
