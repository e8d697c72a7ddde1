"""Jobs that wait for machines of others are done beside the rest: by a few threads, and by few of them for any one party.

Whoever is slow has all of their own waiting, and nobody else. There is no queue: what is not begun at once is given
back. The threads are let go when the process ends; a job that was not done then comes back when its claim is over.
"""

import threading
from collections import Counter
from collections.abc import Callable

THREADS, EACH = 16, 2


class Aside:
    """So many *threads*, and of these *each* for one party."""

    def __init__(self, *, threads: int = THREADS, each: int = EACH) -> None:
        self._threads, self._each = threads, each
        self._busy: Counter[str] = Counter()
        self._changed = threading.Condition()

    def begin(self, work: Callable[[], None], *, party: str) -> bool:
        """Do *work* in a thread; False where *party* has all the threads that it may have, or all are busy."""
        with self._changed:
            if self._busy.total() >= self._threads or self._busy[party] >= self._each:
                return False
            self._busy[party] += 1
        threading.Thread(target=self._do, args=(work, party), name="aside", daemon=True).start()
        return True

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is being done, no longer than *seconds*; tell whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, timeout=seconds)

    def _do(self, work: Callable[[], None], party: str) -> None:
        try:
            work()
        finally:
            with self._changed:
                self._busy[party] -= 1
                self._busy += Counter()
                self._changed.notify_all()
