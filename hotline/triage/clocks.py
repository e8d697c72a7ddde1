"""How long a report may wait for a person, and how much of that has passed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.domain.urgency import Urgency
from hotline.domain.waiting import Limits

_SOON = 0.6
_MINUTE = timedelta(minutes=1)


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


def clock(urgency: Urgency, since: datetime, at: datetime, limits: Limits) -> Clock:
    """Return how the wait of a report stands at *at*, by the *limits* of its desk."""
    waited = max(timedelta(), at - since)
    return Clock(_minutes(waited), _minutes(limits.of(urgency)))


def overdue_before(urgency: Urgency, at: datetime, limits: Limits) -> datetime:
    """Return until when reports of *urgency* began to wait whose clock is over at *at*."""
    return at - limits.of(urgency) - _MINUTE


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
