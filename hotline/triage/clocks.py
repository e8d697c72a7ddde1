"""How long a report may wait for a person, and how much of that has passed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.domain.urgency import Urgency

# A person opens every report within four hours, whatever the machine thinks of it.
_LIMITS = {
    Urgency.IMMEDIATE: timedelta(minutes=5),
    Urgency.HIGH: timedelta(hours=1),
    Urgency.NORMAL: timedelta(hours=4),
    Urgency.NONE: timedelta(hours=4),
}
_SOON = 0.6


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes that a person has waited, of the minutes allowed; *state* is ``""``, ``soon`` or ``over``."""

    waited: int
    allowed: int

    @property
    def over(self) -> int:
        return max(0, self.waited - self.allowed)

    @property
    def state(self) -> str:
        if self.waited > self.allowed:
            return "over"
        return "soon" if self.waited >= self.allowed * _SOON else ""


def limit(urgency: Urgency) -> timedelta:
    """Return how long a report of *urgency* may wait for its first answer by a person."""
    return _LIMITS[urgency]


def clock(urgency: Urgency, since: datetime, at: datetime) -> Clock:
    """Return how the wait of a report stands at *at*."""
    waited = max(timedelta(), at - since)
    return Clock(_minutes(waited), _minutes(_LIMITS[urgency]))


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
