"""Files that came with a message: sealed chunk by chunk as they arrive, and opened chunk by chunk.

Each file has a fresh secret and a random id, and its stream (`stream`) belongs to that id alone, because a file
arrives before we know which report it is for. The secret is then wrapped in the file's place in its report, and
what the file is called, its length and its hash lie in a record beside it. So a stream opens only through a wrap
that is at home, and moving a row, a number or a chunk breaks it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select

from hotline.store import Session, new_id
from hotline.vault.contents import from_json, to_json
from hotline.vault.digests import LENGTH as DIGITS
from hotline.vault.envelope import Place, Purpose, new_secret, seal_field, wrap_info
from hotline.vault.halves import Wraps, wrap_identity
from hotline.vault.keyring import Keyring
from hotline.vault.spare import Need, give_back, take_room
from hotline.vault.stream import Sealer
from hotline.vault.tables import attachment_chunks, attachments
from hotline.vault.unfinished import give_up, settle, unsettle

HEAD = "head"


class HeldFile:
    """A file while it comes in: of its content only sealed chunks and the last piece are held.

    *is_poured* says that some of its chunks are kept already: see `pouring`.
    """

    def __init__(
        self, name: str, kind: str, *, copy_of: int = 0, is_recording: bool = False
    ) -> None:
        self.id = new_id()
        self.name = name
        self.kind = kind
        self.copy_of = copy_of
        self.is_recording = is_recording
        self.is_poured = False
        self.chunks: list[bytes] = []
        self.count = 0
        self._secret = new_secret()
        self._sealer = Sealer(self._secret, stream_place(self.id))
        self._digest = hashlib.sha256()

    def add(self, piece: bytes) -> None:
        self._hold(self._sealer.add(piece))

    def finish(self) -> None:
        """Seal what is left. Nothing may be added after it."""
        self._hold(self._sealer.finish())

    def _hold(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self.count += 1
            self._digest.update(chunk)
            self.chunks.append(chunk)

    @property
    def size(self) -> int:
        return self._sealer.size

    @property
    def sha256(self) -> bytes:
        return self._sealer.sha256

    def seal(
        self, keyring: Keyring, *, desk: str, report_id: str, seq: int, number: int
    ) -> "Attachment":
        """Return this finished file as the *number*-th (from 1) of a message.

        Raises:
            NotFound: there is no such desk.
        """
        spot = FileSpot(desk, report_id, seq, number, self.id)
        head = Head(
            self.id, number, self.name, self.kind, self.size, self.sha256, copy_of=self.copy_of
        )
        return Attachment(
            spot,
            wrap_identity(keyring, desk, self._secret, spot.info),
            seal_field(self._secret, head.to_json(), spot.place(HEAD)),
            self.count,
            self._digest.digest(),
            tuple(self.chunks),
            self.is_recording,
            self.copy_of,
            self.is_poured,
        )

    def __repr__(self) -> str:
        return "<HeldFile>"


@dataclass(frozen=True, slots=True)
class FileSpot:
    """Which file of which message: what its places have in common."""

    desk: str
    report_id: str
    seq: int
    number: int
    id: str

    @classmethod
    def of(cls, row: Row[Any]) -> "FileSpot":
        return cls(row.desk, row.report_id, row.seq, row.number, row.id)

    def place(self, part: str) -> Place:
        name = f"{part} {self.number} {self.id}"
        return Place(Purpose.ATTACHMENT, self.desk, self.report_id, name, self.seq)

    def info(self, depth: str, epoch_id: str) -> bytes:
        """Return what the wrap at *depth* (identity, identity2) is bound to."""
        return wrap_info(self.place(depth), epoch_id)


@dataclass(frozen=True, slots=True, repr=False)
class Head:
    """What a file is called, which media type it came with, its size in bytes and its SHA-256.

    All of it as its sender's browser said: a name may be anything. Where it does not open *is_broken* is set. A copy
    that we made of another file of the message, without what that says of itself, names its number: *copy_of*.
    """

    id: str
    number: int
    name: str = ""
    kind: str = ""
    size: int = 0
    sha256: bytes = b""
    is_broken: bool = False
    copy_of: int = 0

    def to_json(self) -> bytes:
        return to_json(
            {
                "name": self.name,
                "kind": self.kind,
                "size": self.size,
                "sha256": self.sha256.hex(),
                **({"copy_of": self.copy_of} if self.copy_of else {}),
            }
        )

    @classmethod
    def from_json(cls, plain: bytes, *, its_id: str, number: int) -> "Head":
        facts = from_json(plain)
        return cls(its_id, number, **{**facts, "sha256": bytes.fromhex(facts["sha256"])})

    def __repr__(self) -> str:
        return f"<Head {self.id}>"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, sealed and ready to be kept: *count* chunks, of which *chunks* are not kept yet (none if it *is_poured*).

    *digest* is the SHA-256 over all of them, which re-sealing does not change.
    """

    spot: FileSpot
    wraps: Wraps
    head: bytes = field(repr=False)
    count: int
    digest: bytes = field(repr=False)
    chunks: Sequence[bytes] = field(repr=False)
    is_recording: bool = False
    copy_of: int = 0
    is_poured: bool = False

    @property
    def digest_line(self) -> str:
        """What the log says of it, in the form of `digests`: ``3 file1=<32 hex>``."""
        return f"{self.spot.seq} file{self.spot.number}={self.digest.hex()[:DIGITS]}"

    def row(self) -> dict[str, Any]:
        spot, wraps = self.spot, self.wraps
        return {
            "id": spot.id,
            "report_id": spot.report_id,
            "seq": spot.seq,
            "number": spot.number,
            "desk": spot.desk,
            "epoch_id": wraps.epoch_id,
            "wrap": wraps.wrap,
            "epoch2_id": wraps.epoch2_id,
            "wrap2": wraps.wrap2,
            "chunks": self.count,
            "is_recording": self.is_recording,
            "copy_of": self.copy_of,
            "digest": self.digest,
            "head": self.head,
        }


def stream_place(attachment_id: str) -> Place:
    return Place(Purpose.ATTACHMENT, field=attachment_id)


def keep_files(
    session: Session,
    files: Iterable[Attachment],
    *,
    day: str,
    budget: int,
    is_aside: bool = False,
) -> list[Attachment]:
    """Keep each of *files* of one message for which there is room; return those that were kept.

    *budget* is how many chunks there is room for on *day*, of all reports, and *is_aside* says that this one stands in
    quarantine: see `spare`. A poured file that is left out stays unfinished: whoever poured it drops it.
    """
    return [file for file in files if _keep(session, file, day, budget, is_aside=is_aside)]


def _keep(session: Session, file: Attachment, day: str, budget: int, *, is_aside: bool) -> bool:
    known = settle(session, file.spot.id, chunks=file.count) if file.is_poured else {}
    if known is None:
        return False
    need = Need(file.spot.report_id, file.count, file.is_recording, is_aside)
    if not take_room(session, need, day=day, budget=budget):
        if known:
            unsettle(session, known)
        return False
    keep_file(session, file)
    return True


def keep_file(session: Session, file: Attachment) -> None:
    """Keep *file*, for which there is room."""
    session.execute(insert(attachments), file.row())
    keep_chunks(session, file.spot.id, file.chunks)


def keep_chunks(
    session: Session, attachment_id: str, chunks: Sequence[bytes], *, first: int = 0
) -> None:
    """Keep sealed chunks of a file, the *first* of them by that number."""
    rows = [
        {"attachment_id": attachment_id, "number": number, "sealed": sealed}
        for number, sealed in enumerate(chunks, first)
    ]
    if rows:
        session.execute(insert(attachment_chunks), rows)


_OF_MESSAGE = (
    select(attachments)
    .where(
        attachments.c.report_id == bindparam("its_report"),
        attachments.c.seq == bindparam("its_seq"),
    )
    .order_by(attachments.c.number)
)


def rows_of_message(session: Session, report_id: str, seq: int) -> Sequence[Row[Any]]:
    """Return the rows of `attachments` of a message by their numbers, still sealed."""
    return session.execute(_OF_MESSAGE, {"its_report": report_id, "its_seq": seq}).all()


def next_number(session: Session, report_id: str, seq: int) -> int:
    """Return the number that the next file of a message has."""
    rows = attachments.c
    query = select(func.coalesce(func.max(rows.number), 0)).where(
        rows.report_id == report_id, rows.seq == seq
    )
    return int(session.execute(query).scalar_one()) + 1


def counts_of_report(session: Session, report_id: str, *, copies: bool = False) -> dict[int, int]:
    """Return how many files each message of a report has, or how many *copies* of such, by the message's number.

    Those without are left out.
    """
    rows = attachments.c
    its = (rows.report_id == report_id, rows.copy_of > 0 if copies else rows.copy_of == 0)
    query = select(rows.seq, func.count()).where(*its).group_by(rows.seq)
    return {row[0]: row[1] for row in session.execute(query)}


def forget(session: Session, report_id: str, seq: int | None = None) -> None:
    """Delete the files of a report, or of one of its messages only.

    None of them opens any more; of large ones the sealed chunks go with the next sweep.
    """
    rows = attachments.c
    mine = rows.report_id == report_id
    if seq is not None:
        mine = mine & (rows.seq == seq)
    give_back(session, report_id, seq)
    give_up(session, session.execute(select(attachments).where(mine)).all())
    session.execute(delete(attachments).where(mine))
