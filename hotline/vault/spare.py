"""How much room there is for files: in a report, and on one day for all, so that nobody fills the disk.

What comes in and is not whole yet takes its room from its first chunk on, and gives it back when it breaks off.
Large files may fill half of a day, so that a photo still finds room after them; those of reports in quarantine a
quarter. What is erased on the day it came gives its room back. Recordings of calls have a budget of their own: what is uploaded never takes their room. A report never has too many of
them, because what was said is said once; whoever calls and calls only leaves half of each day to the others.
"""

from dataclasses import dataclass

from sqlalchemy import Column, case, delete, func, insert, select, update

from hotline.errors import Refused
from hotline.reports.tables import messages
from hotline.store import Session
from hotline.vault.stream import CHUNK
from hotline.vault.tables import attachment_days, attachments, unfinished_files

REPORT_LIMIT = (500 << 20) // CHUNK
"""Chunks that the files of one report may have in all; copies that we make of them count for the day alone."""

RECORDINGS_LIMIT = (512 << 20) // CHUNK
"""Chunks that the recordings of its calls have beside them before others' come first: nine hours."""

LARGE = (10 << 20) // CHUNK
"""Chunks from which on a file is a large one."""

_ENDLESS = (1 << 31) - 1
_rows = attachment_days.c


class NoRoom(Refused):
    default_message = "there is no room for more files today"


@dataclass(frozen=True, slots=True)
class Need:
    """Room that is wanted for a file of a report, which *is_aside* where that stands in quarantine."""

    report_id: str
    chunks: int
    is_recording: bool = False
    is_aside: bool = False


def take_room(session: Session, need: Need, *, day: str, budget: int) -> bool:
    """Take room on *day*, of *budget* chunks for its kind; tell whether there was enough.

    Raises:
        Conflict: another file was the first of the day at the same moment.
    """
    if need.is_recording:
        budget = _share(session, need.report_id, budget)
    elif _held(session, need.report_id) + need.chunks > REPORT_LIMIT:
        return False
    room = {_rows.chunks: budget - _begun(session, is_recording=need.is_recording)}
    if _is_large(need):
        room[_rows.large] = budget // 2 - _begun(session, at_least=LARGE)
    if need.is_aside:
        room[_rows.aside] = budget // 4
    return _count(session, need, day, room)


def note_copy(session: Session, report_id: str, chunks: int, *, day: str) -> None:
    """Count what a clean copy takes, which somebody of the desk asked for: it has its room whatever came in that day."""
    _count(session, Need(report_id, chunks), day, {_rows.chunks: _ENDLESS})


def has_room(
    session: Session, its_id: str, chunks: int, *, day: str, budget: int, is_recording: bool = False
) -> bool:
    """Tell whether an unfinished file still fits into *day* when it has *chunks*."""
    taken = _taken(session, day, is_recording=is_recording, but=its_id)
    if is_recording or chunks < LARGE:
        return taken + chunks <= budget
    large = _kept(session, day, _rows.large) + _begun(session, at_least=LARGE, but=its_id)
    return taken + chunks <= budget and large + chunks <= budget // 2


def give_back(session: Session, report_id: str, seq: int | None = None) -> None:
    """Give back the room of files of a report, or of one of its messages, that came today and are about to be erased."""
    for day, is_recording in session.execute(select(_rows.day, _rows.is_recording)).all():
        its, said = attachments.c, messages.c
        query = select(its.chunks).where(
            its.report_id == report_id, its.is_recording.is_(is_recording), its.copy_of == 0
        )
        came = query.join_from(
            attachments, messages, (said.report_id == its.report_id) & (said.seq == its.seq)
        ).where(said.day == day)
        one = came if seq is None else came.where(its.seq == seq)
        back = session.execute(one).scalars().all()
        if back:
            large = sum(chunks for chunks in back if chunks >= LARGE)
            less = {"chunks": _less(_rows.chunks, sum(back)), "large": _less(_rows.large, large)}
            its_day = (_rows.day == day, _rows.is_recording.is_(is_recording))
            session.execute(update(attachment_days).where(*its_day).values(less))


def _less(column: Column[int], back: int) -> object:
    return case((column > back, column - back), else_=0)


def room_for_recordings(session: Session, report_id: str, *, day: str, budget: int) -> int:
    """Return how many chunks of recordings of a report there is still room for on *day*."""
    taken = _taken(session, day, is_recording=True)
    return max(0, _share(session, report_id, budget) - taken)


def _taken(session: Session, day: str, *, is_recording: bool, but: str = "") -> int:
    """Return how many chunks came in on *day*, those of unfinished files among them *but* for one."""
    kept = _kept(session, day, _rows.chunks, is_recording=is_recording)
    return kept + _begun(session, is_recording=is_recording, but=but)


def _kept(session: Session, day: str, column: Column[int], *, is_recording: bool = False) -> int:
    today = select(column).where(_rows.day == day, _rows.is_recording.is_(is_recording))
    return session.execute(today).scalar_one_or_none() or 0


def _begun(
    session: Session, *, is_recording: bool = False, at_least: int = 0, but: str = ""
) -> int:
    rows = unfinished_files.c
    its = (rows.is_recording.is_(is_recording), rows.chunks >= at_least, rows.id != but)
    query = select(func.coalesce(func.sum(rows.chunks), 0)).where(*its)
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


def _is_large(need: Need) -> bool:
    return need.chunks >= LARGE and not need.is_recording


def _count(session: Session, need: Need, day: str, room: dict[Column[int], int]) -> bool:
    """Count a file where each column stays within its *room*; tell whether it does."""
    if any(need.chunks > most for most in room.values()):
        return False
    more = {
        "chunks": need.chunks,
        "large": need.chunks if _is_large(need) else 0,
        "aside": need.chunks if need.is_aside else 0,
    }
    its = (_rows.day == day, _rows.is_recording.is_(need.is_recording))
    within = (column <= most - need.chunks for column, most in room.items())
    sums = {name: _rows[name] + chunks for name, chunks in more.items()}
    if session.execute(update(attachment_days).where(*its, *within).values(sums)).rowcount:
        return True
    if session.execute(select(_rows.chunks).where(*its)).first() is not None:
        return False
    session.execute(delete(attachment_days).where(_rows.day < day))
    first = {"day": day, "is_recording": need.is_recording, **more}
    session.execute(insert(attachment_days), first)
    return True
