"""Bring a backup back into an empty database, whole and checked, or not at all.

Everything is read, counted and compared inside one transaction; what is checked afterwards (the chain of rosters,
the log) empties the database again when it does not hold.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from alembic import command
from sqlalchemy import Engine, MetaData, func, insert, inspect, make_url, select, update
from sqlalchemy.exc import SQLAlchemyError, StatementError

from hotline import audit, migrations
from hotline.contact import State
from hotline.domain.report import day, reference
from hotline.errors import HotlineError, Misconfigured
from hotline.operate.backup_age import decrypted
from hotline.operate.backup_format import (
    LONGEST_LINE,
    VERSION,
    BackupUnreadable,
    Counted,
    columns_of,
    kept_tables,
    parsed,
    reader_of,
)
from hotline.operate.restore_keys import Kept, check_files, keep_files
from hotline.reports.tables import messages, reports
from hotline.retention import asking, endings
from hotline.retention.asking import SYSTEM
from hotline.store import Session, Store
from hotline.triage.ending import withdraw
from hotline.triage.forgetting import forget_everything
from hotline.vault.erasedlist import ErasedList
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.logkey import LogVerifier

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back.

    *waiting* answers were on their way and are not sent by themselves; *erased* reports were erased since the backup
    and again now. A *log* that was changed is told and stops nothing: what people said must come back.
    """

    made_at: str
    rows: Mapping[str, int]
    waiting: int
    erased: int
    log: audit.Verdict
    key_files: Mapping[str, bytes] = field(repr=False)
    kept: Kept = field(default_factory=lambda: Kept((), 0, 0, 0))


def restore(backup: Path, identity: Path, *, url: str, keys: Path) -> Restored:
    """Restore *backup* into the database at *url*, and its key files into the folder *keys*.

    Raises:
        Misconfigured: the database is not empty, or *identity* is no identity.
        BackupUnreadable: the backup is not whole, not for this key, or of another version.
        Refused: what it holds contradicts the key folder; nothing was restored.
    """
    file = _file_of(url)
    is_new = file is not None and not file.exists()
    store = Store(url)
    try:
        _refuse_full(store)
        restored = store.write(lambda session: _read(session, backup, identity, keys))
        try:
            kept = keep_files(store, keys, restored.key_files)
            # What was signed after that moment the log does not continue any more.
            KeyFolder(keys).log_pin.unlink(missing_ok=True)
        except HotlineError:
            _empty(store.engine)
            raise
    except BaseException:
        store.close()
        if file and is_new:
            _remove(file)
        raise
    store.close()
    return replace(restored, kept=kept)


def _read(session: Session, backup: Path, identity: Path, keys: Path) -> Restored:
    """Read the whole backup into the session's database; its end is checked before this returns."""
    counted = Counted()
    with decrypted(backup, identity) as file:
        contents = parsed(_lines(file), counted)
        try:
            head = _checked_head(next(contents, None))
            files = {
                str(name): b64decode(head["files"][name], validate=True) for name in head["files"]
            }
            check_files(keys, files)
            command.upgrade(migrations.configuration(session), "head")
            _read_rows(session, contents, head["tables"])
        except (LookupError, TypeError, ValueError, AttributeError, StatementError):
            raise BackupUnreadable from None
    _go_on_counting(session)
    at, log = datetime.now(UTC), _verified(session, files["log.pub"])
    erased = _erase_again(session, ErasedList(KeyFolder(keys).erased_list), at)
    # Of what was held, doubted or taken back since the backup was made nobody here knows.
    asking.put_off(session, at=at)
    endings.put_off(session, at=at)
    audit.record(session, at=at, who=SYSTEM, did="restore", what=day(at))
    return Restored(str(head["at"]), counted.rows, _give_up_waiting(session), erased, log, files)


def _verified(session: Session, public: bytes) -> audit.Verdict:
    """Check the log, and that the house's key signed its checkpoints: anyone can encrypt to a key that is public."""
    newest = audit.newest_checkpoint(session)
    if newest is None:
        return audit.verify(session)
    return audit.verify(session, public=LogVerifier(newest.note.partition("\n")[0], public))


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while raw := file.readline(LONGEST_LINE):
        yield raw


def _checked_head(head: Any) -> Mapping[str, Any]:
    if not isinstance(head, dict) or head.get("backup") != VERSION:
        raise BackupUnreadable("the backup was made by another version of the hotline")
    columns = {name: sorted(names) for name, names in head["tables"].items()}
    ours = {name: sorted(names) for name, names in columns_of(kept_tables()).items()}
    if head["revision"] != migrations.newest() or columns != ours:
        raise BackupUnreadable(
            "the backup has another shape than this version: restore it with the version that made it"
        )
    return head


def _read_rows(
    session: Session, contents: Iterator[Any], columns: Mapping[str, Sequence[str]]
) -> None:
    """Insert every row, as many at once as stand together; *columns* says which value is what."""
    tables = {table.name: table for table in kept_tables()}
    for name, rows in groupby(contents, key=itemgetter(0)):
        table = tables[name]
        readers = [(column, reader_of(table.columns[column])) for column in columns[name]]
        while slice_ := list(islice(rows, _AT_ONCE)):
            session.execute(insert(table), [_row(readers, values) for values in slice_])


def _row(readers: Sequence[tuple[str, Callable[[Any], Any]]], values: Any) -> dict[str, Any]:
    if not isinstance(values, list) or len(values) != len(readers) + 1:
        raise BackupUnreadable
    return {name: read(value) for (name, read), value in zip(readers, values[1:], strict=True)}


def _go_on_counting(session: Session) -> None:
    """Let PostgreSQL's own numbers follow the highest that came back."""
    if session.dialect.name != "postgresql":
        return
    for table in kept_tables():
        column = table.autoincrement_column
        if column is None or column.autoincrement is not True:
            continue
        highest = session.execute(select(func.max(column))).scalar_one()
        if highest is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            session.execute(select(func.setval(sequence, highest)))


def _give_up_waiting(session: Session) -> int:
    """Mark answers that were on their way: their numbers are in no backup, so they are not sent by themselves."""
    waiting = update(messages).where(messages.c.state == State.WAITING)
    return session.execute(waiting.values(state=State.EXPIRED)).rowcount


def _erase_again(session: Session, listed: ErasedList, at: datetime) -> int:
    """Erase what was erased since the backup was made: the list lies in the key folder, outside every backup."""
    wanted, erased = sorted(listed.ids()), 0
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(reports.c.id, reports.c.desk)
        for row in session.execute(
            query.where(reports.c.id.in_(wanted[start : start + _AT_ONCE]))
        ).all():
            withdraw(session, row.id, by=SYSTEM, at=at)
            forget_everything(session, row.id)
            what = f"{reference(row.id)} {day(at)}"
            audit.record(session, at=at, who=SYSTEM, did="erased", desk=row.desk, what=what)
            erased += 1
    return erased


def _refuse_full(store: Store) -> None:
    try:
        is_full = bool(inspect(store.engine).get_table_names())
    except SQLAlchemyError:
        raise Misconfigured("the database to restore into cannot be reached") from None
    if is_full:
        raise Misconfigured("the database is not empty: restore into a new one")


def _file_of(url: str) -> Path | None:
    database = make_url(url).database
    return Path(database) if url.startswith("sqlite") and database else None


def _remove(file: Path) -> None:
    for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        path.unlink(missing_ok=True)


def _empty(engine: Engine) -> None:
    """Drop what was restored; nothing else was in that database."""
    with engine.begin() as session:
        found = MetaData()
        found.reflect(session)
        found.drop_all(session)
