"""Whoever tries the demo sees charts at once: of months that nobody had, the same in every demo."""

from datetime import UTC, datetime

from hotline.demo.figures import make_up
from hotline.domain.urgency import Urgency
from hotline.store import Store
from hotline.triage import months, quarters
from hotline.triage.publishing import Facet as PublicFacet
from hotline.triage.statistics import backlog, count_due
from tests.triage.conftest import file_report

AT = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


def test_six_months_are_there_and_the_next_is_counted_as_it_was(store: Store) -> None:
    store.write(lambda session: make_up(session, desk="main", at=AT))
    with store.read() as session:
        assert months.months(session, "main")[0::5] == ("2026-10", "2026-05")
        found = months.month(session, "main", "2026-10")
        assert backlog(session, "main", at=AT) == ()
    assert found.total is not None
    assert found.total > 100
    assert found.answers[Urgency.HIGH].in_time
    assert found.outcomes.cells

    # What comes from now on is counted like everywhere else.
    store.write(lambda s: [file_report(s, desk="main", day="2026-11-20") for _ in range(7)])
    later = datetime(2026, 12, 4, 1, 0, tzinfo=UTC)
    assert count_due(store, ["main"], at=later) == 30
    with store.read() as session:
        assert months.month(session, "main", "2026-11").total == 5


def test_quarters_are_told_and_the_next_is_counted_by_the_house(store: Store) -> None:
    store.write(lambda session: make_up(session, desk="main", at=AT))
    with store.read() as session:
        assert quarters.names(session)[:2] == ("2026-Q3", "2026-Q2")
        told = quarters.quarter(session, "2026-Q3")
    assert told.parts(PublicFacet.COUNTRY).in_order
    assert told.of(PublicFacet.RECEIVED)
    assert told.knows_complaints
    assert quarters.count_due(store, ["main"], at=AT) == 0
