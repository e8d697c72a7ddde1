"""What this process remembers for a moment, and nowhere else: no row, no file, gone with the process."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import current_app


class Lately:
    """Remembers a few keys for a while, each with a number, and forgets the oldest when there are too many."""

    def __init__(
        self, seconds: float, *, most: int = 4096, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._most, self._now = seconds, most, now
        self._kept: dict[bytes, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def remember(self, key: bytes, number: int = 0) -> None:
        """Remember *key* from now on; a key that is fresh keeps its time and its number."""
        with self._lock:
            self._forget()
            self._kept.setdefault(key, (self._now(), number))

    def recall(self, key: bytes) -> int | None:
        """Return the number of *key* while it is fresh."""
        with self._lock:
            self._forget()
            return self._kept.get(key, (0.0, None))[1]

    def forget_all(self) -> None:
        with self._lock:
            self._kept.clear()

    def _forget(self) -> None:
        edge = self._now() - self._seconds
        while self._kept:
            oldest, (since, _) = next(iter(self._kept.items()))
            if since >= edge and len(self._kept) < self._most:
                return
            del self._kept[oldest]


class Brake:
    """Slows those who try codes, all together, because we know nobody's address.

    A wrong try always takes the same time; when wrong tries come faster than *a_second* the later ones take
    longer. Only *at_once* tries are looked at and only *naps* wrong ones wait, so that no flood of them takes
    the threads that receive reports: whoever comes beyond that is asked to try again in a moment.
    """

    def __init__(
        self,
        *,
        at_once: int = 6,
        naps: int = 4,
        wrong_takes: float = 1.0,
        a_second: float = 1.0,
        burst: int = 10,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._naps = threading.BoundedSemaphore(naps)
        self._wrong_takes, self._a_second, self._burst = wrong_takes, a_second, burst
        self._now, self._sleep = now, sleep
        self._lock = threading.Lock()
        self._tokens, self._since = float(burst), now()

    @contextmanager
    def turn(self) -> Iterator[float | None]:
        """Yield the moment at which a try begins, or None where too many others are trying."""
        if not self._places.acquire(blocking=False):
            yield None
            return
        try:
            yield self._now()
        finally:
            self._places.release()

    def wait_out(self, since: float) -> bool:
        """Sleep until a try that began at *since* took as long as a wrong one does; False where too many sleep."""
        if not self._naps.acquire(blocking=False):
            return False
        try:
            takes = self._wrong_takes * (1 if self._has_token() else 3)
            self._sleep(max(0.0, since + takes - self._now()))
        finally:
            self._naps.release()
        return True

    def _has_token(self) -> bool:
        with self._lock:
            now = self._now()
            self._tokens = min(self._burst, self._tokens + (now - self._since) * self._a_second)
            self._since = now
            has_one = self._tokens >= 1
            self._tokens -= has_one
            return has_one


@dataclass(frozen=True, repr=False)
class Desk:
    """The memory of one application in one process.

    *brake* slows those who try codes, *words* those who try code words, *sooner* those who solve puzzles. *secret* makes the codes of repeated
    forms; *sent* knows forms, and *read* codes, of the last two minutes: a page that was lost on its way can be
    asked for again so long, and no longer by the Back key.
    """

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    brake: Brake = field(default_factory=Brake)
    words: Brake = field(default_factory=lambda: Brake(at_once=2, naps=2))
    sooner: Brake = field(default_factory=lambda: Brake(wrong_takes=0.3))
    sent: Lately = field(default_factory=lambda: Lately(120))
    read: Lately = field(default_factory=lambda: Lately(120))


def desk() -> Desk:
    """Return the memory of the application that serves this request."""
    found = current_app.extensions["web"]
    if not isinstance(found, Desk):
        raise TypeError
    return found
