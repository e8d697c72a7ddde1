"""A quarter is counted alike on PostgreSQL, and told once by two who count it at the same time."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from hotline.store import Store
from hotline.triage import quarters, statistics, tallying
from hotline.triage.publishing import Act, Facet
from hotline.triage.tables import quarter_tallies
from tests.triage.conftest import file_report
from tests.triage.test_quarters import DESKS, IN_QUARTER, SETTLED, fill
from tests.triage.test_statistics_postgres import shared  # noqa: F401 - a fixture.


def test_two_who_count_the_same_quarter_tell_it_once(shared: Store) -> None:  # noqa: F811 - as above.
    fill(shared, lambda **facts: shared.write(lambda session: file_report(session, **facts)))
    for count in (40, 6):
        shared.write(
            lambda s, count=count: tallying.write_complaints(
                s, "2026-Q3", count, desk="north", by="ines", at=IN_QUARTER
            )
        )
    while statistics.count_due(shared, DESKS, at=SETTLED):
        pass
    with ThreadPoolExecutor(2) as pool:
        counted = pool.map(
            lambda _: quarters.count_due(shared, DESKS, at=SETTLED, draw=lambda: 0), range(2)
        )
    assert sum(counted) >= 1
    with shared.read() as session:
        assert quarters.names(session) == ("2026-Q3",)
        told = quarters.quarter(session, "2026-Q3")
        assert session.execute(select(quarter_tallies)).all() == []
    assert told.of(Facet.RECEIVED) == told.of(Facet.WITHHELD) == 20
    assert [told.of(Facet.ACT, act) for act in Act] == [5, None, 0, 5, 0, 10, 5, 0, 0, 0, 0]
    assert told.of(Facet.COMPLAINT) == 5
