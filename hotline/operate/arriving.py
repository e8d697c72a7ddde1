"""Bodies on their way in, awaited without a thread, however slowly they come.

Whoever sends a byte a second holds a few hundred bytes of memory and nothing else. Nobody is asked who they
are: when too many are on their way, those who send slowest are ended first, and what had arrived of them is
given to the application, which keeps the words.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from io import RawIOBase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

PATIENCE = 30.0
"""Seconds without a byte after which a sender is taken to be gone."""
YOUNG = 5.0
"""Seconds within which nobody is called slow."""
_PAST = 120.0
"""Seconds for which a body is read past."""


class Arrival:
    """One body: its pieces come when they are asked for, until its sender is done, gone or ended."""

    def __init__(self, receive: Receive, *, patience: float = PATIENCE) -> None:
        self._receive, self._patience = receive, patience
        self._limit: asyncio.Timeout | None = None
        self.size = 0
        self.is_over = False
        self.is_broken = False
        """True where the end never came, or is not waited for."""
        self._is_hurried = self._has_left = False
        self.begin()

    def begin(self) -> None:
        """Let its pace count from now on: nothing was awaited of it before."""
        self._since, self._before = time.monotonic(), self.size

    async def next(self) -> bytes:
        """Return what comes next; nothing once it is over."""
        piece = b""
        while not piece and not self.is_over:
            piece = await self._hear()
        return piece

    async def past(self, most: int) -> None:
        """Read on until all was sent, *most* bytes at the utmost: a browser looks for its answer only then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PAST):
                while not self._has_left and self.size < most:
                    await self._hear()

    async def _hear(self) -> bytes:
        try:
            async with asyncio.timeout(self._patience) as self._limit:
                told = await self._receive()
        except TimeoutError:
            self._has_left, self._is_hurried = not self._is_hurried, False
            told = {}
        finally:
            self._limit = None
        if told.get("type") != "http.request":
            self._has_left = self._has_left or bool(told)
            self.is_over = self.is_broken = True
            return b""
        piece: bytes = told.get("body", b"")
        self.size += len(piece)
        if not told.get("more_body"):
            self._has_left = self.is_over = True
        return piece

    def end(self) -> None:
        """Wait for no more of it."""
        if not self.is_over:
            self.is_over = self.is_broken = True
            if self._limit is not None and not self._limit.expired():
                self._is_hurried = True
                self._limit.reschedule(0)

    def pace(self, now: float) -> float | None:
        """Return its bytes a second; None while it is too young to tell."""
        age = self.age(now)
        return self.brought / age if age >= YOUNG else None

    @property
    def brought(self) -> int:
        """Bytes that came since its pace counts."""
        return self.size - self._before

    def age(self, now: float) -> float:
        return now - self._since


class Crowd:
    """Those whose bodies are on their way, and the bytes that are held of them."""

    def __init__(self, *, most: int, most_held: int = 0) -> None:
        self._most, self._most_held = most, most_held
        self._there: set[Arrival] = set()
        self.held = 0

    @contextmanager
    def joined(self, body: Arrival) -> Iterator[None]:
        """Count *body* meanwhile; one too many ends the slowest."""
        body.begin()
        self._there.add(body)
        if len(self._there) > self._most:
            self._end_slowest()
        try:
            yield
        finally:
            self._there.discard(body)

    async def room_for(self, body: Arrival) -> None:
        """Wait until there is memory for more of *body*, at the cost of the slowest."""
        while self.held > self._most_held and not body.is_over:
            self._end_slowest()
            await asyncio.sleep(0.05)

    def end_slower_than(self, pace: float) -> None:
        """End all who bring fewer than *pace* bytes a second."""
        now = time.monotonic()
        for one in list(self._there):
            its = one.pace(now)
            if its is not None and its < pace:
                self._end(one)

    def end_larger_than(self, size: int) -> None:
        """End all who brought more than *size* bytes."""
        for one in list(self._there):
            if one.size > size:
                self._end(one)

    def end_greediest(self, after: float) -> None:
        """End whoever brought most for longest, of those who had *after* seconds: neither the slow nor the fast alone."""
        now = time.monotonic()
        old = [one for one in self._there if one.age(now) >= after]
        if old:
            self._end(max(old, key=lambda one: one.brought * one.age(now)))

    def _end_slowest(self) -> None:
        now = time.monotonic()
        paces = [(pace, one) for one in self._there if (pace := one.pace(now)) is not None]
        if paces:
            self._end(min(paces, key=lambda each: each[0])[1])

    def _end(self, one: Arrival) -> None:
        self._there.discard(one)
        one.end()


class Poured(RawIOBase):
    """A body as an application reads it, in its own thread: what is *held*, then what still comes.

    At the end of a body that broke off, reading it fails. With *turns*, one of them is taken at the end and
    given back when this is closed.
    """

    def __init__(
        self,
        held: bytes,
        body: Arrival,
        loop: asyncio.AbstractEventLoop,
        turns: threading.BoundedSemaphore | None = None,
    ) -> None:
        self._ready = memoryview(held)
        self._body, self._loop, self._turns = body, loop, turns
        self._has_turn = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        target = memoryview(buffer).cast("B")
        if not self._ready and len(target):
            self._ready = memoryview(self._next())
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        """Await no more, and give the turn back."""
        if not self.closed and not self._body.is_over:
            self._loop.call_soon_threadsafe(self._body.end)
        if self._turns and self._has_turn:
            self._turns.release()
            self._has_turn = False
        super().close()

    def _next(self) -> bytes:
        """Return the next piece; a thread that waits here holds nobody else up.

        Raises:
            ConnectionResetError: the sender is gone.
        """
        if not self._body.is_over:
            coming = asyncio.run_coroutine_threadsafe(self._body.next(), self._loop)
            if piece := coming.result():
                return piece
        if self._turns and not self._has_turn:
            self._has_turn = self._turns.acquire()
        if self._body.is_broken:
            raise ConnectionResetError
        return b""
