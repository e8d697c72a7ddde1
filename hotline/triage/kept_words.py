"""Words that this house has reviewed as ordinary: every text that comes in is redacted with them.

They are read once and looked at again when a minute has passed, so that a message costs no query of its own. Where
they cannot be read the ones of before stand: then more is masked than need be, and nothing is lost.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from hotline.domain.report import day
from hotline.store import Session, Store
from hotline.triage.tables import kept_words

log = logging.getLogger(__name__)

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class KeptWord:
    """A folded *word* of a *language*, and the day on which it was accepted."""

    language: str
    word: str
    day: str


class KeptWords:
    """The kept words of a house, as the processes of one machine share them: at most a minute old."""

    def __init__(self, store: Store, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._ticks = ticks
        self._words: frozenset[str] = frozenset()
        self._good_until = float("-inf")
        self._refreshing = threading.Lock()

    def __call__(self) -> frozenset[str]:
        """Return the words, folded. While one thread looks again, the others go on with what they had."""
        if self._ticks() >= self._good_until and self._refreshing.acquire(blocking=False):
            try:
                self._look_again()
            finally:
                self._refreshing.release()
        return self._words

    def refresh(self) -> None:
        """Look again at the next text, because a word was just decided about here."""
        self._good_until = float("-inf")

    def _look_again(self) -> None:
        self._good_until = self._ticks() + SECONDS
        try:
            with self._store.read() as session:
                self._words = frozenset(session.execute(select(kept_words.c.word)).scalars())
        except Exception:
            log.exception("kept words not read")


def keep(session: Session, language: str, word: str, *, at: datetime) -> None:
    row = {"language": language, "word": word, "day": day(at)}
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(kept_words).values(row).on_conflict_do_nothing())


def take_out(session: Session, language: str, word: str) -> bool:
    """Keep a word no longer; tell whether it was kept."""
    rows = kept_words.c
    gone = session.execute(delete(kept_words).where(rows.language == language, rows.word == word))
    return bool(gone.rowcount == 1)


def page(
    session: Session, *, after: tuple[str, str] = ("", ""), limit: int = 50
) -> tuple[KeptWord, ...]:
    """Return up to *limit* kept words by language and letters, behind the language and word *after*."""
    rows = kept_words.c
    ordered = select(rows.language, rows.word, rows.day).order_by(rows.language, rows.word)
    behind = tuple_(rows.language, rows.word) > tuple_(*after)
    return tuple(KeptWord(*row) for row in session.execute(ordered.where(behind).limit(limit)))
