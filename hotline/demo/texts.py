"""A text as the loopback provider holds it, in the words of the real one's interface."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from hotline.messages import segments

FINAL = frozenset({"received", "delivered", "undelivered", "failed", "canceled", "read"})


@dataclass(repr=False)
class Text:
    """One message; *number* orders them, newest last."""

    number: int
    to: str
    sender: str
    body: str
    direction: str
    status: str
    media: int = 0
    status_callback: str = ""
    error_code: int | None = None
    sid: str = field(default_factory=lambda: new_sid("SM"))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: datetime | None = None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    def shown(self, account_sid: str) -> dict[str, object]:
        """Return the message as the interface shows it."""
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}.json"
        return {
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.sent or self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": str(self.media),
            "num_segments": str(segments(self.body)),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
            "to": self.to,
            "uri": uri,
        }

    def __repr__(self) -> str:
        return f"<Text {self.status}>"


def new_sid(kind: str) -> str:
    """Return a fresh id of the provider's shape."""
    return kind + secrets.token_hex(16)
