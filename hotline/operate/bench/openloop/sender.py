"""Send what was prepared, each request when it is due, whether earlier ones are answered or not.

A process of its own that needs nothing but Python, so that a load costs little beside what is measured:
``python sender.py PORT REQUESTS ANSWERS`` reads records of `RECORD` and their bytes, and writes a record of `ANSWER`
for each. Time counts from when a request was due. At the end its own processor seconds stand on standard output.
"""

import asyncio
import os
import struct
import sys
import time
from collections import deque
from typing import IO

RECORD = struct.Struct("<dI")
"""When a request is due, in seconds from the beginning, and how many bytes follow."""
ANSWER = struct.Struct("<dffH")
"""When it was due, how late it was sent, how long it took since it was due, and the status; 0 where no answer came."""
PATIENCE = 30.0
_MOST = 512
_LEAD = 0.5


class Line(asyncio.Protocol):
    """One connection, which asks one thing at a time and is kept open."""

    def __init__(self, crowd: "Crowd") -> None:
        self._crowd, self._came = crowd, b""
        self._due = self._late = 0.0
        self._is_asking = False
        self._giving_up: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def asks(self, due: float, request: bytes) -> None:
        self._due, self._late, self._is_asking = due, self._crowd.now() - due, True
        if self._transport is None:
            self._ends(0)
            return
        self._giving_up = asyncio.get_running_loop().call_later(PATIENCE, self._transport.abort)
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, found, body = self._came.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            self._came = b""
            self._ends(int(head[9:12]))

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None
        self._ends(0)

    def _ends(self, status: int) -> None:
        if self._giving_up:
            self._giving_up.cancel()
        if self._is_asking:
            self._is_asking = False
            self._crowd.answered(self._due, self._late, status)
        if self._transport and not self._transport.is_closing():
            self._crowd.is_free(self)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


class Crowd:
    """Everybody who asks, over as many connections as it takes."""

    def __init__(self, port: int, answers: IO[bytes]) -> None:
        self._port, self._answers = port, answers
        self._free: deque[Line] = deque()
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._opened = self._asked = self._done = 0
        self._began = time.perf_counter() + _LEAD
        self._opening: set[asyncio.Task[None]] = set()

    def now(self) -> float:
        return time.perf_counter() - self._began

    async def sends(self, requests: IO[bytes]) -> None:
        while head := requests.read(RECORD.size):
            due, size = RECORD.unpack(head)
            request = requests.read(size)
            if (wait := due - self.now()) > 0:
                await asyncio.sleep(wait)
            self._asked += 1
            self._waiting.append((due, request))
            self._hand_out()
        while self._done < self._asked:
            await asyncio.sleep(0.05)

    def answered(self, due: float, late: float, status: int) -> None:
        self._done += 1
        self._answers.write(ANSWER.pack(due, late, self.now() - due, status))

    def is_free(self, line: Line) -> None:
        self._free.append(line)
        self._hand_out()

    def _hand_out(self) -> None:
        while self._waiting and self._free:
            self._free.popleft().asks(*self._waiting.popleft())
        if self._waiting and len(self._opening) < len(self._waiting) and self._opened < _MOST:
            self._opened += 1
            task = asyncio.get_running_loop().create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, line = await loop.create_connection(lambda: Line(self), "127.0.0.1", self._port)
        except OSError:
            self._opened -= 1
            if self._waiting:
                due, _ = self._waiting.popleft()
                self.answered(due, self.now() - due, 0)
            return
        self.is_free(line)


def main(port: str, requests: str, answers: str) -> None:
    """Send the file *requests* and write the file *answers*."""
    with open(requests, "rb") as asked, open(answers, "wb", buffering=1 << 10) as told:  # noqa: PTH123 - nothing imported in vain.
        asyncio.run(Crowd(int(port), told).sends(asked))
    spent = os.times()
    print(spent.user + spent.system)


if __name__ == "__main__":
    main(*sys.argv[1:])
