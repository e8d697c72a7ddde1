"""Keep the clean copy of a file, which a signed-in session made, and what it found out on the way.

The original stays as it came: its chunks, its head and its digest are never touched.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.store import Session, Store
from hotline.vault.attachments import (
    Attachment,
    FileSpot,
    keep_file,
    next_number,
    stream_place,
)
from hotline.vault.found import Found, copy_secret
from hotline.vault.keyring import Keyring
from hotline.vault.opening_files import OpenFile
from hotline.vault.pouring import PouredFile
from hotline.vault.spare import note_copy
from hotline.vault.stream import Sealer
from hotline.vault.tables import attachments

DID = "cleaned"
"""What the log calls it; its line tells the copy's digest, as that of any file."""


class PouredCopy(PouredFile):
    """A clean copy while it is made: sealed piece by piece, to whoever its original is sealed to."""

    is_recording = False

    def __init__(self, original: OpenFile, kind: str, *, store: Store, at: datetime) -> None:
        number = original.head.number
        super().__init__(f"{number} clean copy", kind, store=store, at=at)
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
        """Keep the copy beside its original and write down which bytes it is, unless a colleague was faster.

        Raises:
            NotFound: the original was erased meanwhile.
        """
        spot = self._spot(session, desk)
        sealed = self.found.seal(self.original.secret, spot)
        session.execute(update(attachments).where(attachments.c.id == spot.id).values(found=sealed))
        if self.copy is None:
            return
        if has_copy(session, spot):
            self.copy.drop(session)
            return
        number = next_number(session, spot.report_id, spot.seq)
        its = self.copy.seal(
            keyring, desk=desk, report_id=spot.report_id, seq=spot.seq, number=number
        )
        keep_file(session, its)
        self.copy.settle(session)
        note_copy(session, spot.report_id, its.count, day=day(at))
        _write_down(session, its, by, at)

    def _spot(self, session: Session, desk: str) -> FileSpot:
        rows = attachments.c
        its = (rows.id == self.original.head.id, rows.report_id == self.report_id)
        row = session.execute(
            select(attachments).where(*its, rows.seq == self.seq, rows.desk == desk)
        ).one_or_none()
        if row is None:
            raise NotFound(ref=self.report_id)
        return FileSpot.of(row)


def has_copy(session: Session, original: FileSpot) -> bool:
    """Tell whether there is a clean copy of a file already."""
    rows = attachments.c
    its = (rows.report_id == original.report_id, rows.seq == original.seq)
    copies = select(rows.id).where(*its, rows.copy_of == original.number)
    return session.execute(copies).first() is not None


def _write_down(session: Session, copy: Attachment, by: str, at: datetime) -> None:
    audit.record(
        session,
        at=at,
        who=by,
        did=DID,
        desk=copy.spot.desk,
        report_id=copy.spot.report_id,
        what=copy.digest_line,
    )
