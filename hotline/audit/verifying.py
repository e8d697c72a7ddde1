"""Check the whole log: every line against its leaf, every leaf against what was signed, and say what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain, pairwise, repeat

from sqlalchemy import func, select

from hotline.audit.entry import Line
from hotline.audit.erasing import purged_until
from hotline.audit.merkle import EMPTY, HASH_LENGTH, node_hash, subtree_hash
from hotline.audit.notes import NoteRefused, SignedNote, Verifier
from hotline.audit.reading import lines_from
from hotline.audit.tables import audit_checkpoints, audit_waiting
from hotline.audit.tiles import WIDTH, size_of, split, tiles_of
from hotline.store import Session


class Finding(StrEnum):
    """What a check found. DAMAGED: the lines are as they were signed, the hashes beside them are not.

    REBUILT: lines and hashes fit each other, and not what was signed.
    """

    WHOLE = "whole"
    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    DAMAGED = "damaged"
    REBUILT = "rebuilt"
    OTHER_KEY = "other_key"
    FORGED_CHECKPOINT = "forged_checkpoint"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found first, at line *n*. Lines up to *purged* were deleted as the rules say."""

    kind: Finding
    n: int = 0
    size: int = 0
    waiting: int = 0
    purged: int = 0
    words_gone: int = 0

    @property
    def is_whole(self) -> bool:
        return self.kind is Finding.WHOLE


def verify(
    session: Session, *, known: SignedNote | None = None, public: Verifier | None = None
) -> Verdict:
    """Check every line, every hash and every checkpoint that is kept, and that the log continues *known*.

    *public* is the log's key; without it no signature is checked.

    Raises:
        NoteRefused: *known* is no checkpoint.
    """
    size = size_of(session)
    waiting = session.execute(select(func.count()).select_from(audit_waiting)).scalar_one()
    sums = Verdict(Finding.WHOLE, size=size, waiting=waiting, purged=purged_until(session))
    signed = _signed(session, known, public)
    if isinstance(signed, Verdict):
        return replace(sums, kind=signed.kind, n=signed.n)
    walk = _Walk(sums.purged, signed)
    walk.along(session, size)
    kind, n = walk.finding()
    if kind is Finding.WHOLE and (damaged := _damaged_above(session, size)):
        kind, n = Finding.DAMAGED, damaged
    return replace(sums, kind=kind, n=n, words_gone=walk.words_gone)


@dataclass(slots=True)
class Peaks:
    """The root over leaves that come one by one; one hash for each height is kept."""

    size: int = 0
    _peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    def copy(self) -> "Peaks":
        return Peaks(self.size, self._peaks.copy())

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        *left, node = self._peaks
        for peak in reversed(left):
            node = node_hash(peak, node)
        return node


@dataclass(slots=True)
class _Walk:
    """One pass over lines and leaves, side by side. *signed* are roots by size."""

    purged: int
    signed: dict[int, set[bytes]]
    words_gone: int = 0
    _kept: Peaks = field(default_factory=Peaks)
    # What the lines make, from where it differs from what is kept.
    _made: Peaks | None = None
    _fault: tuple[Finding, int] | None = None
    _unsigned: tuple[Finding, int] | None = None
    _good_until: int = 0

    def along(self, session: Session, size: int) -> None:
        """Go along the *size* lines that have leaves, and on to what was signed."""
        self._compare()
        lines = lines_from(session, 1)
        line = next(lines, None)
        for n, leaf, next_leaf in _leaves(session, max(size, *self.signed, 0)):
            if n > size and line is None:
                self._note(Finding.REMOVED, n)
                return
            here = line if line and line.n == n else None
            after = next(lines, None) if here else line
            self._look(n, leaf, next_leaf, here, after)
            self._compare()
            line = after
        if line is not None:
            self._note(Finding.INSERTED, line.n)

    def finding(self) -> tuple[Finding, int]:
        """Return what is wrong first: with a line, else with what was signed."""
        if self._fault and self._unsigned and self._unsigned[0] is Finding.DAMAGED:
            return Finding.DAMAGED, self._fault[1]
        return self._fault or self._unsigned or (Finding.WHOLE, 0)

    def _look(
        self, n: int, leaf: bytes, next_leaf: bytes, line: Line | None, after: Line | None
    ) -> None:
        """Compare line *n* with its leaf."""
        made = line.leaf() if line else leaf
        if made != leaf and self._made is None:
            self._made = self._kept.copy()
        self._kept.add(leaf)
        if self._made is not None:
            self._made.add(made)
        if not leaf:
            self._note(Finding.DAMAGED, n)
        elif line is None and n > self.purged:
            self._note(Finding.REMOVED, n)
        elif made != leaf or (line and not line.is_intact()):
            self._note(_what_happened(made, leaf, next_leaf, after), n)
        self.words_gone += bool(line and line.words_are_gone)

    def _note(self, kind: Finding, n: int) -> None:
        self._fault = self._fault or (kind, n)

    def _compare(self) -> None:
        """Hold the roots against what was signed at this size."""
        size = self._kept.size
        signed = self.signed.get(size)
        if not signed or self._unsigned:
            return
        if signed == {self._kept.root()}:
            self._good_until = size
            return
        is_made = self._made is not None and signed == {self._made.root()}
        kind = Finding.DAMAGED if is_made else Finding.REBUILT
        self._unsigned = (kind, self._good_until + 1)


def _what_happened(made: bytes, leaf: bytes, next_leaf: bytes, after: Line | None) -> Finding:
    """Tell a line that was changed from lines that moved up or down because one went or came."""
    if made == next_leaf:
        return Finding.REMOVED
    if after is not None and after.leaf() == leaf:
        return Finding.INSERTED
    return Finding.CHANGED


def _leaves(session: Session, until: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield each line's number with its leaf and the next one's; empty where a hash is missing."""
    ahead = chain(_flat(session), repeat(b""))
    for n, (leaf, next_leaf) in zip(range(1, until + 1), pairwise(ahead), strict=False):
        yield n, leaf, next_leaf


def _flat(session: Session) -> Iterator[bytes]:
    """Yield the leaves in order, empty ones in place of those that a damaged or missing tile had."""
    count = 0
    for number, hashes in tiles_of(session, 0):
        yield from repeat(b"", number * WIDTH - count)
        kept = [leaf for leaf in split(hashes) if len(leaf) == HASH_LENGTH][:WIDTH]
        yield from kept
        count = number * WIDTH + len(kept)


def _damaged_above(session: Session, size: int) -> int:
    """Return the first line above which a tile is not what its leaves make; 0 where all are."""
    level, width = 0, 1
    while size // (width * WIDTH):
        made = (subtree_hash(split(tile)) for _, tile in tiles_of(session, level))
        kept = (one for _, tile in tiles_of(session, level + 1) for one in split(tile))
        for number in range(size // (width * WIDTH)):
            if next(made, b"") != next(kept, None):
                return number * width * WIDTH + 1
        level, width = level + 1, width * WIDTH
    return 0


def _signed(
    session: Session, known: SignedNote | None, public: Verifier | None
) -> dict[int, set[bytes]] | Verdict:
    """Return the roots that were signed, by size; or what is wrong with a signature."""
    roots: dict[int, set[bytes]] = {}
    if known is not None:
        if public is not None and not known.is_checkpoint_of(public):
            return Verdict(Finding.OTHER_KEY)
        roots[known.checkpoint.size] = {known.checkpoint.root}
    for row in session.execute(select(audit_checkpoints).order_by(audit_checkpoints.c.size)):
        if not _is_ours(row.note, row.size, row.root, public):
            return Verdict(Finding.FORGED_CHECKPOINT, row.size)
        roots.setdefault(row.size, set()).add(row.root)
    return roots


def _is_ours(note: str, size: int, root: bytes, public: Verifier | None) -> bool:
    try:
        parsed = SignedNote.parse(note.encode())
        said = parsed.checkpoint
    except NoteRefused:
        return False
    return (said.size, said.root) == (size, root) and (
        public is None or parsed.is_checkpoint_of(public)
    )
