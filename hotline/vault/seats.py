"""How many may try a passphrase at the same time, so that neither memory nor threads run out.

Strangers (browsers from which nobody signed in before) share one crowd; colleagues at a browser that the house
knows have seats and turns of their own, one a person. So a flood of strangers makes strangers wait, and nobody
who works here; and whoever guesses with a stolen browser takes one seat.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hotline.vault.argon import Stretcher
from hotline.vault.tries import TooSoon

STRANGERS = 4
COLLEAGUES = 6
"""Each seat holds a thread of the server for as long as a passphrase is stretched; reports need the others."""


class Seats:
    """The seats at the door. At most two passphrases are stretched at a time: one a crowd."""

    def __init__(self) -> None:
        self._strangers = threading.BoundedSemaphore(STRANGERS)
        self._of_strangers = Stretcher()
        self._of_colleagues = Stretcher()
        self._inside: set[str] = set()
        self._door = threading.Lock()

    @contextmanager
    def stranger(self) -> Iterator[Stretcher]:
        """Yield what stretches for somebody whom the house does not know.

        Raises:
            TooSoon: all seats are taken.
        """
        if not self._strangers.acquire(blocking=False):
            raise TooSoon
        try:
            yield self._of_strangers
        finally:
            self._strangers.release()

    @contextmanager
    def colleague(self, member_id: str) -> Iterator[Stretcher]:
        """Yield what stretches for a member at a browser of theirs.

        Raises:
            TooSoon: they are trying already, or more colleagues than there are seats.
        """
        with self._door:
            if member_id in self._inside or len(self._inside) >= COLLEAGUES:
                raise TooSoon
            self._inside.add(member_id)
        try:
            yield self._of_colleagues
        finally:
            with self._door:
                self._inside.discard(member_id)
