"""Keep the clean copy of a file, which a signed-in session made, and what it found out on the way.

The original stays as it came: its chunks, its head and its digest are never touched.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Conflict, NotFound
from hotline.store import Session, Store
from hotline.vault.attachments import (
    HEAD,
    Attachment,
    FileSpot,
    Head,
    keep_file,
    next_number,
    stream_place,
)
from hotline.vault.envelope import open_field
from hotline.vault.found import Found, copy_secret
from hotline.vault.keyring import Keyring
from hotline.vault.opening_files import OpenFile
from hotline.vault.pouring import PouredFile
from hotline.vault.spare import note_copy
from hotline.vault.stream import Sealer
from hotline.vault.tables import attachments
from hotline.vault.unfinished import settle

DID = "cleaned"
"""What the log calls it; its line tells the copy's digest, as that of any file."""


class PouredCopy(PouredFile):
    """A clean copy while it is made: sealed piece by piece, to whoever its original is sealed to."""

    def __init__(
        self,
        original: OpenFile,
        kind: str,
        suffix: str,
        *,
        store: Store,
        clock: Callable[[], datetime],
    ) -> None:
        number = original.head.number
        super().__init__(f"{number} clean copy{suffix}", kind, store=store, clock=clock)
        self.copy_of = number
        self._secret = copy_secret(original.secret, self.id)
        self._sealer = Sealer(self._secret, stream_place(self.id))


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a first look at *original*, a file of message *seq*: what was *found*, and the copy if there is one."""

    report_id: str
    seq: int
    original: OpenFile
    found: Found
    copy: PouredCopy | None = field(default=None, repr=False)

    def keep(self, session: Session, keyring: Keyring, *, desk: str, by: str, at: datetime) -> None:
        """Keep what was found, and the copy beside its original; write down which bytes that is.

        Where a colleague was faster theirs stays: a copy that is not kept is to be dropped.

        Raises:
            NotFound: the original was erased meanwhile, or the copy was dropped.
        """
        row = self._row(session, desk)
        spot, secret = FileSpot.of(row), self.original.secret
        kept = Found.open(secret, row.found, spot).kept
        sealed = replace(self.found, kept=kept).seal(secret, spot)
        its = attachments.c.id == spot.id
        session.execute(update(attachments).where(its).values(found=sealed))
        if self.copy is not None and not has_copy(session, spot):
            number = next_number(session, spot.report_id, spot.seq)
            copy = self.copy.seal(
                keyring, desk=desk, report_id=spot.report_id, seq=spot.seq, number=number
            )
            _keep(session, copy, by, at)

    def _row(self, session: Session, desk: str) -> Row[Any]:
        rows = attachments.c
        its = (rows.id == self.original.head.id, rows.report_id == self.report_id)
        row = session.execute(
            select(attachments).where(*its, rows.seq == self.seq, rows.desk == desk)
        ).one_or_none()
        if row is None:
            raise NotFound(ref=self.report_id)
        return row


def open_copy(session: Session, original: OpenFile, report_id: str, seq: int) -> OpenFile | None:
    """Open the clean copy that the desk made of *original*; None where there is none.

    Raises:
        SealBroken: it is not as it was sealed.
    """
    rows, number = attachments.c, original.head.number
    its = (rows.report_id == report_id, rows.seq == seq, rows.copy_of == number)
    row = session.execute(select(attachments).where(*its)).first()
    if row is None:
        return None
    secret = copy_secret(original.secret, row.id)
    plain = open_field(secret, row.head, FileSpot.of(row).place(HEAD))
    return OpenFile(Head.from_json(plain, its_id=row.id, number=row.number), secret)


def mark_kept(session: Session, file: OpenFile, seq: int) -> None:
    """Keep beside *file* that message *seq* has what it says of itself as words.

    Raises:
        Conflict: it is kept already.
    """
    rows = attachments.c
    row = session.execute(select(attachments).where(rows.id == file.head.id)).one()
    spot = FileSpot.of(row)
    found = Found.open(file.secret, row.found, spot)
    if found.kept:
        raise Conflict(ref=spot.report_id)
    sealed = replace(found, kept=seq).seal(file.secret, spot)
    session.execute(update(attachments).where(rows.id == spot.id).values(found=sealed))


def has_copy(session: Session, original: FileSpot) -> bool:
    """Tell whether there is a clean copy of a file already."""
    rows = attachments.c
    its = (rows.report_id == original.report_id, rows.seq == original.seq)
    copies = select(rows.id).where(*its, rows.copy_of == original.number)
    return session.execute(copies).first() is not None


def _keep(session: Session, copy: Attachment, by: str, at: datetime) -> None:
    spot = copy.spot
    if copy.is_poured and settle(session, spot.id, chunks=copy.count) is None:
        raise NotFound(ref=spot.report_id)
    keep_file(session, copy)
    note_copy(session, spot.report_id, copy.count, day=day(at))
    audit.record(
        session,
        at=at,
        who=by,
        did=DID,
        desk=spot.desk,
        report_id=spot.report_id,
        what=copy.digest_line,
    )
