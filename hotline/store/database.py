"""One database, as the rooms know it."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from hotline.errors import Conflict
from hotline.store.engines import Session, engine_of
from hotline.store.failures import GONE, failure_of
from hotline.store.writer import Writer

T = TypeVar("T")

_PATIENCE, _PAUSE = 10.0, 0.25

log = logging.getLogger(__name__)


class Store:
    """One database: `write` keeps, `read` looks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._ring: Callable[[], None] = lambda: None
        self.engine = engine_of(url, writes=True)
        self._reader = engine_of(url, writes=False) if self.is_sqlite else self.engine
        self._writer = Writer(self.engine, lambda: self._ring()) if self.is_sqlite else None

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
        except GONE as error:
            raise failure_of(error) from None
        if rings:
            self._ring()
        return result

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one moment and cannot change it."""
        try:
            with self._reader.connect() as session, session.begin():
                yield session
        except GONE as error:
            raise failure_of(error) from None

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
