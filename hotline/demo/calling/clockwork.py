"""The clock that all calls share, and the order in which they are woken.

Time stands still until `waits` moves it; then legs are woken in the order of their moments. Whatever changes a
call is done by one thread at a time; what the interface asks for while a document is being fetched is done after it.
"""

import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from hotline.demo.calling.happenings import Ended, Happening, Redirected
from hotline.demo.calling.leg import Leg, Script
from hotline.demo.couriers import Couriers

_LONGEST = 24 * 60 * 60
_LONGEST_LEAP = 3.0
"""Seconds that the clock moves at most by itself, however long nobody looked."""


class Clockwork(ABC):
    """Runs the scripts of legs. *now* are seconds since it was made; *when_time_passes* is told of each leap."""

    def __init__(self, couriers: Couriers) -> None:
        self.now = 0.0
        self.when_time_passes: Callable[[float], object] = lambda seconds: None
        self._couriers = couriers
        self._due: deque[tuple[Leg, Happening | Exception | None]] = deque()
        self._asked: deque[Callable[[], object]] = deque()
        self._afterwards: list[tuple[Callable[[], object], float]] = []
        self._guard = threading.RLock()
        self._looked = 0.0

    @abstractmethod
    def _waiting(self) -> Sequence[Leg]:
        """Return the legs that may have to be woken."""

    @abstractmethod
    def _closes(self, leg: Leg, status: str) -> None:
        """Note that *leg* is over."""

    def waits(self, seconds: float) -> None:
        """Let *seconds* pass for every call.

        Raises:
            ValueError: time does not run backwards.
        """
        if not 0 <= seconds <= _LONGEST:
            raise ValueError("time passes forwards, and at most a day at once")
        with self._alone():
            end = self.now + seconds
            while True:
                self._settles()
                due = [leg.due for leg in self._waiting() if leg.due is not None]
                if min(due, default=end + 1) > end:
                    break
                self._moves(min(due))
                self._wakes()
            self._moves(end)

    def catches_up(self) -> None:
        """Let as much time pass as really has since the last look, but never a long while at once."""
        with self._guard:
            now = time.monotonic()
            since, self._looked = now - (self._looked or now), now
            self.waits(min(since, _LONGEST_LEAP))

    def does(self, leg: Leg, event: Happening) -> None:
        """Let something happen to *leg*, and everything that follows from it at once."""
        with self._alone():
            self.happens(leg, event)

    def starts(self, leg: Leg, script: Script) -> None:
        leg.script = script
        self._due.append((leg, None))

    def happens(self, leg: Leg, event: Happening) -> None:
        self._due.append((leg, event))

    def throws(self, leg: Leg, what: Exception) -> None:
        self._due.append((leg, what))

    def sends_after(self, does: Callable[[], object], seconds: float) -> None:
        """Do something in *seconds* of real time, and not before everything of this moment is done."""
        self._afterwards.append((does, seconds))

    def _asks(self, does: Callable[[], object]) -> None:
        """Do something now, or let whoever is at it do it next; nobody waits for that."""
        self._asked.append(does)
        self._does_what_was_asked()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._guard:
            yield
            self._settles()
        self._does_what_was_asked()

    def _does_what_was_asked(self) -> None:
        """Look once more when all is done: somebody may have asked while the door was being opened."""
        while self._asked and self._guard.acquire(blocking=False):
            try:
                self._settles()
            finally:
                self._guard.release()

    def _settles(self) -> None:
        """Do everything that this moment asks for."""
        while self._asked or self._due:
            while self._asked:
                self._asked.popleft()()
            if self._due:
                leg, what = self._due.popleft()
                self._resumes(leg, what)
        afterwards, self._afterwards = self._afterwards, []
        for does, seconds in afterwards:
            self._couriers.send(does, after=seconds)

    def _moves(self, moment: float) -> None:
        if moment > self.now:
            passed, self.now = moment - self.now, moment
            self.when_time_passes(passed)

    def _wakes(self) -> None:
        for leg in self._waiting():
            if leg.due is not None and leg.due <= self.now:
                leg.due = None
                self._due.append((leg, None))

    def _resumes(self, leg: Leg, what: Happening | Exception | None) -> None:
        if leg.is_over or leg.script is None:
            return
        try:
            leg.due = (
                leg.script.throw(what) if isinstance(what, Exception) else leg.script.send(what)
            )
        except StopIteration:
            self._closes(leg, "completed")
        except Redirected as redirected:
            leg.parts()
            self.starts(leg, leg.begins(redirected.step))
        except Ended as ended:
            self._closes(leg, ended.status)
