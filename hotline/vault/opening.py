"""What someone who signed in can open; who a person is opens through `revealing`, which writes it down first."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select

from hotline.domain.identity import Address
from hotline.domain.staff import RIGHTS, Right, Role
from hotline.errors import NotFound, Refused
from hotline.store import Session, one_of
from hotline.vault.contents import Account, Identity, from_json
from hotline.vault.envelope import PREVIEW_LENGTH, SealBroken, open_field, unwrap_secret
from hotline.vault.epochs import EpochKeys
from hotline.vault.halves import held_wrap, joined
from hotline.vault.keyring import CONTACT, DESK, IDENTITY
from hotline.vault.locks import Locks
from hotline.vault.marks import Supplement
from hotline.vault.member import MemberKeys
from hotline.vault.reviewed import Message, Reviewed, preview_of, reviewed, rows_of
from hotline.vault.roster import MemberEntry
from hotline.vault.sealing import (
    ADDED,
    MARKS,
    PREVIEW_FIELD,
    Spot,
    field_of,
)
from hotline.vault.tables import envelopes
from hotline.vault.words import open_words

PREVIEW_CLOSED = ""
"""What stands in the queue for a preview that does not open."""

_PREVIEWS = select(
    envelopes.c.report_id,
    envelopes.c.seq,
    envelopes.c.desk,
    envelopes.c.epoch_id,
    envelopes.c.audience,
    envelopes.c.wrap,
    envelopes.c.preview,
).where(
    one_of(envelopes.c.report_id, "reports"),
    envelopes.c.seq.in_(bindparam("numbers", expanding=True)),
    envelopes.c.audience.in_((DESK, MARKS)),
)

_CONTACTS = (
    select(
        envelopes.c.report_id,
        envelopes.c.seq,
        envelopes.c.desk,
        envelopes.c.epoch_id,
        envelopes.c.audience,
        envelopes.c.wrap,
        envelopes.c.body,
    )
    .where(one_of(envelopes.c.report_id, "reports"), envelopes.c.audience == CONTACT)
    .order_by(envelopes.c.report_id, envelopes.c.seq)
)

Contact = tuple[Address | None, dict[str, str]]
"""Where, and in which ways, somebody is reached."""


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
        self.locks = locks
        self.epochs = EpochKeys(entry.id, keys.private, locks)

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    def require(self, right: Right) -> None:
        """Do nothing when this person may, else raise `Refused`."""
        if not self.may(right):
            raise Refused

    def open_accounts(
        self, session: Session, report_id: str, seqs: Sequence[int]
    ) -> dict[int, Account]:
        """Return the accounts of many messages of a report by their numbers, with a single query.

        What is missing or broken is left out: one bad row must not hide the conversation.

        Raises:
            Refused: without the right to read.
        """
        opened = self.open_reviews(session, report_id, seqs)
        return {seq: one.account for seq, one in opened.items()}

    def open_reviews(
        self, session: Session, report_id: str, seqs: Sequence[int]
    ) -> dict[int, Reviewed]:
        """Return the accounts of many messages with what people decided about them: as `open_accounts` does.

        Where the record of a review does not open, the account is closed too: it may hold a name.

        Raises:
            Refused: without the right to read.
        """
        self.require(Right.READ)
        found = rows_of(session, [(report_id, seq) for seq in seqs])
        opened = {}
        for (_, seq), rows in found.items():
            try:
                opened[seq] = self._reviewed(session, rows)
            except (SealBroken, KeyError):
                continue
        return opened

    def open_each(self, session: Session, messages: Sequence[Message]) -> dict[Message, Account]:
        """Return the accounts of messages of many reports, with a single query; what is missing or broken is left out.

        Raises:
            Refused: without the right to read.
        """
        self.require(Right.READ)
        found, opened = rows_of(session, messages), {}
        for message in messages:
            with suppress(SealBroken, KeyError):
                opened[message] = self._reviewed(session, found[message]).account
        return opened

    def open_previews(self, session: Session, messages: Sequence[tuple[str, int]]) -> list[str]:
        """Return the preview of each (report id, number), in that order, with a single query.

        What is missing or broken is `PREVIEW_CLOSED`: one bad row must not hide the queue.

        Raises:
            Refused: without the right to read.
        """
        self.require(Right.READ)
        reports, numbers = {report_id for report_id, _ in messages}, {seq for _, seq in messages}
        wanted = {"reports": reports, "numbers": list(numbers)}
        found = session.execute(_PREVIEWS, wanted)
        by_message: dict[tuple[str, int], Any] = {}
        marked = []
        for row in found:
            if row.audience == MARKS:
                marked.append((row.report_id, row.seq))
            else:
                by_message[row.report_id, row.seq] = row
        anew = self._previews_anew(session, marked) if marked else {}
        return [
            anew[message] if message in anew else self._preview(session, by_message.get(message))
            for message in messages
        ]

    def open_contact(self, session: Session, report_id: str) -> Contact:
        """Return where, and in which ways, the reporter is reached: what they said of it last counts.

        Raises:
            Refused: without the right to reply.
            EnvelopeNotFound: no contact is kept.
            SealBroken: it does not open for this desk.
        """
        self.require(Right.REPLY)
        rows = session.execute(_CONTACTS, {"reports": [report_id]}).all()
        if not rows:
            raise EnvelopeNotFound(ref=report_id)
        return self._contact(session, rows)

    def open_contacts(self, session: Session, report_ids: Sequence[str]) -> dict[str, Contact]:
        """Return how the reporters of many reports are reached, with a single query.

        What is missing or broken is left out: one bad row must not hide the queue.

        Raises:
            Refused: without the right to reply.
        """
        self.require(Right.REPLY)
        rows = session.execute(_CONTACTS, {"reports": report_ids})
        found: dict[str, Contact] = {}
        for report_id, its in groupby(rows, key=lambda row: str(row.report_id)):
            with suppress(SealBroken):
                found[report_id] = self._contact(session, its)
        return found

    def open_words(self, session: Session, *, line_id: str, desk: str, sealed: bytes) -> str:
        """Return the words that were sealed into a line of the log.

        Raises:
            Refused: without the right to read the log.
            SealBroken: they do not open for this desk.
        """
        self.require(Right.AUDIT)
        return open_words(session, self.epochs, desk=desk, line_id=line_id, sealed=sealed)

    def open_identity(
        self,
        session: Session,
        report_id: str,
        seq: int,
        *,
        other_halves: Mapping[str, bytes] | None = None,
    ) -> Identity:
        """Return who stands behind a message. Only `revealing` and `requests` call it, after their line is kept.

        *other_halves* are the halves of secrets that this person does not hold, where these were cut in two: by
        audience, because a review may have added words to an identity.

        Raises:
            EnvelopeNotFound: there is no such message.
            SealBroken: it does not open, or not without the other half.
        """
        row = find_row(session, report_id, seq, IDENTITY)
        halves = other_halves or {}
        identity = Identity.from_json(self._open_joined(session, row, halves))
        for one in added_rows(session, report_id, seq):
            if one.wrap2 is None or one.audience in halves:
                added = Supplement.from_json(self._open_joined(session, one, halves))
                identity = replace(identity, entities=added.added_to(identity.entities))
        return identity

    def open_half(self, session: Session, row: Any) -> bytes:
        """Return the half of an identity's secret that this person holds.

        Raises:
            SealBroken: the secret was never cut, or the half does not open.
        """
        if row.wrap2 is None:
            raise SealBroken
        depth, epoch_id, wrap = held_wrap(row, self.half)
        key = self.epochs.get(session, epoch_id)
        bound = row.audience if depth == IDENTITY else depth
        return unwrap_secret(wrap, key, info=Spot.of(row).info(bound, epoch_id))

    def open_row(self, session: Session, row: Any) -> bytes:
        """Return what a row of `envelopes` holds. Accounts and previews open without a trace, identities never.

        Raises:
            SealBroken: it does not open.
        """
        spot = Spot.of(row)
        key = self.epochs.get(session, row.epoch_id)
        secret = unwrap_secret(row.wrap, key, info=spot.info(row.audience, row.epoch_id))
        return open_field(secret, row.body, spot.place(field_of(row.audience)))

    def _open_joined(self, session: Session, row: Any, halves: Mapping[str, bytes]) -> bytes:
        """Return what a row holds whose secret is whole, or of which the other half is among *halves*."""
        if row.wrap2 is None or row.audience not in halves:
            return self.open_row(session, row)
        secret = joined(self.open_half(session, row), halves[row.audience])
        return open_field(secret, row.body, Spot.of(row).place(field_of(row.audience)))

    def _reviewed(self, session: Session, rows: Mapping[str, Any]) -> Reviewed:
        return reviewed(rows, lambda row: self.open_row(session, row))

    def _previews_anew(self, session: Session, messages: Sequence[Message]) -> dict[Message, str]:
        """Return the previews of messages that are under review, as their marks leave them."""
        previews = {}
        for message, rows in rows_of(session, messages).items():
            try:
                previews[message] = preview_of(self._reviewed(session, rows).account)
            except (SealBroken, KeyError):
                previews[message] = PREVIEW_CLOSED
        return previews

    def _contact(self, session: Session, rows: Iterable[Any]) -> Contact:
        where: list[str] | None = None
        ways: dict[str, str] = {}
        for row in rows:
            facts = from_json(self.open_row(session, row))
            where = facts["address"] or where
            ways |= facts["ways"]
        return (None if where is None else Address(*where)), ways

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


def added_rows(session: Session, report_id: str, seq: int) -> Sequence[Any]:
    """Return what reviews added to the identity of a message, in the order in which they did."""
    rows = envelopes.c
    its = (rows.report_id == report_id, rows.seq == seq, rows.audience.startswith(ADDED))
    found = session.execute(select(envelopes).where(*its)).all()
    return sorted(found, key=lambda row: int(row.audience.removeprefix(ADDED)))


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
