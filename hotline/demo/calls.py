"""A call and its recordings as the loopback provider holds them: records with states, without a voice."""

import io
import wave
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hotline.demo.shelf import new_sid
from hotline.demo.texts import VERSION

LIVE = frozenset({"queued", "ringing", "in-progress"})
KEPT_AFTER_DELETION = timedelta(days=40)
_RATE = 8000


@dataclass(repr=False)
class Call:
    """One call from a phone to one of our lines."""

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

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def phone(self) -> str:
        return self.sender

    def ends(self, at: datetime, *, seconds: int, status: str = "completed") -> None:
        self.status, self.seconds, self.ended = status, seconds, at

    def shown(self, account_sid: str) -> dict[str, object]:
        """Return the call as the interface shows it."""
        path = f"/{VERSION}/Accounts/{account_sid}/Calls/{self.sid}"
        ended = format_datetime(self.ended) if self.ended else None
        return {
            "account_sid": account_sid,
            "answered_by": None,
            "api_version": VERSION,
            "caller_name": None,
            "date_created": format_datetime(self.created),
            "date_updated": ended or format_datetime(self.created),
            "direction": "inbound",
            "duration": str(self.seconds) if self.ended else None,
            "end_time": ended,
            "forwarded_from": None,
            "from": self.sender,
            "from_formatted": self.sender,
            "group_sid": None,
            "parent_call_sid": None,
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
    """What was recorded of a call. Its sound is gone once *deleted*; its record stays for 40 days."""

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

    def __post_init__(self) -> None:
        self.content = self.content or silence(self.seconds)

    phone = ""

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


def silence(seconds: int) -> bytes:
    """Return *seconds* of silence as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(bytes(2 * _RATE * seconds))
    return file.getvalue()
