"""A text as the loopback provider holds it, with its pictures, in the words of the real one's interface."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from hotline.demo.faults import faults
from hotline.demo.shelf import new_sid
from hotline.messages import segments

FINAL = frozenset({"received", "delivered", "undelivered", "failed", "canceled", "read"})
VERSION = "2010-04-01"


@dataclass(repr=False)
class Picture:
    """One file that came with a text."""

    kind: str
    content: bytes
    sid: str = field(default_factory=lambda: new_sid("ME"))
    number: int = 0
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def shown(self, account_sid: str, parent: str) -> dict[str, object]:
        """Return the picture as the interface shows it."""
        return {
            "account_sid": account_sid,
            "content_type": self.kind,
            "date_created": format_datetime(self.created),
            "date_updated": format_datetime(self.created),
            "parent_sid": parent,
            "sid": self.sid,
            "uri": f"/{VERSION}/Accounts/{account_sid}/Messages/{parent}/Media/{self.sid}.json",
        }

    def __repr__(self) -> str:
        return "<Picture>"


@dataclass(repr=False)
class Text:
    """One message. *links* are pictures of ours that somebody else keeps; only their number is known.

    *opted* is the keyword that the provider took it for, where it says so; *carried* are the words that it left
    with: whoever empties its body later empties the provider's record, not what is on its way to a phone.
    """

    to: str
    sender: str
    body: str
    direction: str
    status: str
    pictures: list[Picture] = field(default_factory=list)
    links: int = 0
    status_callback: str = ""
    service: str = ""
    opted: str = ""
    validity: int = 36000
    error_code: int | None = None
    price: float | None = None
    put_off: int = 0
    sid: str = ""
    number: int = 0
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: datetime | None = None
    carried: str = ""

    def __post_init__(self) -> None:
        self.sid = self.sid or new_sid("MM" if self.media else "SM")

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def media(self) -> int:
        return len(self.pictures) + self.links

    @property
    def parts(self) -> int:
        """How many SMS it takes; with a Messaging Service the provider says so only when it sends."""
        return 0 if self.status == "accepted" else segments(self.body)

    @property
    def phone(self) -> str:
        """The other end."""
        return self.sender if self.direction == "inbound" else self.to

    def picture(self, sid: str) -> Picture | None:
        return next((picture for picture in self.pictures if picture.sid == sid), None)

    def shown(self, account_sid: str) -> dict[str, object]:
        """Return the message as the interface shows it."""
        path = f"/{VERSION}/Accounts/{account_sid}/Messages/{self.sid}"
        fate = faults().fates.get(self.error_code or 0)
        return {
            "account_sid": account_sid,
            "api_version": VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.sent or self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": fate.message if fate else None,
            "from": self.sender or None,
            "messaging_service_sid": self.service or None,
            "num_media": str(self.media),
            "num_segments": str(self.parts),
            "price": None if self.price is None else f"{-self.price:.5f}",
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": self.to,
            "uri": f"{path}.json",
        }

    def __repr__(self) -> str:
        return f"<Text {self.status}>"


def pictures_of(files: Sequence[tuple[str, bytes]]) -> list[Picture]:
    return [Picture(kind, content) for kind, content in files]
