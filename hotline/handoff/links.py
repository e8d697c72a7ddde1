"""A link to one provider: made, found, opened once by its PIN, resumed by whoever opened it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline.handoff.packet import Packet
from hotline.store import Session, Store
from hotline.vault.links import LinkDesk, LinkKey
from hotline.vault.opening import Keyholder

TRIES = 5
"""So many wrong PINs close a link for good."""


class Kind(StrEnum):
    PACKET = "packet"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class Link:
    """One that opens, or was opened. *service_name* is empty at a capacity link, *name* at any other."""

    id: str
    kind: Kind
    handoff_id: str
    report_id: str
    service_id: str
    locale: str
    opened_day: str
    expires_at: datetime
    name: str

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


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What the right PIN opens.

    *ticket* is what the browser keeps in its cookie (`vault.links.ticket_text`), until *lasts_until*. *key* and *packet*
    are None for whoever did not open it first: they see reference, state and the form for what came of it, no more.
    At a capacity link both are None, too. *its* are facts of the offer: service_name, need, status, answer_by, outcome,
    until_day, digest; empty at a capacity link.
    """

    link: Link
    ticket: bytes
    lasts_until: datetime
    key: LinkKey | None
    packet: Packet | None
    its: Mapping[str, Any]
    talk: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class WrongPin:
    """*left* tries until the link is closed for good."""

    left: int


@dataclass(frozen=True, slots=True)
class Closed:
    """There is no such link, or none any more: nobody outside learns which."""


def ask(
    session: Session,
    keyholder: Keyholder,
    *,
    offer_id: str,
    packet: Packet,
    key: LinkKey,
    token_lookup: bytes,
    locale: str,
    answer_by: datetime,
    at: datetime,
    prepared_id: str = "",
) -> str:
    """Ask the provider of an offer by a link, and return the link's id. *token_lookup* is `vault.links.lookup` of the token.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: their desk has no such offer.
        ConsentRefused: what is in *packet* may not be told to that organization, or not until that day.
        Conflict: it is asked, accepted or withdrawn already, or somebody took the person in for that need.
    """
    raise NotImplementedError


def find(session: Session, token: str, at: datetime) -> Link | None:
    """Return the link of *token* that opens or was opened; None for whatever does not, whichever the reason. Changes nothing."""
    raise NotImplementedError


def try_pin(
    store: Store, links: LinkDesk, token: str, pin: str, at: datetime
) -> Opened | WrongPin | Closed:
    """Open a link by the PIN that somebody typed: to be called outside any transaction, on POST only.

    The try is counted before it is known whether it is right, so that two at once are two.
    """
    raise NotImplementedError


def resume(session: Session, token: str, ticket: bytes, at: datetime) -> Opened | None:
    """Return what a browser may see that holds *ticket* (`vault.links.read_ticket` of its cookie); None where it is closed."""
    raise NotImplementedError


def write_capacity_link(
    session: Session,
    *,
    service_id: str,
    name: str,
    public_key: bytes,
    token_lookup: bytes,
    locale: str,
    expires_at: datetime,
) -> str:
    """Keep a capacity link for one service and return its id; who may make one is decided by the caller."""
    raise NotImplementedError


def close(session: Session, link_id: str) -> bool:
    """Close one link for good; False where it was closed already."""
    raise NotImplementedError


def close_links(session: Session, report_id: str) -> None:
    """Close every link about a report, as when its case ends; what was accepted stays accepted."""
    raise NotImplementedError
