"""How somebody is reached, and when: what they said of it, opened by a caseworker who may answer them."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from hotline.contact.hours import Window
from hotline.domain.identity import Address
from hotline.domain.report import Channel
from hotline.errors import Refused
from hotline.store import Session
from hotline.vault.keys import PublicKey
from hotline.vault.opening import EnvelopeNotFound, Keyholder
from hotline.vault.reporters import CodeNotOurs, reporter_public

log = logging.getLogger(__name__)

LONGEST = {Channel.SMS: 1600, Channel.WHATSAPP: 1600}
"""Characters that a provider takes in one text."""

ANY = ("", "any")


class NoWayBack(Refused):
    """The reporter left no number, and no code was given to them: nothing that we write can reach them."""

    default_message = "there is no way to reach this reporter"


@dataclass(frozen=True, slots=True, repr=False)
class Way:
    """How an answer reaches a reporter: by text, by their return code, or by both.

    *window* is when they may be written to; where they told their hours in words that no clock reads, those
    are *hours_in_words*. *is_false* says that somebody put a key of their own in the place of the reporter's:
    the code is no way then. *only_by_code* is what they chose.
    """

    channel: Channel | None
    address: Address | None
    line: str
    reporter: PublicKey | None
    is_false: bool = False
    window: Window | None = None
    hours_in_words: str = ""
    not_before: datetime | None = None
    only_by_code: bool = False
    said: dict[str, str] = field(default_factory=dict)

    def next_opening(self, at: datetime) -> datetime:
        """Return when, from *at* on, they may be written to next."""
        start = max(at, self.not_before or at)
        return self.window.next_opening(start) if self.window else start


def way_back(session: Session, keyholder: Keyholder, report_id: str, *, house_public: bytes) -> Way:
    """Return how the reporter is reached.

    Raises:
        Refused: without the right to reply.
        NoWayBack: they cannot be reached.
    """
    try:
        address, ways = keyholder.open_contact(session, report_id)
    except EnvelopeNotFound:
        address, ways = None, {}
    channel = Channel(address.channel) if address and address.channel in LONGEST else None
    reporter, is_false = code_of(session, report_id, house_public=house_public)
    if channel is None and reporter is None:
        raise NoWayBack(ref=report_id)
    window, in_words = hours_of(ways)
    return Way(
        channel=channel,
        address=address if channel else None,
        line=ways.get("line", ""),
        reporter=reporter,
        is_false=is_false,
        window=window,
        hours_in_words=in_words,
        not_before=instant(ways.get("not_before", "")),
        only_by_code=ways.get("how") in ("code", "here") and reporter is not None,
        said=ways,
    )


def code_of(
    session: Session, report_id: str, *, house_public: bytes
) -> tuple[PublicKey | None, bool]:
    """Return the reporter's key, and whether what stands there is not theirs."""
    try:
        return reporter_public(session, report_id, house_public=house_public), False
    except CodeNotOurs:
        log.warning("return code refused")
        return None, True


def hours_of(ways: dict[str, str]) -> tuple[Window | None, str]:
    """Return the hours that are safe, or what was said of them where no clock reads that; neither is any time."""
    hours = ways.get("hours", "").strip()
    if hours in ANY:
        return None, ""
    window = Window.parse(hours, ways.get("zone", ""))
    return window, "" if window else hours


def instant(written: str) -> datetime | None:
    """Read a moment as it stands among what was said of being reached; None where it is none."""
    try:
        instant = datetime.fromisoformat(written)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
