"""What this process remembers for a moment, and nowhere else: no row, no file, gone with the process."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import current_app, request

LINGER = "hotline.linger"
"""What a server that can wait without a thread puts into the environment of a request: call it with seconds."""


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


def linger(seconds: float) -> None:
    """Let the answer leave *seconds* later; this thread sleeps only where the server cannot wait without it."""
    request.environ.get(LINGER, time.sleep)(seconds)


class Brake:
    """Slows those who try codes, all together, because we know nobody's address.

    A right code waits for nothing. A wrong one always takes the same time; when wrong ones come faster than
    *a_second* each takes longer than the one before, *longest* times as long at most. Who waits holds neither a
    place nor a thread. Only *at_once* are looked at, so that no flood of them takes the threads that receive
    reports: whoever comes beyond that is asked, after a while, to try again.
    """

    def __init__(
        self,
        *,
        at_once: int = 8,
        wrong_takes: float = 1.0,
        longest: float = 10.0,
        a_second: float = 1.0,
        burst: int = 10,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = linger,
    ) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._wrong_takes, self._longest = wrong_takes, longest
        self._a_second, self._burst = a_second, burst
        self._now, self._sleep = now, sleep
        self._lock = threading.Lock()
        self._tokens, self._since = float(burst), now()

    @contextmanager
    def turn(self) -> Iterator[float | None]:
        """Yield the moment at which a try begins, or None where too many others are trying."""
        if not self._places.acquire(blocking=False):
            self._sleep(self._wrong_takes)
            yield None
            return
        try:
            yield self._now()
        finally:
            self._places.release()

    def wait_out(self, since: float) -> None:
        """Let a try that began at *since* take as long as a wrong one does; call it when the turn is over."""
        takes = self._wrong_takes * min(self._longest, 1 + self._arrears())
        self._sleep(max(0.0, since + takes - self._now()))

    def _arrears(self) -> float:
        """Count a wrong try; return by how many seconds those before it came too early."""
        with self._lock:
            now = self._now()
            refilled = self._tokens + (now - self._since) * self._a_second
            # A flood that is over is soon forgotten.
            self._tokens = max(-self._longest, min(self._burst, refilled) - 1)
            self._since = now
            return max(0.0, -self._tokens / self._a_second)


class WordBrake:
    """Slows those who try code words, for each report by itself: whoever tries those of one is in nobody else's way.

    Of one report *burst* wrong words may come at once, and then one each *seconds*; sooner not even a right one is
    looked at. A report is known by its look-up id, for as long as its wrong words count. Of *most* reports (about
    200 bytes each, 13 MB in all) those whose words were tried longest ago are forgotten first.
    """

    def __init__(
        self,
        *,
        burst: int = 10,
        seconds: float = 10.0,
        wrong_takes: float = 1.0,
        most: int = 65_536,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = linger,
    ) -> None:
        self._burst, self._seconds, self._wrong_takes = burst, seconds, wrong_takes
        self._most, self._now, self._sleep = most, now, sleep
        self._lock = threading.Lock()
        self._counts_until: dict[bytes, float] = {}

    @contextmanager
    def turn(self, lookup: bytes) -> Iterator[Callable[[], None] | None]:
        """Yield what to call when the word was right, or None where too many wrong ones were tried for this report."""
        begun = self._now()
        if not self._may_try(lookup, begun):
            self._sleep(self._wrong_takes)
            yield None
            return
        right: list[bool] = []
        yield lambda: right.append(True)
        if right:
            self._forgive(lookup)
        else:
            self._sleep(max(0.0, begun + self._wrong_takes - self._now()))

    def _may_try(self, lookup: bytes, now: float) -> bool:
        with self._lock:
            self._forget(now)
            until = max(now, self._counts_until.get(lookup, now)) + self._seconds
            if until > now + self._burst * self._seconds:
                return False
            self._counts_until.pop(lookup, None)
            self._counts_until[lookup] = until
            return True

    def _forgive(self, lookup: bytes) -> None:
        with self._lock:
            if lookup in self._counts_until:
                self._counts_until[lookup] -= self._seconds

    def _forget(self, now: float) -> None:
        while self._counts_until:
            lookup, until = next(iter(self._counts_until.items()))
            if until > now and len(self._counts_until) < self._most:
                return
            del self._counts_until[lookup]


@dataclass(frozen=True, repr=False)
class Desk:
    """The memory of one application in one process.

    *brake* slows those who try codes, *words* those who try code words, *sooner* those who solve puzzles. *secret*
    makes the codes of repeated forms; *sent* knows forms, and *read* codes, of the last two minutes: a page that was
    lost on its way can be asked for again so long, and no longer by the Back key. What was sent leaves two keys, so
    that 270 reports a second push nobody's out; each takes about 300 bytes, and all of them 20 MB at most.
    """

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    brake: Brake = field(default_factory=Brake)
    words: WordBrake = field(default_factory=WordBrake)
    sooner: Brake = field(default_factory=lambda: Brake(wrong_takes=0.3, longest=3))
    sent: Lately = field(default_factory=lambda: Lately(120, most=65_536))
    read: Lately = field(default_factory=lambda: Lately(120))


def desk() -> Desk:
    """Return the memory of the application that serves this request."""
    found = current_app.extensions["web"]
    if not isinstance(found, Desk):
        raise TypeError
    return found
