"""Files too large to be held: their sealed chunks are kept as they come, and nobody finds them before they are whole.

Until then their secret is in this process alone, so what is left of a file that broke off opens to nobody; its
chunks go at once, or with the sweep where the process died.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from hotline.store import Session, Store
from hotline.vault.attachments import HeldFile, keep_chunks
from hotline.vault.tables import attachment_chunks, unfinished_files

PATIENCE = timedelta(hours=1)
"""After so long nobody is at a file any more."""

_AT_ONCE = 4


class PouredFile(HeldFile):
    """A recording while it comes in: of it no more than a few sealed chunks are held."""

    is_recording = True

    def __init__(self, name: str, kind: str, *, store: Store, at: datetime) -> None:
        super().__init__(name, kind)
        self._store = store
        self._at = at

    def finish(self) -> None:
        super().finish()
        self._pour()

    def settle(self, session: Session) -> None:
        """Let this finished file stay, in the transaction that keeps its attachment."""
        session.execute(delete(unfinished_files).where(unfinished_files.c.id == self.id))

    def drop(self, session: Session) -> None:
        """Let nothing of this file stay."""
        _drop(session, self.id)

    def _hold(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            super()._hold([chunk])
            if len(self.chunks) >= _AT_ONCE:
                self._pour()

    def _pour(self) -> None:
        first, chunks = self.count - len(self.chunks), self.chunks
        self.chunks = []

        def keep(session: Session) -> None:
            if first == 0:
                session.execute(insert(unfinished_files), {"id": self.id, "since": self._at})
            keep_chunks(session, self.id, chunks, first=first)

        if chunks:
            self._store.write(keep)


def sweep(session: Session, *, at: datetime) -> None:
    """Delete what is left of files that nobody will finish."""
    rows = unfinished_files.c
    left = session.execute(select(rows.id).where(rows.since <= at - PATIENCE)).scalars().all()
    for its_id in left:
        _drop(session, its_id)


def _drop(session: Session, its_id: str) -> None:
    session.execute(delete(attachment_chunks).where(attachment_chunks.c.attachment_id == its_id))
    session.execute(delete(unfinished_files).where(unfinished_files.c.id == its_id))
