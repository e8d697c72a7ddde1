"""Say, signed and at fixed times only, how the log stands: whoever keeps that notices a log that was rewritten.

Between two checkpoints nothing about the log's size leaves the house: it would tell at what minute staff act.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from hotline.audit.merkle import EMPTY
from hotline.audit.notes import Checkpoint, SignedNote, Signer, sign
from hotline.audit.tables import audit_checkpoints
from hotline.audit.tiles import TileMissing, root_at, size_of
from hotline.errors import HotlineError
from hotline.store import Session

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class LogBroken(HotlineError):
    default_message = "the log does not continue what was signed before; nothing is signed"


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint as it was handed out at *at*; *note* is its text with the signature."""

    size: int
    root: bytes
    note: str
    at: datetime


def newest_checkpoint(session: Session) -> Kept | None:
    """Return the last checkpoint that was handed out; None before the first."""
    query = select(audit_checkpoints).order_by(audit_checkpoints.c.size.desc()).limit(1)
    row = session.execute(query).one_or_none()
    return None if row is None else Kept(row.size, row.root, row.note, row.at)


def signed_now(session: Session, signer: Signer, *, pinned: Checkpoint | None = None) -> SignedNote:
    """Sign the log as it is, and keep nothing: for whoever asks on the machine itself.

    *pinned* is what was signed last, as a file outside the database remembers it.

    Raises:
        LogBroken: it does not continue the last checkpoint.
    """
    size = size_of(session)
    try:
        for last in (newest_checkpoint(session), pinned):
            if last and (last.size > size or root_at(session, last.size) != last.root):
                raise LogBroken
        root = root_at(session, size) if size else EMPTY
    except TileMissing:
        raise LogBroken from None
    return sign(Checkpoint(signer.name, size, root), signer)


def checkpoint(
    session: Session, signer: Signer, at: datetime, *, pinned: Checkpoint | None = None
) -> Kept | None:
    """Sign the log as it is and keep that to be handed out; None where it has not grown since.

    Raises:
        LogBroken: it does not continue the last checkpoint.
    """
    note = signed_now(session, signer, pinned=pinned)
    said = note.checkpoint
    last = newest_checkpoint(session)
    if last and last.size == said.size:
        return None
    kept = Kept(said.size, said.root, str(note), at)
    session.execute(
        insert(audit_checkpoints), {name: getattr(kept, name) for name in kept.__slots__}
    )
    return kept


def is_checkpoint_due(session: Session, *, at: datetime, every: timedelta) -> bool:
    """Tell whether the next fixed time has come. These are multiples of *every* since midnight, UTC, of day one.

    Counting from the last checkpoint instead would let the times wander with the minute at which staff act.
    """
    last = newest_checkpoint(session)
    return last is None or _slot(last.at, every) < _slot(at, every)


def _slot(at: datetime, every: timedelta) -> int:
    return (at - _BEGINNING) // every
