"""What a link is to whoever follows it: a page that asks for a PIN, a packet, a visit without one, or nothing at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from hotline.handoff.packet import Packet
from hotline.vault.links import LinkKey

TRIES = 5
"""So many wrong PINs close a link for good to whoever comes with a PIN; who opened it keeps what they opened."""

TRY = timedelta(minutes=1)
"""After so long a try of which nothing is known was none: the process that made it died."""

VISIT = timedelta(minutes=30)
"""How long the right PIN opens what is no packet: a capacity link, or the state of a packet that somebody else opened."""


class Kind(StrEnum):
    PACKET = "packet"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class Link:
    """A link as whoever opened it may know it. *handoff_id* is empty at a capacity link, *name* at any other.

    *opens_by_pin* is false once too many were wrong.
    """

    id: str
    kind: Kind
    handoff_id: str
    report_id: str
    service_id: str
    locale: str
    opened_day: str
    expires_at: datetime
    name: str
    opens_by_pin: bool

    @classmethod
    def of(cls, row: Row[Any]) -> "Link":
        return cls(
            id=row.id,
            kind=Kind(row.kind),
            handoff_id=row.handoff_id or "",
            report_id=row.report_id or "",
            service_id=row.service_id,
            locale=row.locale,
            opened_day=row.opened_day,
            expires_at=row.expires_at,
            name=row.name,
            opens_by_pin=row.wrong < TRIES,
        )

    @property
    def is_opened(self) -> bool:
        return bool(self.opened_day)


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One thing that was said between provider and desk; *words* are empty where they do not open."""

    id: str
    number: int
    by_provider: bool
    day: str
    words: str

    def __repr__(self) -> str:
        return f"<Said {self.number}>"


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What the right PIN opens, or a cookie opens again.

    *ticket* is what the browser keeps (`vault.links.ticket_text`). *key* and *packet* are
    None for whoever did not open it first, and at a capacity link: they see reference, state and the form for what came
    of it. They are None, too, once it *is_closed*: who had opened it is told no more than how it ended. *its* are facts
    of the offer: service_name, need, status, answer_by, outcome, until_day, digest; empty at a capacity link.
    """

    link: Link
    ticket: bytes
    key: LinkKey | None
    packet: Packet | None
    its: Mapping[str, Any]
    talk: tuple[Said, ...] = ()
    is_closed: bool = False

    def __repr__(self) -> str:
        return f"<Opened {self.link.id}>"


@dataclass(frozen=True, slots=True)
class WrongPin:
    """*left* tries until the link is closed for good."""

    left: int


@dataclass(frozen=True, slots=True)
class Closed:
    """There is no such link, or none any more: nobody outside learns which."""
