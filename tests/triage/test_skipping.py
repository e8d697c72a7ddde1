"""Skip without a reason: at the end of one's own queue, for today, and nobody else's business."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from hotline import audit, triage
from hotline.errors import NotFound
from hotline.store import Store
from hotline.triage import skipping
from hotline.triage.tables import skips
from tests.triage.conftest import AT, Filing


def order(store: Store, who: str, *, at: datetime = AT, view: str = "open") -> list[str]:
    found: list[str] = []
    after = ""
    with store.read() as session:
        while True:
            page = triage.queue_page(
                session, desk="north", view=view, at=at, staff_id=who, after=after, limit=1
            )
            found += [row.id for row in page.rows]
            if not (after := page.next):
                return found


def skip(store: Store, report: str, who: str = "noor", *, at: datetime = AT) -> None:
    store.write(lambda session: skipping.skip(session, report, desk="north", by=who, at=at))


def test_what_is_skipped_stands_at_the_end_for_one_person_and_one_day(
    store: Store, file: Filing
) -> None:
    urgent, early, late = (
        file(urgency=3),
        file(waiting_since=AT - timedelta(minutes=9)),
        file(waiting_since=AT - timedelta(minutes=2)),
    )
    skip(store, urgent)
    skip(store, early)
    assert order(store, "noor") == [late, urgent, early]
    assert order(store, "noor", view="unclaimed") == [late, urgent, early]
    assert order(store, "omar") == [urgent, early, late]
    assert order(store, "noor", at=AT + timedelta(days=1)) == [urgent, early, late]
    with store.read() as session:
        assert not audit.of_report(session, urgent)


def test_a_filter_and_a_view_hold_for_what_was_skipped_too(store: Store, file: Filing) -> None:
    held = file(claimed_by="omar", claimed_until=AT + triage.LEASE)
    skip(store, held)
    assert order(store, "noor", view="unclaimed") == []
    assert order(store, "noor") == [held]
    mine = file(claimed_by="noor", claimed_until=AT + triage.LEASE)
    skip(store, mine)
    # What somebody holds they did not leave to others.
    assert order(store, "noor", view="mine") == [mine]


def test_a_skip_is_taken_back_and_forgotten(store: Store, file: Filing) -> None:
    first, second = file(urgency=2), file(urgency=1)
    skip(store, first)
    skip(store, first)
    assert order(store, "noor") == [second, first]
    store.write(lambda session: skipping.unskip(session, first, desk="north", by="noor", at=AT))
    assert order(store, "noor") == [first, second]
    skip(store, first)
    # On another day nothing of the days before stays.
    skip(store, second, at=AT + timedelta(days=1))
    store.write(lambda session: skipping.forget(session, second))
    with store.read() as session:
        assert session.execute(select(func.count()).select_from(skips)).scalar_one() == 0


def test_nobody_skips_what_they_do_not_see(store: Store, file: Filing) -> None:
    for report in (file(desk="south"), file(restricted=True), "0" * 32):
        with pytest.raises(NotFound):
            skip(store, report)
