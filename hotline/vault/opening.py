"""What someone who signed in can open; who a person is opens through `revealing`, which writes it down first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from hotline.domain.identity import Address
from hotline.domain.staff import RIGHTS, Right, Role
from hotline.errors import NotFound, Refused
from hotline.store import Session
from hotline.vault.contents import Account, Identity, from_json
from hotline.vault.envelope import PREVIEW_LENGTH, SealBroken, open_field, unwrap_secret
from hotline.vault.epochs import EpochKeys
from hotline.vault.halves import held_wrap, joined
from hotline.vault.keyring import CONTACT, DESK, IDENTITY
from hotline.vault.locks import Locks
from hotline.vault.member import MemberKeys
from hotline.vault.roster import MemberEntry
from hotline.vault.sealing import FIELDS, PREVIEW_FIELD, Spot
from hotline.vault.tables import envelopes
from hotline.vault.words import open_words

PREVIEW_CLOSED = ""
"""What stands in the queue for a preview that does not open."""

_PREVIEWS = select(
    envelopes.c.report_id,
    envelopes.c.seq,
    envelopes.c.desk,
    envelopes.c.epoch_id,
    envelopes.c.wrap,
    envelopes.c.preview,
).where(
    envelopes.c.report_id.in_(bindparam("reports", expanding=True)),
    envelopes.c.seq.in_(bindparam("numbers", expanding=True)),
    envelopes.c.audience == DESK,
)

_CONTACTS = (
    select(envelopes)
    .where(envelopes.c.report_id == bindparam("report_id"), envelopes.c.audience == CONTACT)
    .order_by(envelopes.c.seq)
)


class EnvelopeNotFound(NotFound):
    default_message = "nothing is sealed there"


class Keyholder:
    """Someone signed in, for as long as one request lasts. Who they are and may be comes from the roster."""

    def __init__(self, entry: MemberEntry, keys: MemberKeys, locks: Locks) -> None:
        self.staff_id = entry.id
        self.username = entry.username
        self.name = entry.name
        self.pseudonym = entry.pseudonym
        self.desk = entry.desk
        self.role: Role = entry.role
        self.half = entry.half
        self.keys = keys
        self.epochs = EpochKeys(entry.id, keys.private, locks)

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    def require(self, right: Right) -> None:
        """Do nothing when this person may, else raise `Refused`."""
        if not self.may(right):
            raise Refused

    def open_account(self, session: Session, report_id: str, seq: int) -> Account:
        """Return the redacted account of a message.

        Raises:
            Refused: without the right to read.
            EnvelopeNotFound: there is no such message.
            SealBroken: it does not open for this desk.
        """
        self.require(Right.READ)
        return Account.from_json(self._open(session, report_id, seq, DESK))

    def open_accounts(
        self, session: Session, report_id: str, seqs: Sequence[int]
    ) -> dict[int, Account]:
        """Return the accounts of many messages of a report by their numbers, with a single query.

        What is missing or broken is left out: one bad row must not hide the conversation.

        Raises:
            Refused: without the right to read.
        """
        self.require(Right.READ)
        rows = envelopes.c
        found = session.execute(
            select(envelopes).where(
                rows.report_id == report_id, rows.seq.in_(seqs), rows.audience == DESK
            )
        ).all()
        accounts = {}
        for row in found:
            try:
                accounts[row.seq] = Account.from_json(self.open_row(session, row))
            except SealBroken:
                continue
        return accounts

    def open_previews(self, session: Session, messages: Sequence[tuple[str, int]]) -> list[str]:
        """Return the preview of each (report id, number), in that order, with a single query.

        What is missing or broken is `PREVIEW_CLOSED`: one bad row must not hide the queue.

        Raises:
            Refused: without the right to read.
        """
        self.require(Right.READ)
        reports, numbers = {report_id for report_id, _ in messages}, {seq for _, seq in messages}
        wanted = {"reports": list(reports), "numbers": list(numbers)}
        found = session.execute(_PREVIEWS, wanted)
        by_message: dict[tuple[str, int], Any] = {(row.report_id, row.seq): row for row in found}
        return [self._preview(session, by_message.get(message)) for message in messages]

    def open_contact(
        self, session: Session, report_id: str
    ) -> tuple[Address | None, dict[str, str]]:
        """Return where, and in which ways, the reporter is reached: what they said of it last counts.

        Raises:
            Refused: without the right to reply.
            EnvelopeNotFound: no contact is kept.
            SealBroken: it does not open for this desk.
        """
        self.require(Right.REPLY)
        rows = session.execute(_CONTACTS, {"report_id": report_id}).all()
        if not rows:
            raise EnvelopeNotFound(ref=report_id)
        where: list[str] | None = None
        ways: dict[str, str] = {}
        for row in rows:
            facts = from_json(self.open_row(session, row))
            where = facts["address"] or where
            ways |= facts["ways"]
        return (None if where is None else Address(*where)), ways

    def open_words(self, session: Session, *, line_id: str, desk: str, sealed: bytes) -> str:
        """Return the words that were sealed into a line of the log.

        Raises:
            Refused: without the right to read the log.
            SealBroken: they do not open for this desk.
        """
        self.require(Right.AUDIT)
        return open_words(session, self.epochs, desk=desk, line_id=line_id, sealed=sealed)

    def open_identity(
        self, session: Session, report_id: str, seq: int, *, other_half: bytes | None = None
    ) -> Identity:
        """Return who stands behind a message. Only `revealing` and `requests` call it, after their line is kept.

        *other_half* is the half of the secret that this person does not hold, where it was cut in two.

        Raises:
            EnvelopeNotFound: there is no such message.
            SealBroken: it does not open, or not without the other half.
        """
        row = find_row(session, report_id, seq, IDENTITY)
        if other_half is None:
            return Identity.from_json(self.open_row(session, row))
        secret = joined(self.open_half(session, row), other_half)
        place = Spot.of(row).place(FIELDS[IDENTITY])
        return Identity.from_json(open_field(secret, row.body, place))

    def open_half(self, session: Session, row: Any) -> bytes:
        """Return the half of an identity's secret that this person holds.

        Raises:
            SealBroken: the secret was never cut, or the half does not open.
        """
        if row.wrap2 is None:
            raise SealBroken
        depth, epoch_id, wrap = held_wrap(row, self.half)
        key = self.epochs.get(session, epoch_id)
        return unwrap_secret(wrap, key, info=Spot.of(row).info(depth, epoch_id))

    def open_row(self, session: Session, row: Any) -> bytes:
        """Return what a row of `envelopes` holds. Accounts and previews open without a trace, identities never.

        Raises:
            SealBroken: it does not open.
        """
        spot = Spot.of(row)
        key = self.epochs.get(session, row.epoch_id)
        secret = unwrap_secret(row.wrap, key, info=spot.info(row.audience, row.epoch_id))
        return open_field(secret, row.body, spot.place(FIELDS[row.audience]))

    def _open(self, session: Session, report_id: str, seq: int, audience: str) -> bytes:
        return self.open_row(session, find_row(session, report_id, seq, audience))

    def _preview(self, session: Session, row: Any) -> str:
        if row is None or row.preview is None:
            return PREVIEW_CLOSED
        spot = Spot.of(row)
        try:
            key = self.epochs.get(session, row.epoch_id)
            secret = unwrap_secret(row.wrap, key, info=spot.info(DESK, row.epoch_id))
            place = spot.place(PREVIEW_FIELD)
            return open_field(secret, row.preview, place, length=PREVIEW_LENGTH).decode()
        except SealBroken:
            return PREVIEW_CLOSED

    def __repr__(self) -> str:
        return f"<Keyholder {self.staff_id}>"


def find_row(session: Session, report_id: str, seq: int, audience: str) -> Any:
    """Return the row of `envelopes` for one audience of a message.

    Raises:
        EnvelopeNotFound: there is none.
    """
    rows = envelopes.c
    row = session.execute(
        select(envelopes).where(
            rows.report_id == report_id, rows.seq == seq, rows.audience == audience
        )
    ).one_or_none()
    if row is None:
        raise EnvelopeNotFound(ref=report_id)
    return row
