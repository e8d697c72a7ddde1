"""A line of the log, and the bytes that stand for it in the tree.

    entry  canonical JSON of ids and codes; of what was written, the SHA-256 alone; of a report, SHA-256(salt | its id)
    leaf   SHA-256(0x00 | salt (16 random bytes) | entry)

Without the salt nobody can guess an entry from its leaf, so the leaf may stay when entry and salt are erased.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, Table, literal_column, select

from hotline.audit.merkle import leaf_hash

SALT_LENGTH = 16
REPORTER = "reporter"
"""Who acts where the person behind a report does, with code and code word."""
BY_DAY = ("receive", "reply")
"""What passes through a carrier in the same moment: even the hour, beside the carrier's records, could name a number.

So does what a reporter asks for by text; their acts tell the day only, too.
"""
_JSON = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done. *who* is a staff id (or "system"); *n* is 0 while no number is given yet.

    *desk* is whose line it is, empty for the house. *body* are sealed words, and *wrap* how they are opened.
    *about* names the report, also when that was erased and *report_id* is empty.
    """

    n: int
    id: str
    at: datetime
    who: str
    did: str
    desk: str = ""
    report_id: str = ""
    about: bytes = b""
    what: str = ""
    purpose: str = ""
    digest: bytes = b""
    body: bytes = b""
    epoch_id: str = ""
    wrap: bytes = b""
    salt: bytes = b""
    arrival: int = 0

    @property
    def is_waiting(self) -> bool:
        return self.n == 0

    @property
    def tells_the_day(self) -> bool:
        """Whether *at* is the day of it and nothing finer."""
        return self.did in BY_DAY or self.who == REPORTER

    @property
    def cursor(self) -> int:
        """Where a page that ends with this line goes on."""
        return self.n or -self.arrival

    @property
    def sealed(self) -> bytes:
        """Return the words as they were sealed; empty where there are none, or no more."""
        return self.wrap + self.body

    @property
    def words_are_gone(self) -> bool:
        return bool(self.digest) and not self.body

    def entry(self) -> bytes:
        """Return the one form of the line that its leaf is made over."""
        facts = {
            "at": _moment(self.at),
            "desk": self.desk,
            "did": self.did,
            "id": self.id,
            "purpose": self.purpose,
            "report": self.about.hex(),
            "what": self.what,
            "who": self.who,
            "words": self.digest.hex(),
        }
        return _JSON.encode(facts).encode()

    def leaf(self) -> bytes:
        return leaf_hash(self.salt + self.entry())

    def is_intact(self) -> bool:
        """Tell whether the words and the report, where they are still kept, are those that the entry names."""
        is_same = not self.body or hashlib.sha256(self.body).digest() == self.digest
        return is_same and (not self.report_id or about(self.salt, self.report_id) == self.about)


def about(salt: bytes, report_id: str) -> bytes:
    """Return what an entry says of a report: who knows the id can check it, who does not learns nothing."""
    return hashlib.sha256(salt + report_id.encode()).digest() if report_id else b""


def _moment(at: datetime) -> str:
    """Return a moment in UTC, to the microsecond, as ``2026-11-25T12:00:00.000000Z``."""
    at = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


_COLUMNS = {"body": "sealed"}
FACTS = tuple(f.name for f in fields(Line) if f.name not in ("n", "arrival"))
"""What a line has while it waits and afterwards."""


def lines_in(table: Table) -> Select[Any]:
    """Return the query for rows of either table that are lines: `Line(*row)`."""
    facts = [table.c[_COLUMNS.get(name, name)] for name in FACTS]
    nothing: Any = literal_column("0")
    return select(table.c.get("n", nothing), *facts, table.c.get("arrival", nothing))


def row_of(line: Line, *, n: int) -> dict[str, Any]:
    """Return the row that keeps *line* as number *n*."""
    return {"n": n, **{_COLUMNS.get(name, name): getattr(line, name) for name in FACTS}}
