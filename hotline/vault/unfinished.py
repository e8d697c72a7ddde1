"""Files of which chunks are kept while they come in, and which are not whole: what they take, and how they end.

The secret of such a file is in one process alone, so what is left of one that broke off opens to nobody. Its row says
how many of its chunks are kept and when the last ones came: whoever pours, settles or drops it must find there what
they left, so that a file that was dropped under somebody's hands is never taken for whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.store import Session, Store
from hotline.vault.spare import NoRoom, has_room
from hotline.vault.stream import CHUNK
from hotline.vault.tables import attachment_chunks, unfinished_files

PATIENCE = timedelta(hours=1)
"""When nothing more came for so long, nobody is at a file any more."""

_SLICE = 16
_AT_ONCE = (32 << 20) // CHUNK
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_rows = unfinished_files.c


@dataclass(frozen=True, slots=True)
class More:
    """The next *chunks* of a file of which *before* are kept; *budget* is the room of the day, None where others see to it."""

    id: str
    before: int
    chunks: int
    is_recording: bool
    budget: int | None


def grow(session: Session, more: More, *, at: datetime) -> None:
    """Write down that more of a file comes in.

    Raises:
        NoRoom: the day has no room for it.
        NotFound: it was dropped in the meantime.
    """
    chunks, recorded = more.before + more.chunks, more.is_recording
    if more.budget is not None and not has_room(
        session, more.id, chunks, day=day(at), budget=more.budget, is_recording=recorded
    ):
        raise NoRoom
    now = {"since": at, "chunks": chunks}
    if not more.before:
        session.execute(
            insert(unfinished_files), {"id": more.id, "is_recording": more.is_recording, **now}
        )
        return
    mine = (_rows.id == more.id, _rows.chunks == more.before)
    if not session.execute(update(unfinished_files).where(*mine).values(now)).rowcount:
        raise NotFound


def settle(session: Session, its_id: str, *, chunks: int) -> dict[str, Any] | None:
    """Let a whole file of *chunks* stay: return what was known of it; nothing where some of it was dropped."""
    mine = (_rows.id == its_id, _rows.chunks == chunks)
    ended = delete(unfinished_files).where(*mine).returning(*_rows)
    known = session.execute(ended).mappings().one_or_none()
    return None if known is None else dict(known)


def unsettle(session: Session, known: dict[str, Any]) -> None:
    """Put back what `settle` returned, in the same transaction: the file is to be dropped."""
    session.execute(insert(unfinished_files), known)


def give_up(session: Session, files: Iterable[Row[Any]]) -> None:
    """Delete the chunks of *files*, rows of `attachments` that go in this transaction.

    Whoever writes to us would wait for many of them: those are left to the next sweep, and open to nobody.
    """
    at_once = 0
    for file in files:
        at_once += file.chunks
        if at_once <= _AT_ONCE:
            chunks = attachment_chunks.c
            session.execute(delete(attachment_chunks).where(chunks.attachment_id == file.id))
        else:
            row = {"id": file.id, "chunks": file.chunks, "is_recording": file.is_recording}
            session.execute(insert(unfinished_files), {**row, "since": _LONG_AGO})


def drop(store: Store, its_id: str, *, idle_since: datetime | None = None) -> None:
    """Let nothing stay of a file unless it settled, a slice at a time so that others' writes come between.

    Raises:
        Unavailable: the sweep will have to do it.
    """
    mine = _rows.id == its_id
    if idle_since is not None:
        mine = mine & (_rows.since <= idle_since)
    with store.read() as session:
        is_left = session.execute(select(_rows.id).where(mine)).first() is not None
    while is_left:
        is_left = store.write(lambda session: _drop_slice(session, its_id, mine))


def _drop_slice(session: Session, its_id: str, mine: Any) -> bool:
    """Delete the last chunks of a file; tell whether there are more."""
    known = session.execute(select(_rows.chunks).where(mine).with_for_update()).scalar_one_or_none()
    if known is None:
        return False
    left: int = max(0, known - _SLICE)
    chunks = attachment_chunks.c
    session.execute(
        delete(attachment_chunks).where(chunks.attachment_id == its_id, chunks.number >= left)
    )
    change = update(unfinished_files).values(chunks=left) if left else delete(unfinished_files)
    session.execute(change.where(_rows.id == its_id))
    return left > 0


def sweep(store: Store, *, at: datetime) -> None:
    """Drop what is left of files that nobody will finish, down to the log's bytes."""
    edge = at - PATIENCE
    with store.read() as session:
        left = session.execute(select(_rows.id).where(_rows.since <= edge)).scalars().all()
    for its_id in left:
        drop(store, its_id, idle_since=edge)
    if left:
        store.truncate_log()
