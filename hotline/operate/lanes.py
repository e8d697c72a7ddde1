"""Lanes into the application, each with threads of its own: a crowd in one keeps nobody in another waiting.

Where more wait in a lane than its threads can serve in a moment, the newest is served first. Whoever comes then
is answered at once as long as there is any room at all, and those before them get their turn when the crowd is
gone; in the order of their coming everybody would wait, and each would give up before their turn.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

Run = Callable[[Callable[[], None]], Awaitable[None]]

SOON = 1.0
"""Seconds that somebody may wait before the newest goes first."""
_LOOKS = 0.5
"""Seconds between two looks at who holds a thread in vain."""


class Lane:
    """A few threads and those who wait for one; *make_room* may end what holds one in vain."""

    def __init__(
        self, name: str, threads: int, *, make_room: Callable[[], None] = lambda: None
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free = threads
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._make_room = make_room

    @asynccontextmanager
    async def thread(self) -> AsyncIterator[Run]:
        """Wait for a thread, and yield what runs work in it."""
        await self._turn()
        try:
            yield self._run
        finally:
            self._hand_on()

    async def _run(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _turn(self) -> None:
        if self._free:
            self._free -= 1
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append((loop.time(), turn))
        try:
            while not turn.done():
                self._make_room()
                await asyncio.wait((turn,), timeout=_LOOKS)
        except asyncio.CancelledError:
            if not turn.cancel():
                self._hand_on()
            raise

    def _hand_on(self) -> None:
        """Give the thread that is free now to whom waits."""
        now = asyncio.get_running_loop().time()
        while self._waiting:
            is_crowded = self._waiting[0][0] + SOON < now
            _, turn = self._waiting.pop() if is_crowded else self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
