"""The numbers of the queue: bounded, and none of them betrays a report that is restricted to others."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hotline import triage
from hotline.domain.outcome import Outcome
from hotline.domain.urgency import Urgency
from hotline.reports.counting import came, moved
from hotline.store import Store
from hotline.triage import tabs
from hotline.triage.tables import restrictions
from tests.triage.conftest import AT, Filing, OneEpoch


def test_counts_leave_out_what_is_restricted_to_others(store: Store, file: Filing) -> None:
    file(urgency=3)
    report = file(urgency=3, restricted=True)
    file(urgency=3, restricted=True, status="closed", waiting_since=None)
    row = {"report_id": report, "staff_id": "omar"}
    store.write(lambda session: session.execute(insert(restrictions).values(row)))
    with store.read() as session:
        assert triage.counts(session, "north", "noor")[Urgency.IMMEDIATE] == 1
        assert triage.counts(session, "north", "omar")[Urgency.IMMEDIATE] == 2


def test_each_view_has_its_number(store: Store, file: Filing) -> None:
    file(urgency=3, waiting_since=AT - timedelta(minutes=9), language="ti")
    file(claimed_by="noor", claimed_until=AT + triage.LEASE, is_opened=True)
    file(restricted=True)
    file(desk="south", language="fr")
    with store.read() as session:
        found = tabs.tallies(session, "north", "noor", at=AT)
    numbers = {name: its.count for name, its in found.views.items()}
    assert numbers == {"mine": 1, "unclaimed": 1, "unread": 1, "overdue": 1, "consent": 0}
    assert not any(its.more for its in found.views.values())
    assert found.languages == ("en", "ti")


def test_nobody_counts_further_than_is_told(
    store: Store, file: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "MOST", 3)
    for _ in range(5):
        file()
    with store.read() as session:
        assert tabs.tallies(session, "north", "noor", at=AT).views["unclaimed"] == tabs.Tally(
            2, more=True
        )
    monkeypatch.setattr(tabs, "_LOOKED_AT", 2)
    monkeypatch.setattr(tabs, "MOST", 100)
    with store.read() as session:
        assert tabs.tallies(session, "north", "noor", at=AT).views["consent"] == tabs.Tally(
            0, more=True
        )


def test_what_came_only_rises(store: Store, file: Filing) -> None:
    def now() -> int:
        with store.read() as session:
            return came(session, "north")

    first = file(urgency=1)
    file(urgency=3)
    assert now() == 2
    store.write(lambda session: moved(session, "north", 1, 3))
    its = {"keyring": OneEpoch(), "desk": "north", "by": "noor", "why": "done", "at": AT}
    store.write(lambda session: triage.close(session, first, outcome=Outcome.SAFE_NOW, **its))
    assert now() == 2
    store.write(lambda session: triage.reopen(session, first, **its))
    assert now() == 3
    hidden = file(status="closed", restricted=True, waiting_since=None)
    row = {"report_id": hidden, "staff_id": "noor"}
    store.write(lambda session: session.execute(insert(restrictions).values(row)))
    store.write(lambda session: triage.reopen(session, hidden, **its))
    # Nobody hears of a report that few may know of.
    assert now() == 3
