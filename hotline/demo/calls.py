"""A call and its recordings as the loopback provider holds them: records with states. What happens in one is `calling`'s."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hotline.demo.shelf import new_sid
from hotline.demo.texts import VERSION

INBOUND, OUTBOUND, DIALED = "inbound", "outbound-api", "outbound-dial"
LIVE = frozenset({"queued", "ringing", "in-progress"})
KEPT_AFTER_DELETION = timedelta(days=40)
_RATE = 8000
_HEAD = 44


@dataclass(repr=False)
class Call:
    """One call: from a phone to one of our lines, or from us to a phone.

    *parent* is the call that dialed this one, *answered_by* what the provider takes for the one who picked up.
    """

    sender: str
    to: str
    status: str
    seconds: int = 0
    line_sid: str = ""
    sid: str = field(default_factory=lambda: new_sid("CA"))
    number: int = 0
    put_off: int = 0
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    direction: str = INBOUND
    parent: str = ""
    answered_by: str = ""

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def phone(self) -> str:
        """The other end."""
        return self.sender if self.direction == INBOUND else self.to

    def ends(self, at: datetime, *, seconds: int, status: str = "completed") -> None:
        self.status, self.seconds, self.ended = status, seconds, at

    def shown(self, account_sid: str) -> dict[str, object]:
        """Return the call as the interface shows it."""
        path = f"/{VERSION}/Accounts/{account_sid}/Calls/{self.sid}"
        ended = format_datetime(self.ended) if self.ended else None
        return {
            "account_sid": account_sid,
            "answered_by": self.answered_by or None,
            "api_version": VERSION,
            "caller_name": None,
            "date_created": format_datetime(self.created),
            "date_updated": ended or format_datetime(self.created),
            "direction": self.direction,
            "duration": str(self.seconds) if self.ended else None,
            "end_time": ended,
            "forwarded_from": None,
            "from": self.sender,
            "from_formatted": self.sender,
            "group_sid": None,
            "parent_call_sid": self.parent or None,
            "phone_number_sid": self.line_sid or None,
            "price": None,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "start_time": format_datetime(self.created),
            "status": self.status,
            "subresource_uris": {
                name: f"{path}/{name.title().replace('_', '')}.json"
                for name in ("events", "notifications", "payments", "recordings", "transcriptions")
            },
            "to": self.to,
            "to_formatted": self.to,
            "trunk_sid": None,
            "uri": f"{path}.json",
        }

    def __repr__(self) -> str:
        return f"<Call {self.status}>"


@dataclass(repr=False)
class Recording:
    """What was recorded of a call; without a *content* of its own it is silence.

    Its sound is gone once *deleted*; its record stays for 40 days.
    """

    call_sid: str
    seconds: int
    status: str
    content: bytes = b""
    source: str = "RecordVerb"
    sid: str = field(default_factory=lambda: new_sid("RE"))
    number: int = 0
    put_off: int = 0
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    deleted: datetime | None = None

    phone = ""

    @property
    def size(self) -> int:
        return len(self.content) or _HEAD + 2 * _RATE * self.seconds

    def pieces(self) -> Iterator[bytes]:
        """Yield the sound, a piece at a time: an hour of it is never in memory whole."""
        if self.content:
            yield self.content
            return
        yield _head(2 * _RATE * self.seconds)
        for _ in range(self.seconds):
            yield bytes(2 * _RATE)

    def goes(self, at: datetime) -> None:
        self.content, self.status, self.deleted = b"", "deleted", at

    def is_remembered(self, at: datetime) -> bool:
        return self.deleted is None or at - self.deleted < KEPT_AFTER_DELETION

    def shown(self, account_sid: str) -> dict[str, object]:
        """Return the recording as the account's own list shows it."""
        path = f"/{VERSION}/Accounts/{account_sid}/Recordings/{self.sid}"
        price = None if self.status == "processing" else "-0.00250"
        return self._common(account_sid) | {
            "media_url": f"https://api.twilio.com{path}",
            "price": price,
            "subresource_uris": {
                "add_on_results": f"{path}/AddOnResults.json",
                "transcriptions": f"{path}/Transcriptions.json",
            },
            "uri": f"{path}.json",
        }

    def shown_in_call(self, account_sid: str) -> dict[str, object]:
        """Return the recording as the list of its call shows it."""
        path = f"/{VERSION}/Accounts/{account_sid}/Calls/{self.call_sid}/Recordings/{self.sid}"
        return self._common(account_sid) | {"price": None, "track": None, "uri": f"{path}.json"}

    def _common(self, account_sid: str) -> dict[str, object]:
        return {
            "account_sid": account_sid,
            "api_version": VERSION,
            "call_sid": self.call_sid,
            "channels": 1,
            "conference_sid": None,
            "date_created": format_datetime(self.created),
            "date_updated": format_datetime(self.deleted or self.created),
            "duration": str(self.seconds) if self.status != "processing" else None,
            "encryption_details": None,
            "error_code": None,
            "price_unit": "USD",
            "sid": self.sid,
            "source": self.source,
            "start_time": format_datetime(self.created),
            "status": self.status,
        }

    def __repr__(self) -> str:
        return f"<Recording {self.status}>"


def _head(size: int) -> bytes:
    """Return what a WAV file of *size* bytes of sound begins with: one channel, 16 bits."""
    form = struct.pack("<HHIIHH", 1, 1, _RATE, 2 * _RATE, 2, 16)
    return (
        b"RIFF" + struct.pack("<I", size + _HEAD - 8) + b"WAVEfmt " + struct.pack("<I", len(form))
        + form + b"data" + struct.pack("<I", size)
    )  # fmt: skip
