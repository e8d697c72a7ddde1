"""The way into the application: a thread is given to whom has sent what they say, not to who begins to.

Most bodies are small: they are gathered in memory first, so that thousands of slow senders hold no thread. A
larger one, which brings files, is read while it comes, and where there is no place for its files the words go on
without them. What is heavy has lanes of its own: a flood of reports, or of what agencies' tools ask, keeps no text, no call,
no page, no caseworker and nobody who opened the form and wrote waiting, and who is gone already waits behind who is there. What cannot be
kept of a body is read past without a thread. Neither the address of who asks nor the environment of the process is
handed on.
"""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import closing
from functools import partial
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

from hotline.channels.web.desk import LINGER
from hotline.channels.web.hasty import Hasty
from hotline.operate.application import application
from hotline.operate.arriving import PATIENCE, Arrival, Crowd, Poured, Receive
from hotline.operate.lanes import Lane, NoTurn
from hotline.operate.metrics.meter import ARRIVED

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 16
"""They wait for one group commit together."""
AGENCIES = 6
"""Threads for all that agencies' tools ask."""
UPLOADS = 128
SMALL = 256 << 10
"""Bytes up to which a body is gathered before anything is done with it: a form with words alone is smaller."""
SENDERS = 2000
HELD = 64 << 20
"""Bytes that all who are still sending may hold together."""
TRICKLE = 1 << 10
"""Bytes a second below which an upload is ended, while others wait for its place."""
TURN = 15.0
"""Seconds that an upload has at least, even where others wait."""
WAIT = 20.0
"""Seconds that somebody waits for a place for their files; then their words are kept without them."""
_HASTY = 4
_SCRAP = 16 << 10
"""Bytes that are held of a form where its lane holds all that it may: the words stand first."""
_PAST = 4
"""Times the limit of uploads that are read past of one body."""
_WHOLE = 1 << 20
"""Bytes of an answer that leave at once."""

log = logging.getLogger(__name__)


class Doorway:
    """*application* (WSGI) as an ASGI server calls it."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        is_hasty: Callable[[str, bytes], bool] = lambda _kind, _body: False,
        upload_limit: int = 100 << 20,
        threads: int = THREADS,
        uploads: int = UPLOADS,
        senders: int = SENDERS,
        held: int = HELD,
        patience: float = PATIENCE,
        wait: float = WAIT,
    ) -> None:
        self._application, self._is_hasty = application, is_hasty
        self._upload_limit, self._most_held = upload_limit, held
        self._patience, self._wait = patience, wait
        self._sending = Crowd(most=senders, most_held=held)
        self._uploading, self._made_room = Crowd(most=uploads), 0.0
        # What follows a file that has come is work, of which the machine can do a few at once.
        self._turns = threading.BoundedSemaphore(4)
        self._files = Lane("files", uploads, make_room=self._make_room, most_waiting=uploads)
        self._provider, self._desk = Lane("provider", threads), Lane("desk", threads)
        self._pages, self._words = Lane("pages", threads), Lane("words", threads)
        self._hasty, self._late = Lane("hasty", _HASTY), Lane("late", 2)
        self._agencies = Lane("agencies", min(threads, AGENCIES))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; one that names two hosts is none (RFC 9112, 3.2)."""
        if sum(name == b"host" for name, _ in scope["headers"]) > 1:
            await send({"type": "http.response.start", "status": 400, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        environ = environ_of(scope)
        body = Arrival(receive, patience=self._patience)
        answering = _Answering(self._application, environ, send, asyncio.get_running_loop())
        try:
            await self._let_in(answering, body)
        except Exception as error:
            if not answering.gives_up():
                raise
            # Nothing inside could say so itself: memory is used up, or a thread cannot be had.
            log.error("not let in", exc_info=error)
        await answering.leave()

    async def _let_in(self, answering: "_Answering", body: Arrival) -> None:
        environ = answering.environ
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            body.is_over = True
        with self._sending.joined(body):
            held = await self._gather(body)
        if _is_of_an_agency(environ):
            # It brings no files: the beginning is enough to refuse it.
            body.end()
        if body.is_over:
            await self._answer(answering, self._lane(environ, body, held), body, held)
        else:
            await self._take_in(answering, body, held)

    async def _gather(self, body: Arrival) -> bytes:
        """Return what comes of *body*, all of it where it is small."""
        pieces: list[bytes] = []
        try:
            while body.size <= SMALL and (piece := await body.next()):
                pieces.append(piece)
                self._sending.held += len(piece)
                await self._sending.room_for(body)
        finally:
            self._sending.held -= sum(map(len, pieces))
        return b"".join(pieces)

    async def _answer(
        self, answering: "_Answering", lane: Lane, body: Arrival, held: bytes
    ) -> None:
        """Let the application answer what is *held*, cut where the lane holds all that it may."""
        if lane.held + len(held) > self._most_held and len(held) > _SCRAP:
            held, body.is_broken = held[:_SCRAP], True
        lane.held += len(held)
        try:
            async with lane.thread() as run:
                await run(partial(answering.run, Poured(held, body, answering.loop)))
        finally:
            lane.held -= len(held)

    async def _take_in(self, answering: "_Answering", body: Arrival, held: bytes) -> None:
        """Let the application read files while they come; where there is no place for them, the words alone."""
        try:
            async with self._files.thread(within=self._wait) as run:
                with self._uploading.joined(body):
                    poured = Poured(held, body, answering.loop, self._turns)
                    await run(partial(answering.run, poured))
        except NoTurn:
            body.end()
            await self._answer(answering, self._lane_of_words(answering.environ, held), body, held)
        await body.past(_PAST * self._upload_limit)

    def _lane(self, environ: WSGIEnvironment, body: Arrival, held: bytes) -> Lane:
        if _is_of_an_agency(environ):
            return self._agencies
        if body.is_broken:
            return self._late
        if environ["PATH_INFO"].startswith("/twilio/"):
            return self._provider
        if environ["PATH_INFO"].startswith("/console/"):
            return self._desk
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return self._pages
        return self._lane_of_words(environ, held)

    def _lane_of_words(self, environ: WSGIEnvironment, held: bytes) -> Lane:
        is_hasty = self._is_hasty(environ.get("CONTENT_TYPE", ""), held)
        return self._hasty if is_hasty else self._words

    def _make_room(self) -> None:
        """End what holds a place in vain, and one more each second: nobody has a place for as long as they like."""
        self._uploading.end_larger_than(2 * self._upload_limit)
        self._uploading.end_slower_than(TRICKLE)
        if (now := time.monotonic()) - self._made_room >= 1:
            self._made_room = now
            self._uploading.end_greediest(TURN)


class _Answering:
    """What the application answers: whole where it is small, and else while it is made."""

    def __init__(
        self,
        application: WSGIApplication,
        environ: WSGIEnvironment,
        send: Send,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._application, self.environ = application, environ
        self._send, self.loop = send, loop
        self._head: dict[str, Any] = {}
        self._is_whole = self._has_begun = False
        self._rest = bytearray()
        self._lingers = 0.0
        environ[LINGER] = self._linger

    def run(self, body: Poured) -> None:
        """Let the application answer *body*, in a thread."""
        self.environ["wsgi.input"] = body
        with closing(body):
            content = self._application(self.environ, self._begin)
            try:
                for piece in content:
                    self._rest += piece
                    if len(self._rest) > _WHOLE:
                        self._push()
                self._is_whole = True
            finally:
                if hasattr(content, "close"):
                    content.close()

    def gives_up(self) -> bool:
        """Answer that it may work in a moment, unless all is answered; False where a part of an answer has left already."""
        if self._is_whole:
            # What was sent is kept, and the answer says so: whatever failed after it changes nothing of that.
            return True
        if not self._has_begun:
            self._rest.clear()
            self._head = {"type": "http.response.start", "status": 503, "headers": []}
        return not self._has_begun

    async def leave(self) -> None:
        """Send what is left, after as long as the application wants: neither a thread nor what was sent waits along."""
        self.environ.clear()
        await asyncio.sleep(self._lingers)
        for message in self._messages(is_last=True):
            await self._send(message)

    def _linger(self, seconds: float) -> None:
        self._lingers = max(self._lingers, seconds)

    def _begin(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = {"type": "http.response.start", "status": int(status[:3]), "headers": raw}
        return self._rest.extend

    def _push(self) -> None:
        """Send what is there; who does not take it within a while is gone."""
        for message in self._messages(is_last=False):
            asyncio.run_coroutine_threadsafe(self._deliver(message), self.loop).result(PATIENCE)

    async def _deliver(self, message: dict[str, Any]) -> None:
        await self._send(message)

    def _messages(self, *, is_last: bool) -> Iterator[dict[str, Any]]:
        if self._head:
            yield self._head
            self._head, self._has_begun = {}, True
        yield {"type": "http.response.body", "body": bytes(self._rest), "more_body": not is_last}
        self._rest.clear()


def _is_of_an_agency(environ: WSGIEnvironment) -> bool:
    return str(environ["PATH_INFO"]).startswith(("/feeds", "/taxii2"))


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
        ARRIVED: time.perf_counter(),
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            # It would pass for the header that has a hyphen there, past whoever stands in front and looks.
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        joint = ";" if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    return environ


def door() -> Doorway:
    """Return the way into the application, for a server that asks for it."""
    app = application()
    hotline, desk = app.extensions["hotline"], app.extensions["web"]
    return Doorway(
        app,
        is_hasty=Hasty(desk.secret, lambda: hotline.clock().timestamp()),
        upload_limit=hotline.config.attachment_limit_mb << 20,
    )
