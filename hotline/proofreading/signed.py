"""What was signed in this house, as the processes of one machine share it: at most a minute old.

Where it cannot be read, what was known before stands; at first nothing is signed.
"""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import select

from hotline.proofreading.tables import sign_offs, wrong_sentences
from hotline.reviews import NOBODY, Signatures
from hotline.store import Session, Store

log = logging.getLogger(__name__)

SECONDS = 60.0


class Signed:
    """Every signature and every mark of a house. Each page asks for them, so they are kept in memory."""

    def __init__(self, store: Store, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._ticks = ticks
        self._known = NOBODY
        self._good_until = float("-inf")
        self._refreshing = threading.Lock()

    def __call__(self) -> Signatures:
        """Return what is signed. While one thread looks again, the others go on with what was known."""
        is_first = self._good_until == float("-inf")
        if self._ticks() >= self._good_until and self._refreshing.acquire(blocking=is_first):
            try:
                if self._ticks() >= self._good_until:
                    self._look_again()
            finally:
                self._refreshing.release()
        return self._known

    def refresh(self) -> None:
        """Look again at once, because something was just signed, marked or taken back here."""
        with self._refreshing:
            self._look_again()

    def _look_again(self) -> None:
        self._good_until = self._ticks() + SECONDS
        try:
            with self._store.read() as session:
                self._known = signatures(session)
        except Exception:
            log.exception("sign-offs not read")


def signatures(session: Session) -> Signatures:
    """Return everything that is signed and marked: a few rows for each language that somebody here reads."""
    signed = session.execute(select(sign_offs.c.locale, sign_offs.c.version))
    wrong = session.execute(select(wrong_sentences.c.locale, wrong_sentences.c.sentence))
    return Signatures(
        frozenset((row.locale, row.version) for row in signed),
        frozenset((row.locale, row.sentence) for row in wrong),
    )
