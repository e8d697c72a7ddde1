"""Whoever is slow has their own waiting, and nobody else."""

import threading

import pytest

from hotline.jobs.aside import Aside


@pytest.fixture
def go():
    event = threading.Event()
    yield event
    event.set()


def test_one_party_has_few_threads_and_all_have_some(go):
    aside = Aside(threads=4, each=2)
    begun = [aside.begin(go.wait, party=party) for party in ("a", "a", "a", "b", "c", "d")]
    assert begun == [True, True, False, True, True, False]
    assert not aside.wait(0)
    go.set()
    assert aside.wait(60)
    assert aside.begin(go.wait, party="a")


def test_what_fails_gives_its_thread_back(monkeypatch):
    raised = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _args: raised.set())
    aside = Aside(threads=1, each=1)

    def fails():
        raise ValueError

    assert aside.begin(fails, party="a")
    assert aside.wait(60)
    assert raised.wait(60)
    assert aside.begin(lambda: None, party="a")
    assert aside.wait(60)


def test_nobody_waits_for_a_thread_to_leave(go):
    aside = Aside()
    assert aside.begin(go.wait, party="a")
    (thread,) = (one for one in threading.enumerate() if one.name == "aside")
    assert thread.daemon
