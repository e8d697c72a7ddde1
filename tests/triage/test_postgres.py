"""The queue and its claims on PostgreSQL, where several processes claim at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline import audit, triage
from hotline.jobs.tables import jobs as jobs_table
from hotline.migrations import create_all
from hotline.store import Store
from hotline.triage.alerts import PAGE, Kind, raise_alert
from tests.triage.conftest import AT, OneEpoch, file_report
from tests.triage.test_queue import leaf_through, order


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Store]:
    store = Store(postgres_url)
    create_all(store)
    yield store
    store.close()


def test_every_report_is_shown_once_and_in_order(shared: Store) -> None:
    def fill(session):  # type: ignore[no-untyped-def]
        for number in range(40):
            file_report(
                session,
                urgency=number % 4,
                waiting_since=None if number == 7 else AT - timedelta(minutes=number % 5),
                status="closed" if number % 9 == 0 else "open",
                claimed_by="noor" if number % 3 == 0 else None,
                claimed_until=AT + triage.LEASE if number % 3 == 0 else None,
            )

    shared.write(fill)
    for view, expected in (("open", 35), ("mine", 9), ("unclaimed", 26), ("closed", 5)):
        shown = leaf_through(shared, view, 6)
        assert len({row.id for row in shown}) == len(shown) == expected, view
        assert shown == sorted(shown, key=order)


def test_of_many_who_claim_at_once_one_gets_it(shared: Store) -> None:
    report = shared.write(file_report)

    def attempt(who: str) -> bool:
        try:
            shared.write(lambda session: triage.claim(session, report, desk="north", by=who, at=AT))
        except triage.Held:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, "abcdefgh")) == 1


def test_a_decision_is_kept_with_its_line_in_the_audit(shared: Store) -> None:
    report = shared.write(lambda session: file_report(session, urgency=3))
    shared.write(
        lambda session: triage.close(
            session, report, keyring=OneEpoch(), desk="north", by="noor", why="safe", at=AT
        )
    )
    with shared.read() as session:
        assert not any(triage.counts(session, "north").values())
        assert [line.did for line in audit.of_report(session, report)] == ["close", "claim"]


def test_an_alert_is_new_once_and_then_somebody_is_paged(shared: Store) -> None:
    def raised() -> bool:
        return shared.write(
            lambda session: raise_alert(
                session, desk="north", kind=Kind.EMERGENCY, at=AT, once="the same"
            )
        )

    assert [raised(), raised()] == [True, False]
    with shared.read() as session:
        due = session.execute(select(jobs_table.c.name)).scalars().all()
    assert due == [PAGE]
