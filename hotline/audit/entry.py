"""A line of the log, and the bytes that stand for it in the tree.

    entry  canonical JSON of ids and codes; of what was written, the SHA-256 alone; of a report, SHA-256(salt | its id)
    leaf   SHA-256(0x00 | salt (16 random bytes) | entry)

Without the salt nobody can guess an entry from its leaf, so the leaf may stay when entry and salt are erased.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from hotline.audit.merkle import leaf_hash

SALT_LENGTH = 16


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
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "desk": self.desk,
            "did": self.did,
            "id": self.id,
            "purpose": self.purpose,
            "report": self.about.hex(),
            "what": self.what,
            "who": self.who,
            "words": self.digest.hex(),
        }
        return json.dumps(facts, separators=(",", ":")).encode()

    def leaf(self) -> bytes:
        return leaf_hash(self.salt + self.entry())

    def is_intact(self) -> bool:
        """Tell whether the words and the report, where they are still kept, are those that the entry names."""
        is_same = not self.body or hashlib.sha256(self.body).digest() == self.digest
        return is_same and (not self.report_id or about(self.salt, self.report_id) == self.about)


def about(salt: bytes, report_id: str) -> bytes:
    """Return what an entry says of a report: who knows the id can check it, who does not learns nothing."""
    return hashlib.sha256(salt + report_id.encode()).digest() if report_id else b""


FACTS = tuple(f.name for f in fields(Line) if f.name not in ("n", "arrival", "body"))
"""The columns that a line has while it waits and afterwards; *body* is called ``sealed`` there."""


def line_of(row: Mapping[Any, Any]) -> Line:
    """Return the line that a row of either table keeps."""
    facts = {name: row[name] for name in FACTS}
    return Line(n=row.get("n", 0), arrival=row.get("arrival", 0), body=row["sealed"], **facts)
