"""One at a time: what must not be done twice is done by whoever holds it alone, whatever any clock says.

A claim ends by the clock, which may be wrong, and whoever made it may only stand still. What is held here ends with
its holder: a process that is killed holds nothing any more, one that is slow holds on.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from hotline.errors import Unavailable
from hotline.store import GONE, Store, failure_of

_TRY = text("SELECT pg_try_advisory_lock(:key)")
_LET_GO = text("SELECT pg_advisory_unlock(:key)")

_held: dict[str, tuple[int, set[str]]] = {}
"""What this process holds of each SQLite database: the file beside it in which each ref locks a byte, and those refs.

The kernel unlocks what a process held that ended. Whoever closes such a file anywhere unlocks all that this process
holds in it: so it is opened once, and closed when nothing is held any more.
"""
_guard = threading.Lock()


@contextmanager
def alone(store: Store, ref: str) -> Iterator[bool]:
    """Hold the row *ref* for as long as this lasts; yield False where somebody else does, here or on another host.

    No transaction is open meanwhile.

    Raises:
        Unavailable: the database could not be asked.
    """
    if store.is_sqlite:
        with _alone_here(store, ref) as is_alone:
            yield is_alone
        return
    key = int(ref[:16], 16) - (1 << 63)
    connection = _asked(store, key)
    if connection is None:
        yield False
        return
    try:
        yield True
    finally:
        _let_go(connection, key)


@contextmanager
def _alone_here(store: Store, ref: str) -> Iterator[bool]:
    """Hold *ref* on this machine: no other one works on its SQLite."""
    path = os.path.realpath(f"{store.engine.url.database}-alone")
    with _guard:
        is_alone = _takes(path, ref)
    try:
        yield is_alone
    finally:
        if is_alone:
            with _guard:
                _lets_go(path, ref)


def _takes(path: str, ref: str) -> bool:
    """Take *ref* and tell so, unless this process or another one has it."""
    file, refs = _held.get(path) or (_opened(path), set())
    if ref in refs or not _locks(file, ref):
        if not refs:
            os.close(file)
        return False
    refs.add(ref)
    _held[path] = file, refs
    return True


def _lets_go(path: str, ref: str) -> None:
    file, refs = _held[path]
    refs.remove(ref)
    fcntl.lockf(file, fcntl.LOCK_UN, 1, _byte(ref))
    if not refs:
        del _held[path]
        os.close(file)


def _opened(path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise Unavailable from None


def _locks(file: int, ref: str) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _byte(ref))
    except OSError:
        return False
    return True


def _byte(ref: str) -> int:
    """Return the place of *ref* in a file that stays empty: one of 2^60."""
    return int(ref[:15], 16)


def _asked(store: Store, key: int) -> Connection | None:
    """Return the connection that holds *key* now; None where another one does."""
    try:
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(_TRY, {"key": key}).scalar_one():
            return connection
        connection.close()
    except GONE as error:
        raise failure_of(error) from None
    return None


def _let_go(connection: Connection, key: int) -> None:
    """Let go of *key*; where that cannot be said, the connection ends, and what it holds with it."""
    try:
        connection.execute(_LET_GO, {"key": key})
    except GONE:
        connection.invalidate()
    connection.close()
