"""Keep things, durably, many at a time.

On SQLite one thread owns the writing connection and commits whatever is waiting as one group: a
single fdatasync then serves many reports, and nothing ever meets a locked database. On PostgreSQL
each write is its own transaction. Readers never wait for either.
"""

import json
import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Select,
    Text,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    make_url,
    true,
)
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from hotline.errors import Conflict, Unavailable

T = TypeVar("T")

Session = Connection
"""A transaction as the rooms see it: they read and write in it, and never commit."""

metadata = MetaData()

_GROUP = 128
_READERS = 32
_BUSY = 10_000
_BRIEFLY = 100
"""Milliseconds that writing waits for readers while the log is emptied."""
_PATIENCE, _PAUSE = 10.0, 0.25
LOG_LIMIT = 64 << 20
"""Bytes beyond which the write-ahead log is emptied at once; a sweep empties it every ten minutes anyway."""
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    f"busy_timeout={_BUSY}",
    "cache_size=-32768",
    "journal_size_limit=16777216",
)

_GIVEN_UP: Mapping[str, str | int] = {
    # Seconds until a host that says nothing is given up, and milliseconds until what was sent to it is.
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
    # The server gives us up as soon, and lets go of what we held; nobody waits for a row or a table for longer than
    # a provider waits for us. How long a statement itself takes is bounded by none: a step of the history may take hours.
    "options": (
        "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"
        " -c tcp_user_timeout=15000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=300000"
    ),
}
"""How soon PostgreSQL is given up where the line to it is cut; what `DATABASE_URL` says itself goes before."""
_FREE_WITHIN = 10.0
"""Seconds until somebody for whom no connection is free is told so."""

GONE = (DBAPIError, NoneFree)
"""What SQLAlchemy raises where the database cannot be asked."""

log = logging.getLogger(__name__)


Ids = Select[tuple[str]]
"""A query of ids, to stand inside another query."""


def unless(column: ColumnElement[str], ids: Ids | None) -> ColumnElement[bool]:
    """Return the condition that *column* is none of *ids*; None leaves nothing out."""
    return true() if ids is None else column.not_in(ids)


_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
"""How RFC 9562 marks its own kind of UUID, for each digit that was drawn there."""


def new_id() -> str:
    """Return a fresh random row id, a version 4 UUID in 32 hexadecimal characters: it tells neither order nor time.

    Some leave the house as UUIDs, in STIX; made without the standard library's object, which takes three times as long.
    """
    drawn = secrets.token_hex(16)
    return f"{drawn[:12]}4{drawn[13:16]}{_VARIANT[drawn[16]]}{drawn[17:]}"


def driver_of(session: Session) -> Any:
    """Return the driver's own connection, for what is asked so often that everything around it counts."""
    return session.connection.dbapi_connection


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Return what turns a time into what is kept: each text brings ten, so on SQLite it is written at once."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """Return *value* in the form in which SQLAlchemy's own type reads it."""
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class Json(TypeDecorator[Any]):
    """A JSON value kept as its text, so that it reads the same on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class ManyIds(TypeDecorator[Collection[str]]):
    """Ids as a single parameter, for `among`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> str:
        ids = sorted(value or ())
        return json.dumps(ids) if dialect.name == "sqlite" else " ".join(ids)


class among(FunctionElement[Any]):  # noqa: N801 - it is called like a function of SQL.
    """Tell whether a column is one of many ids: a statement that stays the same, however many there are."""

    # No type: as a Boolean it would be compared with 1 on SQLite.
    type = NullType()
    inherit_cache = True


@compiles(among)
def _among(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    if compiler.dialect.name == "sqlite":
        return f"({column} IN (SELECT value FROM json_each({ids})))"  # noqa: S608 - parameters.
    return f"({column} = ANY (string_to_array({ids}, ' ')))"


def one_of(column: ColumnElement[str], name: str = "ids") -> ColumnElement[bool]:
    """Return whether *column* is one of the ids that are given as *name* when the statement runs."""
    return among(column, bindparam(name, type_=ManyIds()))


class Store:
    """One database: `write` keeps, `read` looks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._ring: Callable[[], None] = lambda: None
        self.engine = _engine(url, writes=True)
        self._reader = _engine(url, writes=False) if self.is_sqlite else self.engine
        self._writer = _Writer(self.engine, lambda: self._ring()) if self.is_sqlite else None

    def on_jobs(self, ring: Callable[[], None]) -> None:
        """Call *ring* after each commit in which `jobs.later` was used."""
        self._ring = ring

    def write(self, work: Callable[[Session], T]) -> T:
        """Run *work* in a transaction and return its result once it is durable.

        Raises:
            Unavailable: the database could not keep it; nothing of it was kept.
            Conflict: a row of that key is there already; nothing of it was kept.
        """
        if self._writer is not None:
            kept: T = self._writer.run(work)
            return kept
        try:
            with self.engine.begin() as session:
                session.info.pop("rings", None)
                result = work(session)
                rings = session.info.pop("rings", False)
        except IntegrityError:
            raise Conflict from None
        except GONE:
            raise Unavailable from None
        if rings:
            self._ring()
        return result

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one moment and cannot change it."""
        try:
            with self._reader.connect() as session, session.begin():
                yield session
        except GONE:
            raise Unavailable from None

    def truncate_log(self) -> None:
        """Empty SQLite's write-ahead log, so that what was erased is gone from it too.

        It waits a while for whoever still reads what was before, and nobody who writes waits along; where
        somebody reads on, as a backup does, it is empty after the next time.
        """
        if self._writer is None:
            return
        end = time.monotonic() + _PATIENCE
        while not self._writer.run(None):
            if time.monotonic() > end:
                log.warning("log not emptied")
                return
            time.sleep(_PAUSE)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.stop()
        self._reader.dispose()
        self.engine.dispose()


class _Task:
    """A piece of work that waits for its group; without work it asks for an empty log."""

    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[Session], Any] | None) -> None:
        self.work = work
        self.future: Future[Any] = Future()


class _Writer:
    """The one thread that writes to SQLite."""

    def __init__(self, engine: Engine, ring: Callable[[], None]) -> None:
        self._engine = engine
        self._ring = ring
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
        self._starting = threading.Lock()
        self._log = Path(f"{engine.url.database}-wal")
        self._log_limit = LOG_LIMIT

    def run(self, work: Callable[[Session], Any] | None) -> Any:
        if threading.current_thread() is self._thread:
            raise RuntimeError("a write inside a write would wait for itself")
        with self._starting:
            if not self._thread.is_alive():
                self._thread.start()
        task = _Task(work)
        self._tasks.put(task)
        return task.future.result()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._tasks.put(None)
            self._thread.join()

    def _loop(self) -> None:
        connection: Connection | None = None
        stopping = False
        while not stopping:
            group, stopping = self._next_group()
            try:
                connection = connection or self._engine.connect()
                self._commit(connection, group)
            except Exception:
                # The connection is in doubt: whoever still waits is told, the next group gets a new one. A
                # checkpoint fails with the driver's own errors, and without this thread nothing is kept.
                log.warning("group not kept")
                _fail(group)
                _drop(connection)
                connection = None
        _drop(connection)

    def _next_group(self) -> tuple[list[_Task], bool]:
        """Wait for one task and take along what has gathered behind it."""
        group: list[_Task] = []
        task = self._tasks.get()
        while task is not None:
            group.append(task)
            if len(group) == _GROUP:
                return group, False
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, connection: Connection, group: list[_Task]) -> None:
        with connection.begin():
            outcomes = [(task, *_attempt(connection, task.work)) for task in group if task.work]
        if connection.info.pop("rings", False):
            self._ring()
        for task, result, error in outcomes:
            if error is None:
                task.future.set_result(result)
            else:
                task.future.set_exception(error)
        askers = [task for task in group if task.work is None]
        if askers or self._is_long():
            is_empty = _truncate(connection)
            # Where somebody reads on, the next try is due when it has grown as much again.
            self._log_limit = LOG_LIMIT if is_empty else self._log_bytes() + LOG_LIMIT
            for task in askers:
                task.future.set_result(is_empty)

    def _is_long(self) -> bool:
        """Tell whether the log grew too long: while one read overlaps the next, it is never begun anew by itself."""
        return self._log_bytes() > self._log_limit

    def _log_bytes(self) -> int:
        try:
            return self._log.stat().st_size
        except OSError:
            return 0


def _attempt(session: Session, work: Callable[[Session], Any]) -> tuple[Any, BaseException | None]:
    """Run *work* so that its failure undoes its own rows and nobody else's."""
    driver = driver_of(session)
    driver.execute("SAVEPOINT work")
    try:
        result = work(session)
    except DBAPIError as error:
        if error.connection_invalidated or not _is_about_rows(error):
            raise
        driver.execute("ROLLBACK TO work")
        return None, Conflict() if isinstance(error, IntegrityError) else Unavailable()
    except Exception as error:
        driver.execute("ROLLBACK TO work")
        return None, error
    driver.execute("RELEASE work")
    return result, None


def _is_about_rows(error: DBAPIError) -> bool:
    """Tell whether only this work is at fault; a full disk or a broken file ends the whole group."""
    return isinstance(error, DataError | IntegrityError | InterfaceError | ProgrammingError)


def _truncate(connection: Connection) -> bool:
    """Empty the log, and tell whether it is empty: whoever writes must not wait for a long read."""
    raw = connection.connection.dbapi_connection
    if raw is None:
        return False
    raw.execute(f"PRAGMA busy_timeout={_BRIEFLY}")
    try:
        is_busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.execute(f"PRAGMA busy_timeout={_BUSY}")
    return not is_busy


def _fail(group: list[_Task]) -> None:
    for task in group:
        if not task.future.done():
            task.future.set_exception(Unavailable())


def _drop(connection: Connection | None) -> None:
    if connection is None:
        return
    try:
        connection.invalidate()
        connection.close()
    except Exception:
        log.warning("connection dropped")


def _engine(url: str, *, writes: bool) -> Engine:
    if not url.startswith("sqlite"):
        said = make_url(url).query
        return create_engine(
            url,
            hide_parameters=True,
            pool_size=16,
            max_overflow=16,
            pool_timeout=_FREE_WITHIN,
            connect_args={name: how for name, how in _GIVEN_UP.items() if name not in said},
        )
    in_memory = ":memory:" in url
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"check_same_thread": False},
        **({} if in_memory else {"pool_size": 2 if writes else _READERS, "max_overflow": 8}),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver_of(connection).execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
