"""What a process remembers for a moment, how it slows guesses, and one form sent twice at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hotline.channels.web.desk import Brake, Lately
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
        assert brake.wait_out(since)
        assert time.now - begun == pytest.approx(1.0)


def test_after_many_wrong_tries_each_takes_longer_and_a_pause_heals() -> None:
    time = Time()
    brake = Brake(now=time, sleep=lambda _seconds: None, burst=2)
    slept: list[float] = []
    brake._sleep = slept.append
    for _ in range(3):
        brake.wait_out(time.now)
    assert slept == [1.0, 1.0, 3.0]
    time.sleep(5)
    brake.wait_out(time.now)
    assert slept[-1] == 1.0


def test_no_more_than_a_few_sleep_at_once() -> None:
    brake = Brake(naps=1, sleep=lambda _seconds: inner.append(brake.wait_out(0.0)))
    inner: list[bool] = []
    assert brake.wait_out(0.0)
    assert inner == [False]


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
