"""One text on its way, as the worker alone sees it: to whom, in which words, and when it may go at all."""

import json
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from hotline.contact.hours import Window
from hotline.domain.report import Channel
from hotline.messages import segments

LONGEST_UNDER_WAY = timedelta(hours=4)
"""A text that lies at the network for longer may reach other hands than those it was for."""

URGENT_UNDER_WAY = timedelta(minutes=15)
"""Help that is told of late sends somebody into danger."""

# Between our clock and the provider's, and for the call itself.
_MARGIN = timedelta(seconds=30)
SHORTEST = timedelta(minutes=1)
"""What is left of their hours must be at least this, or nothing more goes in them."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A number and a text, with the hours that it may reach somebody in.

    *knock* is what is asked first where it is not known to be safe; empty on a knock itself. *hours* and *zone* are
    those of `Window.parse`, or empty where any time will do; nothing goes before *not_before* or after *until*.
    """

    channel: Channel
    to: str = field(repr=False)
    body: str = field(repr=False)
    line: str = field(repr=False)
    country: str = ""
    hours: str = ""
    zone: str = field(default="", repr=False)
    not_before: datetime | None = None
    until: datetime | None = None
    is_urgent: bool = False
    knock: str = field(default="", repr=False)

    @property
    def parts(self) -> int:
        """Parts of SMS; other channels have none."""
        return segments(self.body) if self.channel is Channel.SMS else 0

    @property
    def window(self) -> Window | None:
        return Window.parse(self.hours, self.zone) if self.hours else None

    def opens(self, at: datetime) -> datetime:
        """Return the first instant from *at* on at which it may be handed over; *at* itself where that is now."""
        at = max(at, self.not_before or at)
        return self.window.next_room(at, SHORTEST) if self.window else at

    def valid_for(self, at: datetime, *, expires_at: datetime) -> timedelta:
        """Return for how long it may be delivered when it is handed over at *at*, at which it may go.

        Never beyond their hours, whatever the network does.
        """
        ends = [at + (URGENT_UNDER_WAY if self.is_urgent else LONGEST_UNDER_WAY), expires_at]
        if self.until:
            ends.append(self.until)
        closing = self.window and self.window.closes(at)
        if closing:
            ends.append(closing - _MARGIN)
        return max(min(ends) - at, timedelta(seconds=1))

    def at_any_hour(self) -> "Outgoing":
        """Return it without the hours that were sealed with it: they have told others since."""
        return replace(self, hours="", zone="", not_before=None)

    def as_knock(self, *, until: datetime | None = None) -> "Outgoing":
        """Return the question that goes before it, not later than *until*."""
        return replace(self, body=self.knock, knock="", until=until or self.until)

    def to_json(self) -> bytes:
        facts = {spot.name: getattr(self, spot.name) for spot in fields(self)}
        return json.dumps({name: _written(value) for name, value in facts.items()}).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "Outgoing":
        facts: dict[str, Any] = json.loads(plain)
        facts["channel"] = Channel(facts["channel"])
        for name in ("not_before", "until"):
            facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
        return cls(**facts)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
