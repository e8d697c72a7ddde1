"""Files too large to be held: their sealed chunks are kept as they come, and nobody finds them before they are whole."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

from hotline.store import Session, Store
from hotline.vault import unfinished
from hotline.vault.attachments import HeldFile, keep_chunks
from hotline.vault.unfinished import More

_AT_ONCE = 4
_PENS = threading.BoundedSemaphore(4)
"""However many files come in, a few of them write at once: whoever brings words waits for a megabyte of theirs at most."""


class PouredFile(HeldFile):
    """A file while it comes in: of it no more than a few sealed chunks are held.

    What fits into one chunk is not worth a transaction of its own: it is held, and kept with its message. *budget* is
    how many chunks there is room for today, together with all that others have begun; None where the caller sees to it.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        *,
        store: Store,
        clock: Callable[[], datetime],
        budget: int | None = None,
        is_recording: bool = False,
    ) -> None:
        super().__init__(name, kind, is_recording=is_recording)
        self._store = store
        self._clock = clock
        self._budget = budget

    def finish(self) -> None:
        super().finish()
        if self.is_poured or self.count > 1:
            self._pour()

    def drop(self) -> None:
        """Let nothing of this file stay, unless it settled with its message.

        Raises:
            Unavailable: the sweep will have to do it.
        """
        self.chunks = []
        if self.is_poured:
            unfinished.drop(self._store, self.id)

    def _hold(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            super()._hold([chunk])
            if len(self.chunks) >= _AT_ONCE:
                self._pour()

    def _pour(self) -> None:
        first, chunks, at = self.count - len(self.chunks), self.chunks, self._clock()
        more = More(self.id, first, len(chunks), self.is_recording, self._budget)
        self.chunks, self.is_poured = [], True

        def keep(session: Session) -> None:
            unfinished.grow(session, more, at=at)
            keep_chunks(session, self.id, chunks, first=first)

        if chunks:
            with _PENS:
                self._store.write(keep)
