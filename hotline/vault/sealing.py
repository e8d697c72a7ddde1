"""Seal what a message says, at each of its depths, to the people who may read that depth.

One fresh secret per message and audience; the desk's secret opens the account and its preview.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from hotline.domain.identity import Address
from hotline.statements import Statement
from hotline.store import Session
from hotline.vault.contents import Account, Identity, Urgent, shallow, to_json
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

CONTACT_SEQ = 0
_INSERT = Statement(insert(envelope_rows))
PREVIEW_FIELD = "preview"
URGENT = "urgent"
MARKS = "marks"
ADDED = "added"
"""What a finished review adds to an identity. Of these, and of what an emergency needs of them, a message may have
several: ``added1``, ``urgent1`` and so on."""
FIELDS = {
    DESK: "account",
    IDENTITY: "identity",
    CONTACT: "contact",
    REPORTER: "answer",
    URGENT: "urgent",
    MARKS: "marks",
    ADDED: "added",
}
"""The field that each audience's body is sealed as; part of the format."""


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
    return seal_who(keyring, spot, identity.to_json(), identity, IDENTITY, URGENT)


def seal_who(
    keyring: Keyring, spot: "Spot", plain: bytes, identity: Identity, audience: str, beside: str
) -> list[Envelope]:
    """Seal *plain* as *audience* to who may reveal; with four eyes also, *beside* it, what an emergency needs."""

    def info(depth: str, epoch_id: str) -> bytes:
        return spot.info(audience if depth == IDENTITY else depth, epoch_id)

    secret = new_secret()
    wraps = wrap_identity(keyring, spot.desk, secret, info)
    sealed = [
        Envelope(
            spot.report_id,
            spot.seq,
            audience,
            spot.desk,
            wraps.epoch_id,
            wraps.wrap,
            seal_field(secret, plain, spot.place(field_of(audience))),
            epoch2_id=wraps.epoch2_id,
            wrap2=wraps.wrap2,
        )
    ]
    urgent = Urgent.of(identity) if wraps.wrap2 else None
    if urgent:
        sealed.append(spot.seal(keyring.current(spot.desk, CONTACT), beside, urgent.to_json()))
    return sealed


def seal_contact(
    keyring: Keyring,
    *,
    desk: str,
    report_id: str,
    address: Address | None,
    ways: Mapping[str, str],
    seq: int = CONTACT_SEQ,
) -> Envelope:
    """Return a contact record of a report: where, and in which *ways* (hours, cover) its reporter is reached.

    The first is made with the report. What a later message *seq* says of it is a record of its own: nobody here can
    open the first one to change it.
    """
    where = None if address is None else [address.channel, address.value]
    plain = to_json({"address": where, "ways": dict(ways)})
    return Spot(desk, report_id, seq).seal(keyring.current(desk, CONTACT), CONTACT, plain)


def keep(session: Session, envelopes: Iterable[Envelope]) -> None:
    """Insert *envelopes*."""
    _INSERT.run_each(session, [shallow(envelope) for envelope in envelopes])


@dataclass(frozen=True, slots=True)
class Spot:
    """A message of a report: what its places and its envelopes have in common."""

    desk: str
    report_id: str
    seq: int

    @classmethod
    def of(cls, row: Any) -> "Spot":
        """Return where a row of `envelopes` belongs."""
        return cls(row.desk, row.report_id, row.seq)

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
            seal_field(secret, plain, self.place(field_of(audience))),
            None if preview is None else seal_field(secret, preview, self.place(PREVIEW_FIELD)),
        )


def field_of(audience: str) -> str:
    """Return the field that a body is sealed as; of what a message may have several of the number does not count."""
    return FIELDS[audience.rstrip("0123456789")]


def cut_preview(text: str) -> bytes:
    """Return as much of *text* as a preview holds, in whole characters."""
    return text.encode("utf-8", "replace")[:PREVIEW_CAPACITY].decode("utf-8", "ignore").encode()
