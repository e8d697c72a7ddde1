"""Add a line, read lines, and check that none was touched."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import RowMapping, func, insert, select, text

from hotline.audit.merkle import leaf_hash, root_hash
from hotline.audit.tables import audit_log
from hotline.store import Session

_SLICE = 1000
_ONE_AT_A_TIME = 0x486F746C696E65
"""Key of PostgreSQL's advisory lock: numbers must follow one another without a gap."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done. *who* is a staff id (or "system")."""

    n: int
    at: datetime
    who: str
    did: str
    report_id: str
    what: str
    purpose: str

    def to_bytes(self) -> bytes:
        """Return the one form of the line that its leaf hash is made over."""
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        facts = [self.n, moment, self.who, self.did, self.report_id, self.what, self.purpose]
        return json.dumps(facts, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log as it was after *size* lines; kept elsewhere, it proves what the log said then."""

    size: int
    root: bytes


def record(
    session: Session,
    *,
    at: datetime,
    who: str,
    did: str,
    report_id: str = "",
    what: str = "",
    purpose: str = "",
) -> None:
    """Add a line: *did* and *what* are short codes, *purpose* is what a member of staff wrote.

    A line about a report tells the hour only: an instant joined to a report finds its text in a carrier's records.
    """
    if report_id:
        at = at.replace(minute=0, second=0, microsecond=0)
    if session.dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    last = session.execute(select(func.max(audit_log.c.n))).scalar_one() or 0
    line = Line(last + 1, at, who, did, report_id, what, purpose)
    row = {name: getattr(line, name) for name in line.__slots__}
    session.execute(insert(audit_log), {**row, "leaf": leaf_hash(line.to_bytes())})


def page(
    session: Session,
    *,
    before: int | None = None,
    limit: int = 50,
    kinds: Collection[str] = (),
) -> list[Line]:
    """Return up to *limit* lines, newest first; *before* is the number of the last line already seen.

    With *kinds*, only of what did one of these: each is a range of its own in an index, so a rare kind is found
    without reading the rest.
    """
    query = select(audit_log).order_by(audit_log.c.n.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_log.c.n < before)
    ranges = [query.where(audit_log.c.did == kind) for kind in sorted(kinds)] or [query]
    found = [_line(row._mapping) for each in ranges for row in session.execute(each)]
    return sorted(found, key=lambda line: -line.n)[:limit]


def checkpoint(session: Session, *, size: int | None = None) -> Checkpoint:
    """Return the root over the first *size* lines (all when None), from the leaves as they are kept."""
    leaves = [leaf for _, leaf in _lines(session)][:size]
    return Checkpoint(len(leaves), root_hash(leaves))


def verify(session: Session, known: Checkpoint | None = None) -> bool:
    """Tell whether every line still is what was written, without a gap, and continues *known* when given."""
    leaves = []
    for expected, (line, leaf) in enumerate(_lines(session), start=1):
        if line.n != expected or leaf != leaf_hash(line.to_bytes()):
            return False
        leaves.append(leaf)
    if known is None:
        return True
    return known == Checkpoint(len(leaves[: known.size]), root_hash(leaves[: known.size]))


def _lines(session: Session) -> Iterator[tuple[Line, bytes]]:
    """Yield every line with its kept leaf, oldest first, a slice at a time."""
    last = 0
    while True:
        query = select(audit_log).where(audit_log.c.n > last).order_by(audit_log.c.n).limit(_SLICE)
        rows = session.execute(query).all()
        for row in rows:
            yield _line(row._mapping), row.leaf
        if len(rows) < _SLICE:
            return
        last = rows[-1].n


def _line(row: RowMapping) -> Line:
    return Line(**{name: row[name] for name in Line.__slots__})
