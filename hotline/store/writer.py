"""The one thread that writes to SQLite: it commits what waits as one group, and empties the log behind it."""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError

from hotline.errors import Conflict, Unavailable
from hotline.store.engines import BUSY, Session, driver_of

_GROUP = 128
_BRIEFLY = 100
"""Milliseconds that writing waits for readers while the log is emptied."""
LOG_LIMIT = 64 << 20
"""Bytes beyond which the write-ahead log is emptied at once; a sweep empties it every ten minutes anyway."""

log = logging.getLogger(__name__)


class _Task:
    """A piece of work that waits for its group; without work it asks for an empty log."""

    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[Session], Any] | None) -> None:
        self.work = work
        self.future: Future[Any] = Future()


class Writer:
    """That thread, which begins with the first write, and what waits for it."""

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
            group: list[_Task] = []
            try:
                stopping = self._gather(group)
                connection = connection or self._engine.connect()
                self._commit(connection, group)
            except Exception:
                # The connection is in doubt: whoever still waits is told, the next group gets a new one. A
                # checkpoint fails with the driver's own errors, and without this thread nothing is kept.
                _fail(group)
                _drop(connection)
                connection = None
        _drop(connection)

    def _gather(self, group: list[_Task]) -> bool:
        """Wait for one task and take along what has gathered behind it; tell whether that is all there will be."""
        task = self._tasks.get()
        while task is not None:
            group.append(task)
            if len(group) == _GROUP:
                return False
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return False
        return True

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
        raw.execute(f"PRAGMA busy_timeout={BUSY}")
    return not is_busy


def _fail(group: list[_Task]) -> None:
    """Tell whoever still waits, and the log afterwards: where memory is used up, that may fail."""
    for task in group:
        if not task.future.done():
            task.future.set_exception(Unavailable())
    with suppress(Exception):
        log.warning("group not kept")


def _drop(connection: Connection | None) -> None:
    if connection is None:
        return
    with suppress(Exception):
        connection.invalidate()
        connection.close()
