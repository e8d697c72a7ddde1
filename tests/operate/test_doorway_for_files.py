"""Who has a place for files, while others wait for one: nobody for as long as they like, and words need none."""

import asyncio
import threading
import time

import pytest

from hotline.operate import arriving, doorway
from hotline.operate.doorway import SMALL, TURN, Doorway
from hotline.operate.lanes import Lane, NoTurn
from tests.operate.test_doorway import LARGE, Caller, echo

LIMIT = 1 << 20


class Steady(Caller):
    """Sends *pieces*, and then one of *size* bytes every twentieth of a second, *times* times."""

    def __init__(self, *pieces: bytes, size: int, times: int = 10**6):
        super().__init__(*pieces, length=1 << 32)
        self.size, self.times, self.sent = size, times, 0

    async def receive(self):
        if self.pieces:
            return await super().receive()
        self.times -= 1
        if self.times < 0:
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.sleep(0.05)
        self.sent += self.size
        return {"type": "http.request", "body": b"y" * self.size, "more_body": True}


class Counting:
    """Reads to the end, and knows how much it was."""

    def __init__(self):
        self.lengths = {}

    def __call__(self, environ, start_response):
        answer = b"".join(echo(environ, start_response))
        self.lengths[environ["QUERY_STRING"]] = len(answer)
        return [b"broken" if answer.endswith(b"|broken") else b"whole"]


@pytest.fixture
def hurried(monkeypatch):
    """Let seconds be short."""
    monkeypatch.setattr(arriving, "YOUNG", 0.2)
    monkeypatch.setattr(doorway, "TURN", 0.3)


def meanwhile(way: Doorway, crowd, person, *, after: float = 0.5, within: float = 8):
    """Let *person* ask *after* the *crowd* began; return whether the answer came *within* seconds."""

    async def all_of_them():
        there = [asyncio.ensure_future(one.asks(way)) for one in crowd]
        await asyncio.sleep(after)
        task = asyncio.ensure_future(person.asks(way))
        done, _ = await asyncio.wait((task,), timeout=within)
        for one in (*crowd, person):
            one.times = 0
        await asyncio.gather(*there, task)
        return bool(done)

    return asyncio.run(all_of_them())


def test_who_brings_more_than_can_be_kept_goes_first(hurried, monkeypatch):
    monkeypatch.setattr(doorway, "TURN", 60)
    person, counting = Caller(b"z" * LARGE, query_string=b"person"), Counting()
    greedy = [Steady(b"x" * LARGE, size=LIMIT // 4) for _ in range(2)]
    way = Doorway(counting, uploads=2, upload_limit=LIMIT)
    assert meanwhile(way, greedy, person)
    assert person.answer == b"whole"


def test_who_brings_most_for_longest_goes_before_who_is_slow(hurried):
    slow = Steady(b"s" * LARGE, size=1000, times=60)
    brisk = [Steady(b"x" * LARGE, size=4000) for _ in range(3)]
    person, counting = Caller(b"z" * LARGE), Counting()

    async def all_of_them():
        way = Doorway(counting, uploads=4, upload_limit=10 * LIMIT)
        first = asyncio.ensure_future(slow.asks(way))
        await asyncio.sleep(0.3)
        there = [asyncio.ensure_future(one.asks(way)) for one in brisk]
        await asyncio.sleep(1)
        await asyncio.wait_for(person.asks(way), 8)
        await asyncio.wait_for(first, 8)
        for one in brisk:
            one.times = 0
        await asyncio.gather(*there)

    asyncio.run(all_of_them())
    assert (person.answer, slow.answer) == (b"whole", b"whole")


def test_nobody_is_ended_while_nobody_waits(hurried):
    steady = [Steady(b"x" * LARGE, size=100, times=30) for _ in range(4)]

    async def all_of_them():
        way = Doorway(Counting(), uploads=4, upload_limit=LIMIT)
        await asyncio.gather(*(one.asks(way) for one in steady))

    asyncio.run(all_of_them())
    assert [one.answer for one in steady] == [b"whole"] * 4


def test_an_upload_has_its_turn():
    assert TURN >= 10


def test_the_words_of_who_waits_too_long_are_kept_without_files():
    crowd = [Steady(b"x" * LARGE, size=3000) for _ in range(2)]
    person = Steady(b"words" + b"z" * LARGE, size=50_000, times=20)
    way = Doorway(echo, uploads=2, wait=0.6)
    assert meanwhile(way, crowd, person)
    assert person.answer.startswith(b"words")
    assert person.answer.endswith(b"|broken")
    # Whoever sends on sees the answer once all is sent.
    assert person.sent == 20 * 50_000


def test_what_is_not_kept_is_read_past_without_an_end_of_its_own():
    def reads_nothing(_environ, start_response):
        start_response("200 OK", [])
        return [b"kept"]

    patient, endless = (Steady(b"x" * LARGE, size=LIMIT // 2, times=times) for times in (5, 10**6))
    way = Doorway(reads_nothing, upload_limit=LIMIT)
    assert meanwhile(way, [], patient, after=0)
    assert (patient.answer, patient.sent) == (b"kept", 5 * LIMIT // 2)
    assert meanwhile(way, [], endless, after=0)
    assert endless.answer == b"kept"
    assert endless.sent <= 5 * LIMIT


def test_of_too_many_who_wait_the_first_goes_on_without_the_lane():
    async def crowd():
        lane, over = Lane("one", 1, most_waiting=2), asyncio.Event()
        told = []

        async def goes(number):
            try:
                async with lane.thread():
                    told.append(number)
                    await over.wait()
            except NoTurn:
                told.append(-number)

        there = [asyncio.ensure_future(goes(number)) for number in range(4)]
        await asyncio.sleep(0.2)
        assert told == [0, -1]
        over.set()
        await asyncio.gather(*there)
        return told

    assert sorted(asyncio.run(crowd())) == [-1, 0, 2, 3]


def test_whoever_only_sends_keeps_nobody_waiting_who_opened_the_form():
    over = threading.Event()

    def slow(environ, start_response):
        read = echo(environ, start_response)
        if read != [b"opened"]:
            over.wait(5)
        return read

    crowd, person = [Caller(b"sent") for _ in range(40)], Caller(b"opened")
    way = Doorway(slow, threads=2, is_hasty=lambda _kind, body: body != b"opened")
    began = time.monotonic()

    async def all_of_them():
        there = [asyncio.ensure_future(one.asks(way)) for one in crowd]
        await asyncio.sleep(0.2)
        await person.asks(way)
        took = time.monotonic() - began
        over.set()
        await asyncio.gather(*there)
        return took

    assert asyncio.run(all_of_them()) < 2
    # Nobody is refused.
    assert [one.answer for one in crowd] == [b"sent"] * 40


def test_a_lane_that_holds_all_it_may_holds_the_beginnings():
    over = threading.Event()

    def slow(environ, start_response):
        over.wait(5)
        return echo(environ, start_response)

    crowd = [Caller(b"x" * SMALL) for _ in range(30)]

    async def all_of_them():
        way = Doorway(slow, threads=1, held=20 * SMALL)
        there = [asyncio.ensure_future(one.asks(way)) for one in crowd]
        await asyncio.sleep(0.5)
        over.set()
        await asyncio.gather(*there)

    asyncio.run(all_of_them())
    whole = [one for one in crowd if one.answer == b"x" * SMALL]
    cut = [one for one in crowd if one.answer == b"x" * doorway._SCRAP + b"|broken"]
    assert (len(whole), len(cut)) == (20, 10)
