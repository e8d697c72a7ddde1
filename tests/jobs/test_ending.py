"""A process that ends begins no more jobs, finishes the one that it began, and gives back what it claimed."""

import threading

import pytest

from hotline import jobs, worker
from hotline.worker import living
from tests.house import House

PEOPLE = jobs.Priority.PEOPLE


def test_what_was_claimed_and_not_begun_is_due_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, done = threading.Event(), threading.Event(), []

    def slow(_hotline: object, ref: str) -> None:
        begun.set()
        assert may_end.wait(20)
        done.append(ref)

    monkeypatch.setitem(worker.WORK, "slow", slow)
    store, at = house.hotline.store, house.clock()
    for ref in "abc":
        store.write(lambda session, ref=ref: jobs.later(session, jobs.Job("slow", ref, at)))
    embedded = worker.Embedded(house.hotline)
    embedded.start()
    assert begun.wait(20)
    # All three are claimed: nobody else may have them.
    assert store.write(lambda session: jobs.claim(session, PEOPLE, at=at)) == []
    ending = threading.Thread(target=embedded.stop)
    ending.start()
    may_end.set()
    ending.join(20)
    assert len(done) == 1
    left = store.write(lambda session: jobs.claim(session, PEOPLE, at=at))
    assert {job.ref for job in left} == {"a", "b", "c"} - set(done)
    assert {job.tries for job in left} == {0}


def test_a_job_that_does_not_end_is_given_back_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def hangs(_hotline: object, _ref: str) -> None:
        begun.set()
        may_end.wait(20)

    monkeypatch.setitem(worker.WORK, "hangs", hangs)
    monkeypatch.setattr(living, "PARTING_SECONDS", 0.1)
    store, at = house.hotline.store, house.clock()
    store.write(lambda session: jobs.later(session, jobs.Job("hangs", at=at)))
    embedded = worker.Embedded(house.hotline)
    embedded.start()
    assert begun.wait(20)
    embedded.stop()
    assert [
        job.name for job in store.write(lambda session: jobs.claim(session, PEOPLE, at=at))
    ] == ["hangs"]
    may_end.set()
    embedded.join(20)


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_memory_that_is_used_up_does_not_end_the_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, done = threading.Event(), threading.Event()

    def fails(*_its: object, **_more: object) -> None:
        raise MemoryError

    def fails_to_tell(_what: str) -> None:
        failed.set()
        raise MemoryError

    embedded = worker.Embedded(house.hotline)
    with monkeypatch.context() as used_up:
        used_up.setattr(living, "work_off", fails)
        used_up.setattr(living.log, "exception", fails_to_tell)
        embedded.start()
        assert failed.wait(20)
    monkeypatch.setitem(worker.WORK, "kept", lambda _hotline, _ref: done.set())
    store, at = house.hotline.store, house.clock()
    store.write(lambda session: jobs.later(session, jobs.Job("kept", "a", at)))
    embedded.ring()
    assert done.wait(20)
    embedded.stop()
