"""Open the files that came with a message, chunk by chunk, for someone who has written down why.

The secret of a clean copy that the desk made follows from its original's: who may open one file may see what was made
of it, also where two had to agree on it before there was a copy.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, bindparam, select

from hotline.domain.staff import Right
from hotline.store import Session, Store
from hotline.vault.attachments import HEAD, FileSpot, Head, rows_of_message, stream_place
from hotline.vault.envelope import SealBroken, open_field, unwrap_secret
from hotline.vault.found import NOTHING_YET, Found, copy_secret
from hotline.vault.halves import held_wrap, joined
from hotline.vault.opening import Keyholder
from hotline.vault.stream import CHUNK, open_chunks, open_range
from hotline.vault.tables import attachment_chunks

_CHUNK = select(attachment_chunks.c.sealed).where(
    attachment_chunks.c.attachment_id == bindparam("its_id"),
    attachment_chunks.c.number == bindparam("its_number"),
)


@dataclass(frozen=True, slots=True, repr=False)
class OpenFile:
    """A file whose secret is open: *head* says what it is, `pieces` gives its content.

    *found* is what the first look at it found out; *is_recording* tells that it was said in a call.
    """

    head: Head
    secret: bytes
    found: Found = NOTHING_YET
    is_recording: bool = False

    def pieces(self, store: Store) -> Iterator[bytes]:
        """Yield the content; each chunk is read for itself, so that a slow reader holds no transaction.

        Raises:
            SealBroken: a chunk is missing or broken, or the whole is not what was sent.
        """
        if self.head.is_broken:
            raise SealBroken
        whole = hashlib.sha256()
        chunks = _chunks(store, self.head.id)
        place = stream_place(self.head.id)
        for piece in open_chunks(self.secret, place, chunks, size=self.head.size):
            whole.update(piece)
            yield piece
        if whole.digest() != self.head.sha256:
            raise SealBroken

    def open_range(self, store: Store, start: int, stop: int) -> Iterator[bytes]:
        """Yield bytes *start* up to *stop* of the content: only the chunks that hold them are read and opened.

        Raises:
            SealBroken: one of them is missing or broken.
        """
        if self.head.is_broken:
            raise SealBroken
        chunks = _chunks(store, self.head.id, start // CHUNK)
        place, size = stream_place(self.head.id), self.head.size
        yield from open_range(self.secret, place, chunks, size=size, start=start, stop=stop)

    def check(self, store: Store) -> None:
        """Go through the content once, and keep nothing of it.

        Raises:
            SealBroken: as for `pieces`.
        """
        for _ in self.pieces(store):
            pass

    def __repr__(self) -> str:
        return f"<OpenFile {self.head.id}>"


def _chunks(store: Store, attachment_id: str, number: int = 0) -> Iterator[bytes]:
    """Yield the sealed chunks in their order from *number* on, until there is no next one."""
    while True:
        its = {"its_id": attachment_id, "its_number": number}
        with store.read() as session:
            sealed = session.execute(_CHUNK, its).scalar_one_or_none()
        if sealed is None:
            return
        yield bytes(sealed)
        number += 1


def open_files(
    session: Session,
    keyholder: Keyholder,
    report_id: str,
    seq: int,
    *,
    other_halves: Mapping[str, bytes] = MappingProxyType({}),
) -> list[OpenFile]:
    """Open the files of a message, in their order. One that is broken stays in the list, and says so.

    At a desk with four eyes *other_halves* gives, by the ids of files, the halves that *keyholder* lacks. Whoever
    calls this has written the look down.

    Raises:
        Refused: without the right to reveal.
    """
    keyholder.require(Right.REVEAL)
    opened: dict[int, OpenFile] = {}
    for row in rows_of_message(session, report_id, seq):
        original = opened.get(row.copy_of)
        half = other_halves.get(row.id, b"")
        opened[row.number] = _opened(session, keyholder, row, half, original)
    return list(opened.values())


def halves_of(session: Session, keyholder: Keyholder, report_id: str, seq: int) -> dict[str, bytes]:
    """Return, by the ids of a message's files, the halves that *keyholder* holds of their secrets.

    Raises:
        Refused: without the right to reveal.
        SealBroken: one does not open.
    """
    keyholder.require(Right.REVEAL)
    rows = rows_of_message(session, report_id, seq)
    return {row.id: _own_half(session, keyholder, row) for row in rows if row.wrap2 is not None}


def _opened(
    session: Session,
    keyholder: Keyholder,
    row: Row[Any],
    other_half: bytes,
    original: OpenFile | None,
) -> OpenFile:
    spot = FileSpot.of(row)
    try:
        if original is not None and row.wrap2 is not None and not other_half:
            secret = copy_secret(original.secret, row.id)
        else:
            own = _own_half(session, keyholder, row)
            secret = own if row.wrap2 is None else joined(own, other_half)
        plain = open_field(secret, row.head, spot.place(HEAD))
    except SealBroken:
        return OpenFile(Head(row.id, row.number, is_broken=True), b"")
    head = Head.from_json(plain, its_id=row.id, number=row.number)
    return OpenFile(head, secret, Found.open(secret, row.found, spot), row.is_recording)


def _own_half(session: Session, keyholder: Keyholder, row: Row[Any]) -> bytes:
    """Return the half that *keyholder* holds; without four eyes it is the whole secret."""
    depth, epoch_id, wrap = held_wrap(row, keyholder.half)
    key = keyholder.epochs.get(session, epoch_id)
    return unwrap_secret(wrap, key, info=FileSpot.of(row).info(depth, epoch_id))
