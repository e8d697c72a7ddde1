"""Whether and when a reporter may be called, and what came of calls that were asked for; never the number."""

from dataclasses import dataclass
from datetime import datetime

from flask import g

from hotline.contact.call_backs import CallBack, call_backs_of, number_to_call
from hotline.contact.hours import Window
from hotline.contact.on_call import is_on_call
from hotline.contact.ways import hours_of
from hotline.domain.staff import Right
from hotline.store import Session
from hotline.vault.opening import EnvelopeNotFound, Keyholder


@dataclass(frozen=True, slots=True, repr=False)
class Phoning:
    """How somebody may be called. *hours_in_words* are such as no clock reads; *is_here* says that one is on call."""

    window: Window | None
    hours_in_words: str
    word: str
    calls: tuple[CallBack, ...]
    is_here: bool
    at: datetime
    is_told_hours: bool = False

    @property
    def open_call(self) -> CallBack | None:
        return next((call for call in self.calls if call.is_open), None)

    @property
    def is_now(self) -> bool:
        """Tell whether now is within their hours, as far as a clock can tell."""
        return self.window is None or self.window.holds(self.at)

    @property
    def local_now(self) -> datetime | None:
        """What the clock on their wall shows; None where their zone is not known."""
        return self.at.astimezone(self.window.zone) if self.window else None

    @property
    def opens(self) -> datetime | None:
        """When they may be called next, by the clock on their wall; None where that is now."""
        if self.window is None or self.is_now:
            return None
        return self.window.next_opening(self.at).astimezone(self.window.zone)


def phoning(session: Session, keyholder: Keyholder, report_id: str) -> Phoning | None:
    """Return how the reporter may be called; None where they did not ask for calls, or where one may not reply."""
    if not keyholder.may(Right.REPLY):
        return None
    try:
        address, ways = keyholder.open_contact(session, report_id)
    except EnvelopeNotFound:
        return None
    if not number_to_call(address, ways):
        return None
    window, in_words = hours_of(ways)
    return Phoning(
        window,
        in_words,
        ways.get("word", ""),
        tuple(call_backs_of(session, report_id)),
        is_on_call(session, keyholder.staff_id, at=g.at),
        g.at,
        is_told_hours=bool(ways.get("hours", "").strip()),
    )
