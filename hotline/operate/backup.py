"""Write a backup: one moment of the database, encrypted to a key that is not on this machine.

It streams: rows go from the database through age into the file, and no byte of them lies unencrypted anywhere.
What it holds and what it leaves out stands in `backup_format`. The accounts in it stay sealed as they are in the
database: who opens the backup still needs a member's passphrase and the epoch locks, which no backup holds.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import MetaData, Table, event, func, select, text
from sqlalchemy.exc import DBAPIError

from hotline import migrations
from hotline.errors import Misconfigured, Unavailable
from hotline.operate.backup_age import Recipient, encrypt
from hotline.operate.backup_format import (
    KEY_FILES,
    LEFT_OUT,
    VERSION,
    Counted,
    columns_of,
    kept_tables,
    line,
    written,
)
from hotline.store import Session, Store

_AT_ONCE = 500
_EVERY = 2.0
_SHAPE = "alembic_version"
_NOT_GIVEN_UP = text("SET LOCAL idle_in_transaction_session_timeout = 0")


def back_up(store: Store, keys: Path, to: Sequence[Recipient], out: IO[bytes]) -> dict[str, int]:
    """Write a backup of one moment to *out*, and return how many rows of each table it holds.

    Raises:
        Misconfigured: the database was never brought to a shape.
        Unavailable: the database, or where the backup is written, failed; what was written is of no use.
    """
    counted = Counted()
    with one_moment(store) as session:
        tables = _tables(session)
        head = _head(session, keys, tables)
        progress = _Progress(session, tables)
        encrypt(_lines(session, head, tables, counted, progress), out, to)
        progress.tell()
    return counted.rows


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that is at *path* once all went well, and nowhere if not."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        raise Unavailable("the backup could not be written whole") from None
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def one_moment(store: Store) -> Iterator[Session]:
    """Yield a session that sees one moment of the whole database, however long it reads."""
    if store.is_sqlite:
        with store.read() as session:
            yield session
        return
    try:
        with store.engine.connect() as connection:
            session = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with session.begin():
                # The file or the pipe may take what was read for as long as it likes.
                session.execute(_NOT_GIVEN_UP)
                yield session
    except DBAPIError:
        raise Unavailable from None


def revision_of(session: Session) -> str:
    """Return which shape the database has.

    Raises:
        Misconfigured: it has none.
    """
    try:
        found = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    except DBAPIError:
        raise Misconfigured("the database has no shape yet: `hotline upgrade`") from None
    return str(found)


def _tables(session: Session) -> list[Table]:
    """Return the tables to keep as the database has them: before an upgrade it has those of another version."""
    ours = {table.name: table for table in kept_tables()}
    if revision_of(session) == migrations.newest():
        return list(ours.values())
    found = MetaData()

    @event.listens_for(found, "column_reflect")
    def read_as_we_do(_: object, table: Table, column: dict[str, Any]) -> None:
        if table.name in ours and column["name"] in ours[table.name].columns:
            column["type"] = ours[table.name].columns[column["name"]].type

    found.reflect(session)
    return [table for table in found.sorted_tables if table.name not in (*LEFT_OUT, _SHAPE)]


def _head(session: Session, keys: Path, tables: Sequence[Table]) -> bytes:
    """Return the line that stands before the rows."""
    files = {name: keys / name for name in KEY_FILES if (keys / name).exists()}
    return line(
        {
            "backup": VERSION,
            "revision": revision_of(session),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": {name: written(path.read_bytes()) for name, path in files.items()},
            "tables": columns_of(tables),
            "left_out": dict(LEFT_OUT),
        }
    )


def _lines(
    session: Session,
    head: bytes,
    tables: Sequence[Table],
    counted: Counted,
    progress: "_Progress",
) -> Iterator[bytes]:
    yield counted.take(head)
    for table in tables:
        query = select(table).execution_options(yield_per=_AT_ONCE)
        for row in session.execute(query):
            counted.count(table.name)
            content = counted.take(line([table.name, *map(written, row)]))
            progress.step(len(content))
            yield content
    yield line(counted.end)


class _Progress:
    """Says on standard error, every two seconds, how far it is."""

    def __init__(self, session: Session, tables: Sequence[Table]) -> None:
        counts = (select(func.count()).select_from(table) for table in tables)
        self._all = sum(session.execute(count).scalar_one() for count in counts)
        self._rows = self._bytes = 0
        self._told = time.monotonic()

    def step(self, size: int) -> None:
        self._rows += 1
        self._bytes += size
        if time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            self.tell()

    def tell(self) -> None:
        done = f"{self._rows:,} of {self._all:,} rows, {self._bytes / 1e6:,.1f} MB"
        print(f"backup: {done}", file=sys.stderr)
