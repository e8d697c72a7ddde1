"""Next for me: the most urgent, in my languages first, then what only I read, then who has waited longest."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hotline.store import Session, Store
from hotline.triage import LEASE, queue, skipping
from hotline.triage.access import hidden_from
from hotline.triage.assigning import loads, readers_by_load, take_next
from hotline.triage.languages import speak
from hotline.triage.tables import restrictions
from tests.triage.conftest import AT, Filing


def takes(store: Store, who: str) -> str:
    return store.write(lambda session: take_next(session, desk="north", by=who, at=AT))


def know(store: Store) -> None:
    def say(session: Session) -> None:
        speak(session, "noor", "north", ["en", "ti"])
        speak(session, "omar", "north", ["en", "ar"])

    store.write(say)


def test_the_most_urgent_comes_first_then_ones_own_languages(store: Store, file: Filing) -> None:
    know(store)
    old, older = AT - timedelta(minutes=50), AT - timedelta(minutes=55)
    foreign = file(urgency=3, language="ar")
    english = file(urgency=2, language="en", waiting_since=old)
    alone = file(urgency=2, language="ti")
    unread = file(urgency=2, language="vi", waiting_since=older)
    late = file(urgency=2, language="en")
    assert [takes(store, "noor") for _ in range(6)] == [foreign, alone, english, late, unread, ""]


def test_nobody_gets_what_is_held_answered_skipped_or_hidden(store: Store, file: Filing) -> None:
    file(claimed_by="omar", claimed_until=AT + LEASE)
    file(unanswered=False)
    file(desk="south")
    file(restricted=True)
    skipped = file()
    store.write(lambda session: skipping.skip(session, skipped, desk="north", by="noor", at=AT))
    assert takes(store, "noor") == ""
    assert takes(store, "omar") == skipped


def test_behind_any_number_that_were_answered_nobody_is_forgotten(
    store: Store, file: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST", 2)
    for _ in range(4):
        file(unanswered=False, waiting_since=AT - timedelta(hours=1))
    report = file()
    assert takes(store, "noor") == report


def test_who_is_named_gets_what_is_restricted(store: Store, file: Filing) -> None:
    report = file(restricted=True)
    row = {"report_id": report, "staff_id": "noor"}
    store.write(lambda session: session.execute(insert(restrictions).values(row)))
    assert takes(store, "omar") == ""
    assert takes(store, "noor") == report


def test_a_lease_that_ran_out_is_given_to_the_next(store: Store, file: Filing) -> None:
    report = file(claimed_by="omar", claimed_until=AT)
    assert takes(store, "noor") == report


def test_readers_stand_in_the_order_of_what_they_hold(store: Store, file: Filing) -> None:
    know(store)
    file(claimed_by="noor", claimed_until=AT + LEASE)
    file(claimed_by="omar", claimed_until=AT)
    with store.read() as session:
        assert loads(session, ["noor", "omar", "luca"], at=AT) == {"noor": 1, "omar": 0, "luca": 0}
        assert readers_by_load(session, "north", at=AT) == {
            "ar": ("omar",),
            "en": ("omar", "noor"),
            "ti": ("noor",),
        }
        assert readers_by_load(session, "south", at=AT) == {}


def test_what_one_may_not_see_puts_nobody_behind(store: Store, file: Filing) -> None:
    know(store)
    file(claimed_by="noor", claimed_until=AT + LEASE, restricted=True)
    with store.read() as session:
        for who in ("noor", "omar"):
            hidden = hidden_from(who)
            found = readers_by_load(session, "north", at=AT, hidden=hidden)
            assert found["en"] == ("noor", "omar")
        assert readers_by_load(session, "north", at=AT)["en"] == ("omar", "noor")
