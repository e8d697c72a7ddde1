"""On PostgreSQL two colleagues take the same reports apart at once: one of them does, and the queue counts it once."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.domain.report import Status
from hotline.errors import NotFound
from hotline.reports import reports
from hotline.reports.tables import counters
from hotline.store import Session
from hotline.triage import merging
from tests.console.test_merging import FIRST, SECOND, writes
from tests.house import House, found_house


@pytest.fixture
def shared(tmp_path: Path, postgres_url: str) -> Iterator[House]:
    house = found_house(tmp_path / "house", database_url=postgres_url)
    yield house
    house.close()


def counted(house: House) -> tuple[int, int]:
    """Return how many the queue counts, and how many stand in it."""
    is_open = (reports.c.status == Status.OPEN) & (reports.c.desk == "main")
    with house.hotline.store.read() as session:
        told = session.execute(select(func.sum(counters.c.open))).scalar_one()
        return told, session.execute(select(func.count()).where(is_open)).scalar_one()


def test_of_two_who_take_them_apart_at_once_one_does(shared: House) -> None:
    hotline, at = shared.hotline, shared.clock()
    noor = next(member.id for member in hotline.keyring.members if member.username == "noor")
    writes(shared, FIRST)
    with hotline.store.read() as session:
        first = session.execute(select(reports.c.id)).scalar_one()
    code = writes(shared, SECOND)
    tried = merging.Try(first, code, desk="main", by=noor, at=at)
    second = merging.merge_by_code(hotline.store, hotline.codes, tried)
    assert counted(shared) == (1, 1)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def takes_apart() -> None:
        def work(session: Session) -> None:
            barrier.wait(10)
            merging.take_apart(
                session,
                first,
                other_id=second,
                keyring=hotline.keyring,
                desk="main",
                by=noor,
                why="a mistake",
                at=at,
            )

        try:
            hotline.store.write(work)
            outcomes.append("apart")
        except NotFound:
            outcomes.append("not there")

    both = [threading.Thread(target=takes_apart) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert sorted(outcomes) == ["apart", "not there"]
    assert counted(shared) == (2, 2)
