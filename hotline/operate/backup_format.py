"""How a backup is written: one logical stream, the same for SQLite and for PostgreSQL.

Lines of JSON in ASCII, each ended by a line feed, in this order::

    {"backup": 1, "revision": …, "at": …, "files": {name: content}, "tables": {name: [column, …]}, "left_out": {name: why}}
    ["table name", value, …]                     each row, a value for each column that the head names
    {"rows": {name: count}, "sha256": …}         SHA-256 over every byte before this line

Bytes are written in base64, times and dates as ISO 8601 writes them, everything else as JSON has it; the
column's type says which it was. Everything lies inside one file of the age format (age-encryption.org/v1).
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Date, DateTime, LargeBinary, Table

from hotline.errors import Refused
from hotline.migrations import every_table
from hotline.store import UtcTime

VERSION = 1
LONGEST_LINE = 256 * 1024 * 1024

LEFT_OUT: Mapping[str, str] = {
    "sessions": "everybody signs in again",
    "sign_in_tries": "pauses after wrong tries end within a day",
    "devices": "a known browser is known again after its next sign-in",
    "member_notices": "they tell of sign-ins and sessions that are over",
    "candidates": "an invitation that was not taken up is given anew",
    "reveal_requests": "a request to a second person lives for minutes",
    "attachment_days": "counts what came in on one day, against a full disk",
    "threads": "their keys are never in a backup, so no sender would be found by them",
    "seen": "what a provider repeats after so long is kept twice rather than not at all",
    "sends": "holds numbers on their way, sealed to a key that is never in a backup",
    "pictures": "sealed to the same key; what the provider still has is found there again",
    "recordings": "as with pictures",
    "handoff_links": "what was closed since must stay closed: services are asked anew",
    "handoff_mails": "as with sends",
    "handoff_noes": "what a service said of one night is over",
    "prepared_answers": "as with sends; whoever was to be told is told by somebody",
    "jobs": "the standing ones are asked for at every start",
}
"""What no backup holds, and why its loss harms nobody."""

KEY_FILES = ("root.pub", "roster.pin", "codes.salt", "log.pub")
"""Key files that belong in a backup: public halves, the pinned numbers, and the salt that return codes need.

Never in it: ``locks/`` (destroying one must reach every backup), ``relay.key``, ``log.key``, ``threads.key``, and
``links.salt``, as links are in no backup either.
"""


class BackupUnreadable(Refused):
    default_message = "this is no backup that can be read"


def kept_tables() -> list[Table]:
    """Return the tables that a backup holds, each after those that it points to."""
    tables = [table for metadata in every_table() for table in metadata.sorted_tables]
    return [table for table in tables if table.name not in LEFT_OUT]


def columns_of(tables: Sequence[Table]) -> dict[str, list[str]]:
    return {table.name: [column.name for column in table.columns] for table in tables}


def line(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def written(value: Any) -> Any:
    """Return *value* as it stands in a line."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def reader_of(column: Column[Any]) -> Callable[[Any], Any]:
    """Return what undoes `written` for a column; nothing stays nothing."""
    kind = column.type
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else base64.b64decode(value, validate=True)
    if isinstance(kind, UtcTime | DateTime):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    return lambda value: value


class Counted:
    """Counts and digests what is written, and ends it with the line that says so."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self._digest = hashlib.sha256()

    def take(self, content: bytes) -> bytes:
        self._digest.update(content)
        return content

    def count(self, table: str) -> None:
        self.rows[table] = self.rows.get(table, 0) + 1

    @property
    def end(self) -> dict[str, object]:
        return {"rows": self.rows, "sha256": self._digest.hexdigest()}


def parsed(lines: Iterator[bytes], counted: Counted) -> Iterator[Any]:
    """Yield what each line says, the last one only if it fits everything before it.

    Raises:
        BackupUnreadable: a line is no JSON, the end is missing, or it says something else than what came.
    """
    for raw in lines:
        try:
            content = json.loads(raw)
        except (ValueError, RecursionError):
            raise BackupUnreadable from None
        if isinstance(content, dict) and "sha256" in content:
            if content != counted.end or next(lines, None) is not None:
                raise BackupUnreadable("the backup does not hold what it says that it holds")
            return
        counted.take(raw)
        if isinstance(content, list) and content:
            counted.count(str(content[0]))
        yield content
    raise BackupUnreadable("the backup ends too early")
