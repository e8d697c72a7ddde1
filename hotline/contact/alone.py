"""One at a time: what must not be done twice is done by whoever holds it alone, whatever any clock says.

A claim ends by the clock, which may be wrong, and whoever made it may only stand still. What is held here ends with
its holder: a process that is killed holds nothing any more, one that is slow holds on.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from hotline.errors import Unavailable
from hotline.store import GONE, Store

_TRY = text("SELECT pg_try_advisory_lock(:key)")
_LET_GO = text("SELECT pg_advisory_unlock(:key)")

_held: set[str] = set()
_guard = threading.Lock()


@contextmanager
def alone(store: Store, ref: str) -> Iterator[bool]:
    """Hold the row *ref* for as long as this lasts; yield False where somebody else does, here or on another host.

    No transaction is open meanwhile.

    Raises:
        Unavailable: the database could not be asked.
    """
    if store.is_sqlite:
        with _alone_here(ref) as is_alone:
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
def _alone_here(ref: str) -> Iterator[bool]:
    """Hold *ref* in this process: no other one works on SQLite."""
    with _guard:
        is_alone = ref not in _held
        _held.add(ref)
    try:
        yield is_alone
    finally:
        if is_alone:
            _held.discard(ref)


def _asked(store: Store, key: int) -> Connection | None:
    """Return the connection that holds *key* now; None where another one does."""
    try:
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(_TRY, {"key": key}).scalar_one():
            return connection
        connection.close()
    except GONE:
        raise Unavailable from None
    return None


def _let_go(connection: Connection, key: int) -> None:
    """Let go of *key*; where that cannot be said, the connection ends, and what it holds with it."""
    try:
        connection.execute(_LET_GO, {"key": key})
    except GONE:
        connection.invalidate()
    connection.close()
