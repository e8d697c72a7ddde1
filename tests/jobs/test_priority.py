"""A page goes out while texts hang and thousands of things wait to be erased; and what is to be erased is not put off for ever."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from hotline import contact, jobs, worker
from hotline.contact.carrier import CarrierBusy
from hotline.jobs import Job, Priority
from hotline.worker import claiming
from hotline.worker.work import TOGETHER
from tests.house import House

MANY = 120


class Day:
    """What was done, in order; erasing one thing takes as long as it lasts until somebody asks to be *called*."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.done: list[str] = []
        self.calls = 0

    def asks(self, name: str, *, priority: Priority, many: int = 1) -> None:
        store, at = self.house.hotline.store, self.house.clock()
        its = [Job(name, f"{name} {number}", at, priority) for number in range(many)]
        store.write(lambda session: [jobs.later(session, job) for job in its])

    def erase(
        self, _hotline: object, refs: Sequence[str], rests: Callable[[], bool]
    ) -> contact.Unasked:
        left = list(refs)
        while left and not rests():
            self.done.append(left.pop(0))
            if self.calls:
                self.calls -= 1
                self.asks("page", priority=Priority.PEOPLE)
        return contact.Unasked(left=frozenset(left))

    def works(self) -> None:
        while worker.work_off(self.house.hotline):
            pass


@pytest.fixture
def day(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    day = Day(house)
    monkeypatch.setitem(TOGETHER, "erase", day.erase)
    monkeypatch.setitem(worker.WORK, "page", lambda _hotline, _ref: day.done.append("page"))
    return day


def test_what_waits_to_be_erased_is_behind_what_people_wait_for(day: Day) -> None:
    day.asks("erase", priority=Priority.UPKEEP, many=MANY)
    day.asks("page", priority=Priority.PEOPLE)
    day.works()
    assert day.done[0] == "page"
    assert len(day.done) == MANY + 1


def test_erasing_stops_for_a_page_once_it_had_its_share(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "_SHARE_SECONDS", -1.0)
    day.calls = 3
    day.asks("erase", priority=Priority.UPKEEP, many=MANY)
    day.works()
    # Each page that is asked for while something is erased goes out before the next thing is.
    assert day.done[1:6:2] == ["page"] * 3
    assert len(day.done) == MANY + 3


def test_a_page_stands_behind_one_text_of_many_that_a_provider_keeps_hanging(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "_SHARE_SECONDS", -1.0)

    def hangs(_hotline: object, _ref: str) -> None:
        day.done.append("text")
        if day.calls:
            day.calls -= 1
            day.asks("page", priority=Priority.ALARM)
        raise CarrierBusy

    day.calls = 3
    monkeypatch.setitem(worker.WORK, "text", hangs)
    day.asks("text", priority=Priority.PEOPLE, many=MANY)
    day.works()
    assert day.done[:7] == ["text", "page"] * 3 + ["text"]
    assert day.done.count("text") == MANY


def test_whoever_asks_without_end_does_not_put_erasing_off(day: Day) -> None:
    day.calls = 20
    day.asks("erase", priority=Priority.UPKEEP, many=MANY)
    worker.work_off(day.house.hotline)
    assert len([one for one in day.done if one != "page"]) == claiming._BATCH


def test_what_is_claimed_is_given_back_where_it_takes_long(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_late = threading.Event()
    monkeypatch.setitem(worker.WORK, "page", lambda _hotline, _ref: is_late.set())
    monkeypatch.setattr(claiming.time, "monotonic", lambda: 1000.0 if is_late.is_set() else 0.0)
    store, at = day.house.hotline.store, day.house.clock()
    for number in range(12):
        job = Job("page", f"{number}", at - timedelta(seconds=60 - number))
        store.write(lambda session, job=job: jobs.later(session, job))
    worker.work_off(day.house.hotline)
    left = store.write(lambda session: jobs.claim(session, Priority.PEOPLE, at=at))
    # They go in the order in which they were asked for: of two texts to somebody the first comes first.
    still = [(job.ref, job.tries) for job in left if job.name == "page"]
    assert still == [(f"{number}", 0) for number in range(1, 12)]


def test_what_somebody_else_has_by_now_is_not_given_back(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_late = threading.Event()
    store, clock, theirs = day.house.hotline.store, day.house.clock, []

    def lasts_longer_than_the_claim(_hotline: object, _ref: str) -> None:
        at = clock.passes(minutes=3)
        theirs.extend(store.write(lambda session: jobs.claim(session, Priority.PEOPLE, at=at)))
        is_late.set()

    monkeypatch.setitem(worker.WORK, "text", lasts_longer_than_the_claim)
    monkeypatch.setattr(claiming.time, "monotonic", lambda: 1000.0 if is_late.is_set() else 0.0)
    day.asks("text", priority=Priority.PEOPLE, many=3)
    worker.work_off(day.house.hotline)
    assert [job.name for job in theirs].count("text") >= 2
    left = store.write(lambda session: jobs.claim(session, Priority.PEOPLE, at=clock()))
    assert "text" not in {job.name for job in left}


def test_what_looks_for_broken_promises_goes_before_texts(house: House) -> None:
    store, at = house.hotline.store, house.clock()
    store.write(lambda session: worker.come_back(session, at))
    due = store.write(lambda session: jobs.claim(session, Priority.ALARM, at=at))
    assert [job.name for job in due] == ["escalate"]
    others = store.write(lambda session: jobs.claim(session, Priority.PEOPLE, at=at))
    assert {job.name for job in others} == {*worker.STANDING} - {"escalate"}
