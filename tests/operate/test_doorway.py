"""The doorway: bodies are awaited without a thread, and an application reads them as from any server."""

import asyncio
import threading
import time

import pytest

from hotline.channels.web.desk import LINGER
from hotline.operate import arriving
from hotline.operate.arriving import Arrival, Crowd
from hotline.operate.doorway import SMALL, Doorway
from hotline.operate.lanes import Lane

LARGE = SMALL + 1


class Caller:
    """Whoever sends a request: *pieces* one after another; then the end, silence, or nothing more ever."""

    def __init__(self, *pieces: bytes, then: str = "end", length: int | None = None, **scope):
        self.pieces, self.then = list(pieces), then
        size = sum(map(len, pieces)) if length is None else length
        headers = [(b"content-length", b"%d" % size)] if pieces or length else []
        self.scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "raw_path": b"/a%2573/%C3%B1%FF",
            "query_string": b"q=%C3%B1",
            "server": ("127.0.0.1", "80"),
            "client": ("203.0.113.7", "4000"),
            "headers": [(b"host", b"line.example"), *headers, *scope.pop("headers", ())],
            **scope,
        }
        self.head: dict = {}
        self.answer = b""
        self.answered_in_pieces = 0

    async def receive(self):
        if self.pieces:
            return {"type": "http.request", "body": self.pieces.pop(0), "more_body": True}
        if self.then == "end":
            return {"type": "http.request", "body": b"", "more_body": False}
        if self.then == "silence":
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.head = message
        else:
            self.answer += message["body"]
            self.answered_in_pieces += 1

    async def asks(self, doorway: Doorway) -> "Caller":
        await doorway(self.scope, self.receive, self.send)
        return self


def echo(environ, start_response):
    """Answer with what was sent, as far as it came."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Case", "ñ")])
    read = b""
    try:
        while piece := environ["wsgi.input"].read(1000):
            read += piece
    except OSError:
        read += b"|broken"
    return [read]


def asked(application, *callers: Caller, **bounds) -> list[Caller]:
    async def all_at_once():
        doorway = Doorway(application, **bounds)
        return await asyncio.gather(*(caller.asks(doorway) for caller in callers))

    return asyncio.run(all_at_once())


async def let_go(waiting) -> None:
    """Let whoever still waits hang up."""
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "pieces", [(b"a",), (b"ab", b"cd"), (b"x" * SMALL,), (b"x" * LARGE,), (b"x" * 65_536,) * 20]
)
def test_a_body_is_read_as_it_was_sent(pieces):
    caller = Caller(*pieces)
    asked(echo, caller)
    assert caller.answer == b"".join(pieces)
    assert caller.head["status"] == 200
    assert caller.head["headers"] == [(b"content-type", b"text/plain"), (b"x-case", b"\xf1")]


@pytest.mark.parametrize("size", [5, LARGE])
@pytest.mark.parametrize("then", ["gone", "silence"])
def test_of_a_body_that_breaks_off_what_came_is_read_and_its_end_is_none(size, then):
    caller = Caller(b"x" * size, then=then, length=2 * LARGE)
    asked(echo, caller, patience=0.05)
    assert caller.answer == b"x" * size + b"|broken"


def test_who_sends_nothing_is_not_waited_for():
    caller = Caller(then="silence", method="GET")
    began = time.monotonic()
    asked(echo, caller)
    assert (caller.answer, time.monotonic() - began < 1) == (b"", True)


def test_the_application_is_told_the_request_and_not_who_asks():
    told = {}

    def application(environ, start_response):
        told.update(environ)
        return echo(environ, start_response)

    headers = [
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"content-type", b"x/y"),
        (b"x-forwarded-for", b"198.51.100.9"),
    ]
    asked(application, Caller(b"ab", headers=headers))
    assert told["PATH_INFO"] == "/a%73/\xc3\xb1\xff"
    assert told["QUERY_STRING"] == "q=%C3%B1"
    assert told["HTTP_COOKIE"] == "a=1;b=2"
    assert (told["CONTENT_TYPE"], told["CONTENT_LENGTH"]) == ("x/y", "2")
    assert told["REMOTE_ADDR"] == ""
    assert "203.0.113.7" not in str(told)


def test_those_who_only_begin_hold_no_thread_of_those_who_are_done():
    slow = [Caller(b"x", then="silence", length=9) for _ in range(300)]
    slow += [Caller(b"x" * LARGE, then="silence", length=2 * LARGE) for _ in range(4)]
    person = Caller(b"help me")

    async def meanwhile():
        doorway = Doorway(echo, threads=2, uploads=4)
        waiting = [asyncio.ensure_future(caller.asks(doorway)) for caller in slow]
        await asyncio.sleep(0.2)
        began = time.monotonic()
        await person.asks(doorway)
        took = time.monotonic() - began
        await let_go(waiting)
        return took

    assert asyncio.run(meanwhile()) < 1
    assert person.answer == b"help me"


def test_an_upload_takes_the_place_of_one_that_dawdles(monkeypatch):
    monkeypatch.setattr(arriving, "YOUNG", 0.2)
    dawdling = Caller(b"x" * LARGE, then="silence", length=2 * LARGE)
    person = Caller(b"y" * LARGE)

    async def meanwhile():
        doorway = Doorway(echo, uploads=1, patience=1)
        first = asyncio.ensure_future(dawdling.asks(doorway))
        await asyncio.sleep(0.1)
        await asyncio.wait_for(person.asks(doorway), 5)
        await first

    asyncio.run(meanwhile())
    assert person.answer == b"y" * LARGE
    assert dawdling.answer == b"x" * LARGE + b"|broken"


def test_one_sender_too_many_ends_the_slowest_and_nobody_young(monkeypatch):
    monkeypatch.setattr(arriving, "YOUNG", 0.1)
    slow, less_slow, young = (
        Caller(begun, then="silence", length=9) for begun in (b"x", b"xxx", b"y")
    )

    async def meanwhile():
        doorway = Doorway(echo, senders=2)
        first, second = (asyncio.ensure_future(one.asks(doorway)) for one in (slow, less_slow))
        await asyncio.sleep(0.3)
        third = asyncio.ensure_future(young.asks(doorway))
        await asyncio.wait_for(first, 2)
        assert not second.done()
        assert not third.done()
        await let_go([second, third])

    asyncio.run(meanwhile())
    assert slow.answer == b"x|broken"


def test_what_all_hold_together_is_bounded(monkeypatch):
    monkeypatch.setattr(arriving, "YOUNG", 0.1)
    callers = [Caller(b"x" * 1000, then="silence", length=9000) for _ in range(10)]

    async def meanwhile():
        doorway = Doorway(echo, held=5000)
        waiting = [asyncio.ensure_future(one.asks(doorway)) for one in callers]
        await asyncio.sleep(1)
        still = sum(not one.done() for one in waiting)
        await let_go(waiting)
        return still

    # Five of a thousand bytes fit, and no more than fit are waited for.
    assert asyncio.run(meanwhile()) == 5
    assert sum(one.answer == b"x" * 1000 + b"|broken" for one in callers) == 5


def test_a_large_answer_leaves_while_it_is_made():
    def application(environ, start_response):
        start_response("200 OK", [])
        return (b"x" * 100_000 for _ in range(50))

    caller = Caller(method="GET")
    asked(application, caller)
    assert caller.answer == b"x" * 5_000_000
    assert caller.answered_in_pieces > 2


def _breaks_off_after(content: bytes, closed: threading.Event):
    """Return an application that begins to answer *content*, and fails."""

    class Content:
        def __iter__(self):
            yield content
            raise MemoryError

        def close(self):
            closed.set()

    def application(environ, start_response):
        start_response("200 OK", [])
        return Content()

    return application


def test_of_an_answer_that_fails_nobody_sees_a_part_and_it_is_asked_for_again():
    closed = threading.Event()
    (caller,) = asked(_breaks_off_after(b"x", closed), Caller(method="GET"))
    assert closed.is_set()
    assert (caller.head["status"], caller.answer) == (503, b"")


def test_an_answer_of_which_a_part_has_left_breaks_off():
    closed = threading.Event()
    with pytest.raises(MemoryError):
        asked(_breaks_off_after(b"x" * 2_000_000, closed), Caller(method="GET"))
    assert closed.is_set()


def test_where_nothing_works_inside_it_is_asked_for_again(monkeypatch):
    # Not even a thread can be had.
    monkeypatch.setattr(Lane, "_run", _no_memory)
    (caller,) = asked(echo, Caller(b"a"))
    assert caller.head["status"] == 503


def test_whoever_was_answered_hears_so_whatever_fails_afterwards(monkeypatch):
    # What they said is kept: told to send it again they would miss the code that they come back with.
    monkeypatch.setattr(Arrival, "past", _no_memory)
    (caller,) = asked(echo, Caller(b"x" * LARGE))
    assert (caller.head["status"], len(caller.answer)) == (200, LARGE)


async def _no_memory(*_args) -> None:
    raise MemoryError


def test_a_crowd_forgets_who_left():
    async def meanwhile():
        crowd = Crowd(most=1)
        for _ in range(5):
            body = Arrival(Caller(b"x").receive)
            with crowd.joined(body):
                assert await body.next() == b"x"
            assert not body.is_broken

    asyncio.run(meanwhile())


def test_answers_that_linger_hold_no_thread_and_nothing_that_was_sent():
    def lingers(environ, start_response):
        if environ["QUERY_STRING"] == "wrong":
            environ[LINGER](0.6)
        return echo(environ, start_response)

    wrong = [Caller(b"word", query_string=b"wrong") for _ in range(20)]
    person = Caller(b"help")

    async def many_and_one():
        doorway = Doorway(lingers, threads=1, held=90)
        waiting = [asyncio.ensure_future(one.asks(doorway)) for one in wrong]
        await asyncio.sleep(0.3)
        begun = time.monotonic()
        await person.asks(doorway)
        took, answered = time.monotonic() - begun, sum(bool(one.head) for one in wrong)
        await asyncio.gather(*waiting)
        return took, answered

    took, answered = asyncio.run(many_and_one())
    assert took < 0.3
    assert answered == 0
    assert person.answer == b"help"
    assert [one.answer for one in wrong] == [b"word"] * 20


@pytest.mark.parametrize(
    ("method", "path"), [("POST", b"/feeds/webhooks"), ("GET", b"/taxii2/"), ("GET", b"/feeds/a")]
)
def test_agencies_take_no_thread_from_reporters_or_the_desk(method, path):
    go = threading.Event()

    def application(environ, start_response):
        if environ["PATH_INFO"].startswith(("/feeds", "/taxii2")):
            assert go.wait(60)
        return echo(environ, start_response)

    async def all_at_once():
        doorway = Doorway(application, threads=2)
        slow = [asyncio.ensure_future(agency(method, path).asks(doorway)) for _ in range(20)]
        await asyncio.sleep(0.05)
        form = Caller(b"step=2", raw_path=b"/ro/new")
        desk = Caller(b"", raw_path=b"/console/queue", method="GET")
        page = Caller(raw_path=b"/ro/", method="GET")
        for one in (form, desk, page):
            await asyncio.wait_for(one.asks(doorway), 60)
            assert one.head["status"] == 200
        go.set()
        return await asyncio.gather(*slow)

    assert [one.head["status"] for one in asyncio.run(all_at_once())] == [200] * 20


def agency(method, path):
    """Return what an agency's tool asks: a large body, too, takes no place of a file."""
    pieces = (b"x" * LARGE, b"x" * LARGE) if method == "POST" else ()
    return Caller(*pieces, method=method, raw_path=path)
