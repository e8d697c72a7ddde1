"""Seal what a message says, at each of its depths, to the people who may read that depth.

One fresh secret per message and audience; the desk's secret opens the account and its preview.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert

from hotline.domain.identity import Address, Label
from hotline.domain.report import Reason
from hotline.store import Session
from hotline.vault.envelope import (
    PREVIEW_CAPACITY,
    Place,
    Purpose,
    new_secret,
    seal_field,
    wrap_info,
    wrap_secret,
)
from hotline.vault.halves import wrap_identity
from hotline.vault.keyring import CONTACT, DESK, IDENTITY, REPORTER, EpochKey, Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.tables import envelopes as envelope_rows

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

CONTACT_SEQ = 0
_INSERT = insert(envelope_rows)
PREVIEW_FIELD = "preview"
URGENT = "urgent"
FIELDS = {
    DESK: "account",
    IDENTITY: "identity",
    CONTACT: "contact",
    REPORTER: "answer",
    URGENT: "urgent",
}
"""The field that each audience's body is sealed as; part of the format."""
DEPTH_OF = {DESK: DESK, IDENTITY: IDENTITY, CONTACT: CONTACT, URGENT: CONTACT}
"""The depth whose epoch opens an audience's first wrap: what saves a life is open to whoever may reply."""
_WHERE = (Label.PLACE, Label.ADDRESS, Label.VENUE)
_PLACEHOLDER = re.compile(r"\[?([A-Z_]+) (\d{1,4})\]?")


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """What was said, without who: redacted *text* with its placeholders.

    *tags* says, per placeholder, which identifier of the thread it is; *reasons* point into *text*; *details*
    are finer facts that must not lie in the clear (town, age, dates).
    """

    text: str
    language: str = "und"
    tags: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[Reason] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> bytes:
        reasons = [[reason.rule, reason.start, reason.end] for reason in self.reasons]
        return to_json({**_shallow(self), "reasons": reasons})

    @classmethod
    def from_json(cls, plain: bytes) -> "Account":
        facts = from_json(plain)
        return cls(**{**facts, "reasons": tuple(Reason(*reason) for reason in facts["reasons"])})

    def __repr__(self) -> str:
        return "<Account>"


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """Who: the original words, the sender, and what each placeholder stands for."""

    original: str
    sender: str = ""
    entities: Sequence[tuple[str, str]] = ()
    contact: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return to_json(_shallow(self))

    @classmethod
    def from_json(cls, plain: bytes) -> "Identity":
        facts = from_json(plain)
        pairs = tuple((placeholder, original) for placeholder, original in facts["entities"])
        return cls(**{**facts, "entities": pairs})

    def __repr__(self) -> str:
        return "<Identity>"


@dataclass(frozen=True, slots=True, repr=False)
class Urgent:
    """What sends help: under which number someone is reached, and where they are.

    *numbers* and *places* as they were written; the sender's own number stands first.
    """

    numbers: Sequence[str] = ()
    places: Sequence[str] = ()

    @classmethod
    def of(cls, identity: Identity) -> "Urgent":
        """Return what of *identity* an emergency needs, and nothing else of it."""
        told = [identity.contact.get("place", "")]
        told += [words for name, words in identity.entities if _is_where(name)]
        numbers = [identity.sender, identity.contact.get("number", "")]
        return cls(_each_once(numbers), _each_once(told))

    def __bool__(self) -> bool:
        return bool(self.numbers or self.places)

    def __add__(self, other: "Urgent") -> "Urgent":
        numbers = _each_once([*self.numbers, *other.numbers])
        return Urgent(numbers, _each_once([*self.places, *other.places]))

    def to_json(self) -> bytes:
        return to_json(_shallow(self))

    @classmethod
    def from_json(cls, plain: bytes) -> "Urgent":
        facts = from_json(plain)
        return cls(tuple(facts["numbers"]), tuple(facts["places"]))

    def __repr__(self) -> str:
        return "<Urgent>"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One row of `envelopes`: a message at one depth, for one audience.

    With *wrap2* each wrap holds a half of the secret only.
    """

    report_id: str
    seq: int
    audience: str
    desk: str
    epoch_id: str
    wrap: bytes = field(repr=False)
    body: bytes = field(repr=False)
    preview: bytes | None = field(default=None, repr=False)
    epoch2_id: str | None = None
    wrap2: bytes | None = field(default=None, repr=False)


def seal_message(
    keyring: Keyring,
    *,
    desk: str,
    report_id: str,
    seq: int,
    account: Account,
    preview: str,
    identity: Identity | None = None,
    reporter_public: PublicKey | None = None,
) -> tuple[Envelope, ...]:
    """Return the envelopes of message *seq* (from 1): the desk's, and those of whoever else may read of it.

    *preview* is cut to 508 bytes of UTF-8. With *reporter_public* (answers only) the account is also sealed to
    the reporter, whose return code then opens it. At a desk with four eyes what an emergency needs of *identity*
    is also sealed apart, because such an act waits for nobody.

    Raises:
        NotFound: there is no such desk.
    """
    spot = Spot(desk, report_id, seq)
    said = account.to_json()
    sealed = [spot.seal(keyring.current(desk, DESK), DESK, said, preview=cut_preview(preview))]
    if identity is not None:
        sealed += _seal_identity(keyring, spot, identity)
    if reporter_public is not None:
        reporter = EpochKey(REPORTER, reporter_public)
        sealed.append(spot.seal(reporter, REPORTER, said))
    return tuple(sealed)


def _seal_identity(keyring: Keyring, spot: "Spot", identity: Identity) -> list[Envelope]:
    secret = new_secret()
    wraps = wrap_identity(keyring, spot.desk, secret, spot.info)
    sealed = [
        Envelope(
            spot.report_id,
            spot.seq,
            IDENTITY,
            spot.desk,
            wraps.epoch_id,
            wraps.wrap,
            seal_field(secret, identity.to_json(), spot.place(FIELDS[IDENTITY])),
            epoch2_id=wraps.epoch2_id,
            wrap2=wraps.wrap2,
        )
    ]
    urgent = Urgent.of(identity) if wraps.wrap2 else None
    if urgent:
        sealed.append(spot.seal(keyring.current(spot.desk, CONTACT), URGENT, urgent.to_json()))
    return sealed


def seal_contact(
    keyring: Keyring,
    *,
    desk: str,
    report_id: str,
    address: Address | None,
    ways: Mapping[str, str],
) -> Envelope:
    """Return the contact record of a report: where, and in which *ways* (hours, cover) its reporter is reached."""
    where = None if address is None else [address.channel, address.value]
    plain = to_json({"address": where, "ways": dict(ways)})
    return Spot(desk, report_id, CONTACT_SEQ).seal(keyring.current(desk, CONTACT), CONTACT, plain)


def keep(session: Session, envelopes: Iterable[Envelope]) -> None:
    """Insert *envelopes*."""
    session.execute(_INSERT, [_shallow(envelope) for envelope in envelopes])


def replace_contact(session: Session, envelope: Envelope) -> None:
    """Keep a newer contact record in place of the report's earlier one."""
    rows = envelope_rows.c
    session.execute(
        delete(envelope_rows).where(
            rows.report_id == envelope.report_id,
            rows.seq == CONTACT_SEQ,
            rows.audience == CONTACT,
        )
    )
    keep(session, [envelope])


@dataclass(frozen=True, slots=True)
class Spot:
    """A message of a report: what its places and its envelopes have in common."""

    desk: str
    report_id: str
    seq: int

    def place(self, field_name: str) -> Place:
        return Place(Purpose.RECORD, self.desk, self.report_id, field_name, self.seq)

    def info(self, audience: str, epoch_id: str) -> bytes:
        place = Place(Purpose.MESSAGE_SECRET, self.desk, self.report_id, audience, self.seq)
        return wrap_info(place, epoch_id)

    def seal(
        self, epoch: EpochKey, audience: str, plain: bytes, *, preview: bytes | None = None
    ) -> Envelope:
        """Seal *plain* under a fresh secret, and *preview*, where there is one, under the same."""
        secret = new_secret()
        return Envelope(
            self.report_id,
            self.seq,
            audience,
            self.desk,
            epoch.id,
            wrap_secret(secret, epoch.public, info=self.info(audience, epoch.id)),
            seal_field(secret, plain, self.place(FIELDS[audience])),
            None if preview is None else seal_field(secret, preview, self.place(PREVIEW_FIELD)),
        )


def cut_preview(text: str) -> bytes:
    """Return as much of *text* as a preview holds, in whole characters."""
    return text.encode("utf-8", "replace")[:PREVIEW_CAPACITY].decode("utf-8", "ignore").encode()


def to_json(facts: Mapping[str, Any]) -> bytes:
    """Return *facts* as JSON that keeps whatever a person typed, lone surrogates too."""
    return _JSON.encode(facts).encode("utf-8", "surrogatepass")


def from_json(plain: bytes) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(plain.decode("utf-8", "surrogatepass"))
    return facts


def placeholder_of(name: str) -> tuple[Label, int] | None:
    """Return label and number of a placeholder, with or without its brackets; None when it is none."""
    found = _PLACEHOLDER.fullmatch(name)
    if found is None or found[1] not in Label.__members__:
        return None
    return Label(found[1]), int(found[2])


def _is_where(name: str) -> bool:
    placeholder = placeholder_of(name)
    return placeholder is not None and placeholder[0] in _WHERE


def _each_once(told: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, told)))


def _shallow(value: Account | Identity | Urgent | Envelope) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}
