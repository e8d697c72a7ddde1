"""What a process remembers for a moment, how it slows guesses, and one form sent twice at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hotline.channels.web.desk import Brake, Desk, Lately, WordBrake
from hotline.parts import Hotline
from tests.channels.web.reading import STORY, count, digits, slip
from tests.house import House


class Time:
    """Seconds that pass when told to, or when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_key_is_remembered_for_a_while_with_its_first_number() -> None:
    time = Time()
    lately = Lately(120, now=time)
    lately.remember(b"a", 4)
    time.sleep(119)
    lately.remember(b"a", 9)
    assert lately.recall(b"a") == 4
    time.sleep(2)
    assert lately.recall(b"a") is None


def test_what_is_remembered_has_a_bound() -> None:
    lately = Lately(120, most=10, now=Time())
    for number in range(1000):
        lately.remember(b"%d" % number)
    assert lately.recall(b"0") is None
    assert lately.recall(b"999") is not None
    assert sum(lately.recall(b"%d" % number) is not None for number in range(1000)) <= 10


def test_a_wrong_try_takes_the_same_time_however_long_its_work_took() -> None:
    time = Time()
    brake = Brake(now=time, sleep=time.sleep)
    for work in (0.01, 0.5):
        begun = time.now
        with brake.turn() as since:
            time.sleep(work)
        assert since is not None
        brake.wait_out(since)
        assert time.now - begun == pytest.approx(1.0)


def test_after_many_wrong_tries_each_takes_longer_and_a_pause_heals() -> None:
    time = Time()
    slept: list[float] = []
    brake = Brake(now=time, sleep=slept.append, burst=2)
    for _ in range(5):
        brake.wait_out(time.now)
    assert slept == [1.0, 1.0, 2.0, 3.0, 4.0]
    for _ in range(100):
        brake.wait_out(time.now)
    assert slept[-1] == 10.0
    time.sleep(15)
    brake.wait_out(time.now)
    assert slept[-1] == 1.0


def test_who_waits_holds_no_place() -> None:
    brake = Brake(at_once=1, sleep=lambda _seconds: looks())
    begun: list[float | None] = []

    def looks() -> None:
        with brake.turn() as since:
            begun.append(since)

    brake.wait_out(0.0)
    assert begun[0] is not None


def test_words_are_counted_for_each_report_and_a_pause_heals() -> None:
    time = Time()
    words = WordBrake(burst=3, seconds=10, now=time, sleep=lambda _seconds: None)

    def tries(lookup: bytes, *, is_right: bool = False) -> bool:
        with words.turn(lookup) as was_right:
            if was_right and is_right:
                was_right()
            return was_right is not None

    assert all(tries(b"one", is_right=True) for _ in range(20))
    assert [tries(b"one") for _ in range(5)] == [True] * 3 + [False] * 2
    assert not tries(b"one", is_right=True)
    assert tries(b"another")
    time.sleep(11)
    assert [tries(b"one") for _ in range(2)] == [True, False]
    time.sleep(31)
    assert [tries(b"one") for _ in range(4)] == [True] * 3 + [False]


def test_how_many_reports_words_are_counted_for_has_a_bound() -> None:
    words = WordBrake(most=10, now=Time(), sleep=lambda _seconds: None)
    for number in range(1000):
        with words.turn(b"%d" % number):
            pass
    assert len(words._counts_until) <= 10


def test_what_was_sent_is_remembered_through_a_flood() -> None:
    sent = Desk().sent
    sent.remember(b"hers")
    # Two entries for each report: sixteen thousand in two minutes are four times the flood that we stand.
    for number in range(2 * 16_000):
        sent.remember(b"%d" % number)
    assert sent.recall(b"hers") is not None


def test_the_same_form_sent_twice_at_once_is_one_report(house: House, hotline: Hotline) -> None:
    form = {"account": STORY, "slip": slip(house.app.test_client().get("/en/new").text)}
    together = threading.Barrier(6)

    def send(_number: int) -> str:
        together.wait()
        return digits(house.app.test_client().post("/en/new", data=form).text)

    with ThreadPoolExecutor(6) as people:
        codes = set(people.map(send, range(6)))
    assert len(codes) == 1
    assert count(hotline) == 1
