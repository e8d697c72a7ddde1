"""Whoever starts before the database waits for it, and for nothing else: one that refuses is no matter of time."""

import pytest

from hotline.errors import Misconfigured, Unavailable
from hotline.operate import parting
from hotline.operate.awaiting import once_there
from hotline.store import Refusing


def test_what_starts_before_its_database_begins_once_that_is_there():
    away, slept = [Unavailable(), Unavailable()], []

    def work():
        if away:
            raise away.pop()
        return "there"

    assert once_there(work, sleep=slept.append) == "there"
    assert len(slept) == 2


def test_what_no_waiting_mends_is_told():
    def work():
        raise Misconfigured

    with pytest.raises(Misconfigured):
        once_there(work, sleep=lambda _seconds: pytest.fail("it waits"))


def test_a_database_that_refuses_is_not_waited_for_and_said_in_one_line(monkeypatch):
    def work():
        raise Refusing("the database does not let us in")

    def opens():
        return once_there(work, sleep=lambda _seconds: pytest.fail("it waits"))

    with pytest.raises(Refusing):
        opens()
    # Without a house: what is looked at is how a server says it.
    monkeypatch.setattr("hotline.operate.doorway.door", opens)
    with pytest.raises(SystemExit, match="hotline: the database does not let us in"):
        parting.door()
