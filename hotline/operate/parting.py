"""How a process that serves ends: the server lets nobody in any more and answers who is inside; then the work beside ends."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from hotline import worker
from hotline.errors import HotlineError
from hotline.operate import doorway
from hotline.operate.arriving import Receive
from hotline.operate.doorway import Scope, Send

Door = Callable[[Scope, Receive, Send], Awaitable[None]]


class Parting:
    """*door*, and what an ASGI server tells of its own life: at its end *leave* is called, once all were answered."""

    def __init__(self, door: Door, leave: Callable[[], None]) -> None:
        self._door, self._leave = door, leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._door(scope, receive, send)
            return
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await asyncio.get_running_loop().run_in_executor(None, self._leave)
        await send({"type": "lifespan.shutdown.complete"})


def door() -> Parting:
    """Return the way into the application, for a server that asks for it; what keeps it from starting is one plain line."""
    try:
        return Parting(doorway.door(), worker.stop)
    except HotlineError as error:
        sys.exit(f"hotline: {error}")
