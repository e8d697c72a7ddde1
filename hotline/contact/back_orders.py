"""A call that somebody asked for, as the worker alone sees it: to whom, in which language, in which hours."""

import json
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import update

from hotline.contact.hours import Window
from hotline.contact.tables import call_backs
from hotline.errors import Malformed
from hotline.store import Session
from hotline.vault.envelope import SealBroken
from hotline.vault.relay import RelayKey

SHORTEST = timedelta(minutes=2)
"""What is left of their hours must be at least this, or nobody is called in them any more."""
_MARK = "call back"


class Back(StrEnum):
    """What a caseworker sees of a call that they asked for."""

    WAITING = "waiting"
    # It waits for the hours that they said are safe.
    HOURS = "hours"
    # It is their hours, and whoever asked is not on call.
    AWAY = "away"
    # It waits for an operator: our account cannot call there.
    STUCK = "stuck"
    CALLING = "calling"
    NOBODY = "nobody"
    MACHINE = "machine"
    # They said that it is not a good time.
    LATER = "later"
    TALKED = "talked"
    # They answered, and nobody here did.
    MISSED = "missed"
    # Somebody picked up and hung up.
    HUNG_UP = "hung_up"
    SOMEONE_ELSE = "someone_else"
    FAILED = "failed"
    CLOSED = "closed"
    STOPPED = "stopped"
    EXPIRED = "expired"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class BackOrder:
    """Whom to call, for whom (*by* is a staff id), and in which hours; *word* is their code word as they told it."""

    report_id: str
    desk: str
    by: str
    number: str = field(repr=False)
    locale: str
    line: str = field(repr=False)
    word: str = field(default="", repr=False)
    urgency: int = 0
    hours: str = ""
    zone: str = field(default="", repr=False)
    not_before: str = ""

    @property
    def window(self) -> Window | None:
        return Window.parse(self.hours, self.zone) if self.hours else None

    def opens(self, at: datetime) -> datetime:
        """Return the first instant from *at* on at which they may be called; *at* itself where that is now."""
        at = max(at, datetime.fromisoformat(self.not_before)) if self.not_before else at
        return self.window.next_room(at, SHORTEST) if self.window else at

    def next_opening(self, at: datetime) -> datetime:
        """Return when they may be called after the hours that are now; without hours that is a day later."""
        if self.window is None:
            return at + timedelta(days=1)
        return self.opens(self.window.closes(at) or at)

    def to_json(self) -> bytes:
        facts = [getattr(self, spot.name) for spot in fields(self)]
        return json.dumps([_MARK, *facts]).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "BackOrder":
        """Read what `to_json` wrote.

        Raises:
            Malformed: it is something else that was sealed for the worker.
        """
        facts = json.loads(plain)
        if not isinstance(facts, list) or facts[0] != _MARK or len(facts) - 1 != len(fields(cls)):
            raise Malformed
        return cls(*facts[1:])


def opened(relay: RelayKey, sealed: bytes | None) -> BackOrder | None:
    """Return a sealed order; None where it does not open."""
    try:
        return BackOrder.from_json(relay.open(sealed)) if sealed else None
    except (SealBroken, Malformed):
        return None


def end(session: Session, ref: str, state: Back, code: str = "") -> bool:
    """Say what came of a call in the end, and forget whom it was to; tell whether that is new."""
    values: dict[str, Any] = {"state": state, "open_for": None, "sealed": None, "receipt": None}
    is_open = call_backs.c.open_for.is_not(None)
    its = update(call_backs).where(call_backs.c.id == ref, is_open)
    digits = code if code.isascii() and code.isdigit() else ""
    return session.execute(its.values(**values, code=digits[:8])).rowcount == 1
