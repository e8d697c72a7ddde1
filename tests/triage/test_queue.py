"""Most urgent first, then who has waited longest; every report once, wherever a page ends."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert

from hotline import triage
from hotline.domain.outcome import Outcome
from hotline.domain.urgency import Urgency
from hotline.reports import reports
from hotline.reports.tables import counters
from hotline.store import Store
from tests.examples import examples
from tests.triage.conftest import AT, Filing, OneEpoch, file_report

FACTS = st.lists(
    st.fixed_dictionaries(
        {
            "urgency": st.integers(0, 3),
            "waiting_since": st.one_of(
                st.none(), st.integers(0, 5).map(lambda minutes: AT - timedelta(minutes=minutes))
            ),
            "status": st.sampled_from(["open", "open", "open", "closed"]),
            "claimed_by": st.sampled_from([None, "noor", "luca"]),
            "claimed_until": st.sampled_from(
                [AT - timedelta(minutes=1), AT + timedelta(minutes=9)]
            ),
        }
    ),
    max_size=24,
)


def leaf_through(store: Store, view: str, limit: int) -> list[triage.QueueRow]:
    seen: list[triage.QueueRow] = []
    after = ""
    with store.read() as session:
        while True:
            page = triage.queue_page(
                session, desk="north", view=view, at=AT, staff_id="noor", after=after, limit=limit
            )
            assert len(page.rows) <= limit
            seen += page.rows
            after = page.next
            if not after:
                return seen


def order(row: triage.QueueRow) -> tuple[object, ...]:
    since = row.waiting_since
    return (-row.urgency.rank, since is not None, since or AT, row.id)


def is_in(view: str, row: dict[str, object]) -> bool:
    held = row["claimed_by"] is not None and row["claimed_until"] > AT  # type: ignore[operator]
    if view == "closed":
        return row["status"] == "closed"
    return row["status"] == "open" and {
        "open": True,
        "mine": held and row["claimed_by"] == "noor",
        "unclaimed": not held,
    }.get(view, False)


@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=FACTS, limit=st.integers(1, 7))
def test_every_report_of_a_view_is_shown_once_and_in_order(
    store: Store, rows: list[dict[str, object]], limit: int
) -> None:
    store.write(lambda session: session.execute(delete(reports)))
    ids = store.write(lambda session: [file_report(session, **row) for row in rows])
    for view in ("open", "mine", "unclaimed", "closed"):
        shown = leaf_through(store, view, limit)
        expected = {id_ for id_, row in zip(ids, rows, strict=True) if is_in(view, row)}
        assert sorted(row.id for row in shown) == sorted(expected)
        assert shown == sorted(shown, key=order)


def test_a_page_that_is_full_asks_no_further(store: Store, file: Filing) -> None:
    for _ in range(6):
        file(urgency=3)
    statements: list[str] = []
    with store.read() as session:
        event.listen(session, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
        triage.queue_page(session, desk="north", view="open", at=AT, limit=3)
    # The newest rank fills the page: an empty look for reports without a minute, then the page itself.
    assert len(statements) == 2


@pytest.mark.parametrize("view", ["open", "mine"])
def test_a_page_in_the_middle_is_found_through_an_index(
    store: Store, file: Filing, view: str
) -> None:
    ids = [file(urgency=2, claimed_by="noor", claimed_until=AT + triage.LEASE) for _ in range(4)]
    plans: list[str] = []
    with store.read() as session:

        def explain(_connection, cursor, statement, parameters, *_rest):  # type: ignore[no-untyped-def]
            if statement.startswith("SELECT") and "LIMIT" in statement:
                asked = cursor.connection.execute("EXPLAIN QUERY PLAN " + statement, parameters)
                plans.extend(row[3] for row in asked)

        event.listen(session, "before_cursor_execute", explain)
        triage.queue_page(
            session, desk="north", view=view, at=AT, staff_id="noor", after=f"2-{ids[0]}"
        )
    index = {"open": "reports_queue", "mine": "reports_claimed"}[view]
    assert plans
    searches = [plan for plan in plans if "reports" in plan]
    assert searches
    assert all(f"USING INDEX {index}" in plan for plan in searches), plans


def test_another_desks_reports_are_not_shown(store: Store, file: Filing) -> None:
    file(desk="south")
    assert leaf_through(store, "open", 5) == []


def test_a_place_that_cannot_be_read_is_the_beginning(store: Store, file: Filing) -> None:
    report = file()
    with store.read() as session:
        page = triage.queue_page(session, desk="north", view="open", at=AT, after="9'; --")
    assert [row.id for row in page.rows] == [report]


def test_closing_the_last_row_of_a_page_hides_nobody_behind_it(store: Store, file: Filing) -> None:
    ids = [file(waiting_since=AT - timedelta(minutes=minutes)) for minutes in (9, 6, 3)]
    with store.read() as session:
        first = triage.queue_page(session, desk="north", view="open", at=AT, limit=2)
    store.write(
        lambda session: triage.close(
            session,
            ids[1],
            keyring=OneEpoch(),
            desk="north",
            by="noor",
            outcome=Outcome.SAFE_NOW,
            at=AT,
        )
    )
    with store.read() as session:
        second = triage.queue_page(session, desk="north", view="open", at=AT, after=first.next)
    assert ids[2] in [row.id for row in second.rows]


def test_overdue_is_what_waits_longer_than_its_urgency_allows(store: Store, file: Filing) -> None:
    late = file(urgency=3, waiting_since=AT - timedelta(minutes=6))
    file(urgency=3, waiting_since=AT - timedelta(minutes=5))
    file(urgency=2, waiting_since=AT - timedelta(minutes=59))
    file(urgency=3, waiting_since=AT - timedelta(hours=2), unanswered=False)
    assert [row.id for row in leaf_through(store, "overdue", 5)] == [late]


def test_the_counts_come_from_the_counters(store: Store) -> None:
    store.write(
        lambda session: session.execute(
            insert(counters), [{"desk": "north", "urgency": 3, "open": 41}]
        )
    )
    with store.read() as session:
        found = triage.counts(session, "north")
    assert found == {
        Urgency.IMMEDIATE: 41,
        Urgency.HIGH: 0,
        Urgency.NORMAL: 0,
        Urgency.NONE: 0,
    }
