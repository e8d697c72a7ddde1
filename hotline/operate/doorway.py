"""The way into the application: a thread is given to whom has sent what they say, not to who begins to.

Most bodies are small: they are gathered in memory first, so that thousands of slow senders hold no thread. A
larger one, which brings files, is read while it comes. What is heavy has lanes of its own: a flood of reports
keeps no text, no call, no page and no caseworker waiting, and who is gone already waits behind who is there.
Neither the address of who asks nor the environment of the process is handed on.
"""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import closing
from importlib import import_module
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

from hotline.operate.arriving import PATIENCE, Arrival, Crowd, Poured, Receive
from hotline.operate.lanes import Lane

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 16
"""They wait for one group commit together."""
UPLOADS = 128
SMALL = 256 << 10
"""Bytes up to which a body is gathered before anything is done with it: a form with words alone is smaller."""
SENDERS = 2000
HELD = 64 << 20
"""Bytes that all who are still sending may hold together."""
BRISK = 16 << 10
"""Bytes a second below which an upload is ended, while others wait for its place."""
_WHOLE = 1 << 20
"""Bytes of an answer that leave at once."""


class Doorway:
    """*application* (WSGI) as an ASGI server calls it."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        threads: int = THREADS,
        uploads: int = UPLOADS,
        senders: int = SENDERS,
        held: int = HELD,
        patience: float = PATIENCE,
    ) -> None:
        self._application, self._patience = application, patience
        self._sending = Crowd(most=senders, most_held=held)
        self._uploading = Crowd(most=uploads)
        # What follows a file that has come is work, of which the machine can do a few at once.
        self._turns = threading.BoundedSemaphore(4)
        self._files = Lane("files", uploads, make_room=self._end_dawdlers)
        self._provider, self._desk = Lane("provider", threads), Lane("desk", threads)
        self._pages, self._words = Lane("pages", threads), Lane("words", threads)
        self._late = Lane("late", 2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        body = Arrival(receive, patience=self._patience)
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            body.is_over = True
        held = b""
        try:
            with self._sending.joined(body):
                held = await self._gather(body)
            await self._admit(environ, body, held, send)
        finally:
            self._sending.held -= len(held)

    async def _gather(self, body: Arrival) -> bytes:
        """Return what comes of *body*, all of it where it is small."""
        pieces: list[bytes] = []
        while body.size <= SMALL and (piece := await body.next()):
            pieces.append(piece)
            self._sending.held += len(piece)
            await self._sending.room_for(body)
        return b"".join(pieces)

    async def _admit(
        self, environ: WSGIEnvironment, body: Arrival, held: bytes, send: Send
    ) -> None:
        loop = asyncio.get_running_loop()
        is_whole = body.is_over
        environ["wsgi.input"] = Poured(held, body, loop, None if is_whole else self._turns)
        answering = _Answering(self._application, environ, send, loop)
        async with self._lane(environ, body).thread() as run:
            if is_whole:
                await run(answering.run)
            else:
                with self._uploading.joined(body):
                    await run(answering.run)
        await answering.leave()

    def _lane(self, environ: WSGIEnvironment, body: Arrival) -> Lane:
        if not body.is_over:
            return self._files
        if body.is_broken:
            return self._late
        if environ["PATH_INFO"].startswith("/twilio/"):
            return self._provider
        if environ["PATH_INFO"].startswith("/console/"):
            return self._desk
        return self._pages if environ["REQUEST_METHOD"] in ("GET", "HEAD") else self._words

    def _end_dawdlers(self) -> None:
        self._uploading.end_slower_than(BRISK)


class _Answering:
    """What the application answers: whole where it is small, and else while it is made."""

    def __init__(
        self,
        application: WSGIApplication,
        environ: WSGIEnvironment,
        send: Send,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._application, self._environ = application, environ
        self._send, self._loop = send, loop
        self._head: dict[str, Any] = {}
        self._rest = bytearray()

    def run(self) -> None:
        """Let the application answer, in a thread."""
        with closing(self._environ["wsgi.input"]):
            content = self._application(self._environ, self._begin)
            try:
                for piece in content:
                    self._rest += piece
                    if len(self._rest) > _WHOLE:
                        self._push()
            finally:
                if hasattr(content, "close"):
                    content.close()

    async def leave(self) -> None:
        """Send what is left."""
        for message in self._messages(is_last=True):
            await self._send(message)

    def _begin(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = {"type": "http.response.start", "status": int(status[:3]), "headers": raw}
        return self._rest.extend

    def _push(self) -> None:
        """Send what is there; who does not take it within a while is gone."""
        for message in self._messages(is_last=False):
            asyncio.run_coroutine_threadsafe(self._deliver(message), self._loop).result(PATIENCE)

    async def _deliver(self, message: dict[str, Any]) -> None:
        await self._send(message)

    def _messages(self, *, is_last: bool) -> Iterator[dict[str, Any]]:
        if self._head:
            yield self._head
            self._head = {}
        yield {"type": "http.response.body", "body": bytes(self._rest), "more_body": not is_last}
        self._rest.clear()


def environ_of(scope: Scope) -> WSGIEnvironment:
    """Return what an application is told of a request; the address of who asks is not among it."""
    host, port = scope.get("server") or ("", "")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        joint = ";" if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    return environ


def door() -> Doorway:
    """Return the way into `app:app`, for a server that asks for it."""
    return Doorway(import_module("app").app)
