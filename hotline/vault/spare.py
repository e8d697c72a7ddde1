"""How much room there is for files: in a report, and on one day for all, so that nobody fills the disk.

What comes in and is not whole yet takes its room from its first chunk on, and gives it back when it breaks off.
Recordings of calls have a budget of their own: what is uploaded never takes their room. A report never has too many of
them, because what was said is said once; whoever calls and calls only leaves half of each day to the others.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from hotline.errors import Refused
from hotline.store import Session
from hotline.vault.stream import CHUNK
from hotline.vault.tables import attachment_days, attachments, unfinished_files

REPORT_LIMIT = (500 << 20) // CHUNK
"""Chunks that the files of one report may have in all; copies that we make of them count for the day alone."""

RECORDINGS_LIMIT = (512 << 20) // CHUNK
"""Chunks that the recordings of its calls have beside them before others' come first: nine hours."""


_ENDLESS = 1 << 40


class NoRoom(Refused):
    default_message = "there is no room for more files today"


@dataclass(frozen=True, slots=True)
class Need:
    """Room that is wanted for a file of a report."""

    report_id: str
    chunks: int
    is_recording: bool = False


def take_room(session: Session, need: Need, *, day: str, budget: int) -> bool:
    """Take room on *day*, of *budget* chunks for its kind; tell whether there was enough.

    Raises:
        Conflict: another file was the first of the day at the same moment.
    """
    if need.is_recording:
        budget = _share(session, need.report_id, budget)
    elif _held(session, need.report_id) + need.chunks > REPORT_LIMIT:
        return False
    budget -= _begun(session, is_recording=need.is_recording)
    return need.chunks <= budget and _count(session, need, day, budget)


def note_copy(session: Session, report_id: str, chunks: int, *, day: str) -> None:
    """Count what a clean copy takes, which somebody of the desk asked for: it has its room whatever came in that day."""
    _count(session, Need(report_id, chunks), day, _ENDLESS)


def has_room(
    session: Session, chunks: int, *, day: str, budget: int, is_recording: bool = False
) -> bool:
    """Tell whether *chunks* more of an unfinished file fit into *day*."""
    return _taken(session, day, is_recording=is_recording) + chunks <= budget


def room_for_recordings(session: Session, report_id: str, *, day: str, budget: int) -> int:
    """Return how many chunks of recordings of a report there is still room for on *day*."""
    taken = _taken(session, day, is_recording=True)
    return max(0, _share(session, report_id, budget) - taken)


def _taken(session: Session, day: str, *, is_recording: bool) -> int:
    """Return how many chunks came in on *day*, those of unfinished files among them."""
    rows = attachment_days.c
    today = select(rows.chunks).where(rows.day == day, rows.is_recording.is_(is_recording))
    kept = session.execute(today).scalar_one_or_none() or 0
    return int(kept) + _begun(session, is_recording=is_recording)


def _begun(session: Session, *, is_recording: bool) -> int:
    rows = unfinished_files.c
    query = select(func.coalesce(func.sum(rows.chunks), 0)).where(
        rows.is_recording.is_(is_recording)
    )
    return int(session.execute(query).scalar_one())


def _share(session: Session, report_id: str, budget: int) -> int:
    """Return how full a day may be when a recording of a report still comes in."""
    is_much = _held(session, report_id, is_recording=True) >= RECORDINGS_LIMIT
    return budget // 2 if is_much else budget


def _held(session: Session, report_id: str, *, is_recording: bool = False) -> int:
    rows = attachments.c
    query = select(func.coalesce(func.sum(rows.chunks), 0)).where(
        rows.report_id == report_id, rows.is_recording.is_(is_recording), rows.copy_of == 0
    )
    return int(session.execute(query).scalar_one())


def _count(session: Session, need: Need, day: str, budget: int) -> bool:
    rows = attachment_days.c
    its = (rows.day == day, rows.is_recording.is_(need.is_recording))
    room = rows.chunks <= budget - need.chunks
    more = update(attachment_days).where(*its, room).values(chunks=rows.chunks + need.chunks)
    if session.execute(more).rowcount:
        return True
    if session.execute(select(rows.chunks).where(*its)).first() is not None:
        return False
    session.execute(delete(attachment_days).where(rows.day < day))
    first = {"day": day, "is_recording": need.is_recording, "chunks": need.chunks}
    session.execute(insert(attachment_days), first)
    return True
