"""Whoever starts before the database waits for it, and for nothing else."""

import pytest

from hotline.errors import Misconfigured, Unavailable
from hotline.operate.awaiting import once_there


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
