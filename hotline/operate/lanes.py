"""Lanes into the application, each with threads of its own: a crowd in one keeps nobody in another waiting.

Where more wait in a lane than its threads can serve in a moment, the newest is served first. Whoever comes then
is answered at once as long as there is any room at all, and those before them get their turn when the crowd is
gone; in the order of their coming everybody would wait, and each would give up before their turn.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

Run = Callable[[Callable[[], None]], Awaitable[None]]

SOON = 1.0
"""Seconds that somebody may wait before the newest goes first."""
_LOOKS = 0.5
"""Seconds between two looks at who holds a thread in vain."""


class NoTurn(Exception):
    """Too many others wait, or somebody waited too long: what they brought must do without this lane."""


class Lane:
    """A few threads and those who wait for one; *make_room* may end what holds one in vain.

    With *most_waiting* who waits for longest goes when one too many does. *held* are the bytes that all here hold.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        *,
        make_room: Callable[[], None] = lambda: None,
        most_waiting: int = 0,
    ) -> None:
        self.held = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free = threads
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._make_room, self._most_waiting = make_room, most_waiting

    @asynccontextmanager
    async def thread(self, *, within: float = math.inf) -> AsyncIterator[Run]:
        """Wait for a thread, and yield what runs work in it.

        Raises:
            NoTurn: there was none *within* so many seconds.
        """
        await self._turn(within)
        try:
            yield self._run
        finally:
            self._hand_on()

    async def _run(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _turn(self, within: float) -> None:
        if self._free:
            self._free -= 1
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._wait_for(turn, began := loop.time())
        try:
            while not turn.done():
                self._make_room()
                await asyncio.wait((turn,), timeout=_LOOKS)
                if loop.time() - began > within and turn.cancel():
                    raise NoTurn
            turn.result()
        except asyncio.CancelledError:
            if not turn.cancel() and not turn.exception():
                self._hand_on()
            raise

    def _wait_for(self, turn: asyncio.Future[None], now: float) -> None:
        self._waiting = deque(each for each in self._waiting if not each[1].done())
        self._waiting.append((now, turn))
        if self._most_waiting and len(self._waiting) > self._most_waiting:
            self._waiting.popleft()[1].set_exception(NoTurn)

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
