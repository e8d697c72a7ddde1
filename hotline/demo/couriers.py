"""Those who carry things: each task is done by another thread, at once or after a while."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_PATIENCE = 1.0
"""Seconds that a courier without work stays."""

log = logging.getLogger(__name__)


@dataclass(order=True)
class _Task:
    due: float
    number: int
    does: Callable[[], object] = field(compare=False)
    is_awaited: bool = field(compare=False)


class Couriers:
    """At most *hands* threads, which come when there is work and go when there is none."""

    def __init__(self, hands: int = 8) -> None:
        self._hands = hands
        self._tasks: list[_Task] = []
        self._numbers = itertools.count()
        self._guard = threading.Lock()
        self._work = threading.Condition(self._guard)
        self._home = threading.Condition(self._guard)
        self._here = self._idle = self._owed = 0

    def send(
        self, does: Callable[[], object], *, after: float = 0.0, is_awaited: bool = True
    ) -> None:
        """Do something in *after* seconds; `settle` waits for it if *is_awaited*."""
        task = _Task(time.monotonic() + after, next(self._numbers), does, is_awaited)
        with self._guard:
            heapq.heappush(self._tasks, task)
            self._owed += is_awaited
            self._call_another()
            self._work.notify()

    def settle(self) -> None:
        """Wait until everything is done that somebody waits for."""
        with self._guard:
            self._home.wait_for(lambda: not self._owed)

    def _call_another(self) -> None:
        if not self._idle and self._here < self._hands:
            self._here += 1
            threading.Thread(target=self._carry, name="courier", daemon=True).start()

    def _carry(self) -> None:
        while task := self._next():
            try:
                task.does()
            except Exception as error:
                # One failed errand ends no courier; what it carried is none of the log's business.
                log.error("a courier failed", extra={"error": type(error).__name__})
            with self._guard:
                self._owed -= task.is_awaited
                if not self._owed:
                    self._home.notify_all()

    def _next(self) -> _Task | None:
        """Return the next task once it is due; None when none came for a while."""
        with self._guard:
            self._idle += 1
            while not self._tasks or self._tasks[0].due > time.monotonic():
                wait = self._tasks[0].due - time.monotonic() if self._tasks else _PATIENCE
                if not self._work.wait(max(wait, 0)) and not self._tasks:
                    self._idle -= 1
                    self._here -= 1
                    return None
            self._idle -= 1
            task = heapq.heappop(self._tasks)
            if self._tasks:
                self._call_another()
                self._work.notify()
            return task
