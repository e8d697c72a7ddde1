"""Pages on PostgreSQL, where several workers take steps at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.channels.herald import page_on, page_staff
from hotline.triage.ladder import Reason
from hotline.triage.paging import begin
from hotline.triage.tables import paged, pages
from hotline.worker import WORK
from tests.house import House, found_house
from tests.triage.shift import Shift


@pytest.fixture
def shift(tmp_path: Path, postgres_url: str) -> Iterator[Shift]:
    house: House = found_house(tmp_path, database_url=postgres_url)
    yield Shift.of(house)
    house.close()


def test_of_many_workers_one_takes_each_step(shift: Shift) -> None:
    for who in ("noor", "omar", "ines"):
        shift.wears(who)
        shift.works(who)
    report, at = shift.files(urgency=3), shift.house.clock()
    store = shift.hotline.store

    def asks(_number: int) -> bool:
        its = {"desk": "main", "reason": Reason.IMMEDIATE, "report_id": report, "at": at}
        return store.write(lambda session: begin(session, **its))

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(asks, range(6))) == 1
    with store.read() as session:
        page = session.execute(select(pages.c.id)).scalar_one()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _number: page_on(shift.hotline, page), range(6)))
    with store.read() as session:
        (step,) = session.execute(select(paged.c.id)).scalars()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _number: page_staff(shift.hotline, step), range(6)))
    assert len(shift.told()) == 1
    shift.runs(minutes=3)
    shift.runs(minutes=3)
    assert sorted(shift.told()) == ["ines", "noor", "omar"]


def test_the_sweep_of_many_workers_raises_each_alert_once(shift: Shift) -> None:
    report = shift.files(urgency=2, is_opened=True)
    shift.house.clock.passes(hours=2)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: WORK["escalate"](shift.hotline, ""), range(4)))
    assert shift.alerts() == [("clock_over", report)]
    with shift.hotline.store.read() as session:
        assert len(session.execute(select(pages.c.id)).all()) == 1
    shift.says(report, unanswered=False)
    shift.runs(minutes=1)
    assert (shift.alerts(), shift.state()) == ([], [])
