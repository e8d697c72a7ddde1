"""Show a stranger that a line stands in the log, and that the log only grew. Neither tells them anything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from hotline.audit.checkpoints import newest_checkpoint
from hotline.audit.entry import Line, lines_in
from hotline.audit.merkle import ProofRefused, consistency_proof, inclusion_proof
from hotline.audit.notes import SignedNote
from hotline.audit.reading import lines_from
from hotline.audit.tables import audit_log, audit_waiting
from hotline.audit.tiles import WIDTH, nodes, size_of, split, tiles_of
from hotline.errors import NotFound
from hotline.store import Session

_SLICE = 1000


class NothingToProve(NotFound):
    default_message = "there is no checkpoint to prove it against yet"


@dataclass(frozen=True, slots=True)
class Proof:
    """That *line* is one of the *size* lines over which *checkpoint* has the root; *path* is nearest first."""

    line: Line
    size: int
    path: tuple[bytes, ...]

    def facts(self) -> dict[str, Any]:
        """Return what a stranger needs; `check_proof` says how it is checked."""
        return {
            "n": self.line.n,
            "entry": self.line.entry().decode(),
            "salt": self.line.salt.hex(),
            "path": [one.hex() for one in self.path],
        }


@dataclass(frozen=True, slots=True)
class Proven:
    """What can be shown of a report. *later* lines have no proof before the next checkpoint."""

    report_id: str
    checkpoint: SignedNote
    proofs: tuple[Proof, ...]
    later: int

    def facts(self) -> dict[str, Any]:
        return {
            "format": "hotline audit proof 1",
            "report": self.report_id,
            "checkpoint": str(self.checkpoint),
            "lines": [proof.facts() for proof in self.proofs],
            "later": self.later,
        }


def prove(session: Session, report_id: str, *, against: SignedNote | None = None) -> Proven:
    """Return the inclusion proofs of every numbered line about a report.

    They lead to the root of *against*, the checkpoint that a stranger holds; to our newest when None.

    Raises:
        NothingToProve: no checkpoint was handed out yet.
        ProofRefused: the checkpoint is of a larger log than ours.
        TileMissing: the hashes are damaged; `verify` says where.
    """
    note = against or _newest(session)
    size = note.checkpoint.size
    if size > size_of(session):
        raise ProofRefused
    node = nodes(session)
    proofs = tuple(
        Proof(line, size, tuple(inclusion_proof(line.n - 1, size, node)))
        for line in _lines_about(session, report_id, until=size)
    )
    return Proven(report_id, note, proofs, _count_later(session, report_id, size))


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Return the proof that the log of *new* lines begins with that of *old*.

    Raises:
        ProofRefused: *old* is no earlier, non-empty state of *new*.
        TileMissing: the hashes are damaged, or the log never was that large.
    """
    return consistency_proof(old, new, nodes(session))


def export(session: Session, *, since: int = 1) -> Iterator[dict[str, Any]]:
    """Yield the numbered lines from number *since*, and the newest checkpoint at the end.

    A line that was purged is its leaf alone; sealed words are left out, as they are no part of an entry.
    """
    lines = lines_from(session, since)
    line = next(lines, None)
    for n, leaf in _leaves_from(session, since):
        row: dict[str, Any] = {"n": n, "leaf": leaf.hex()}
        if line is not None and line.n == n:
            row |= {"entry": line.entry().decode(), "salt": line.salt.hex()}
            line = next(lines, None)
        yield row
    newest = newest_checkpoint(session)
    if newest:
        yield {"checkpoint": newest.note}


def _newest(session: Session) -> SignedNote:
    kept = newest_checkpoint(session)
    if kept is None:
        raise NothingToProve
    return SignedNote.parse(kept.note.encode())


def _lines_about(session: Session, report_id: str, *, until: int) -> Iterator[Line]:
    last = 0
    while True:
        place = and_(audit_log.c.report_id == report_id, audit_log.c.n > last)
        query = lines_in(audit_log).where(place, audit_log.c.n <= until).order_by(audit_log.c.n)
        rows = session.execute(query.limit(_SLICE)).all()
        yield from (Line(*row) for row in rows)
        if len(rows) < _SLICE:
            return
        last = rows[-1][0]


def _count_later(session: Session, report_id: str, size: int) -> int:
    log, waiting = audit_log.c, audit_waiting.c
    unproven = and_(log.report_id == report_id, log.n > size)
    numbered = session.execute(select(func.count()).where(unproven)).scalar_one()
    waits = select(func.count()).where(waiting.report_id == report_id)
    return int(numbered) + int(session.execute(waits).scalar_one())


def _leaves_from(session: Session, since: int) -> Iterator[tuple[int, bytes]]:
    for number, hashes in tiles_of(session, 0, since=(since - 1) // WIDTH):
        for n, leaf in enumerate(split(hashes), start=number * WIDTH + 1):
            if n >= since:
                yield n, leaf
