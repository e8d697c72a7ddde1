"""One person holds a report at a time, for half an hour after what they last did with it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hotline import triage
from hotline.errors import NotFound
from hotline.store import Store
from tests.triage.conftest import AT, Filing


def claim(store: Store, report_id: str, by: str, at: Any = AT, desk: str = "north") -> None:
    store.write(lambda session: triage.claim(session, report_id, desk=desk, by=by, at=at))


def test_of_two_caseworkers_one_gets_it(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file()

    def attempt(who: str) -> str:
        try:
            claim(store, report, who)
        except triage.Held:
            return ""
        return who

    with ThreadPoolExecutor(8) as pool:
        winners = [who for who in pool.map(attempt, "abcdefgh") if who]
    assert len(winners) == 1
    assert row_of(report).claimed_by == winners[0]


def test_a_claim_ends_after_half_an_hour(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file()
    claim(store, report, "noor")
    claim(store, report, "luca", AT + triage.LEASE)
    assert row_of(report).claimed_by == "luca"


def test_acting_keeps_the_claim(store: Store, file: Filing, row_of: Callable[[str], Any]) -> None:
    report = file()
    claim(store, report, "noor")
    claim(store, report, "noor", AT + triage.LEASE / 2)
    with pytest.raises(triage.Held):
        claim(store, report, "luca", AT + triage.LEASE)
    assert row_of(report).claimed_by == "noor"


def test_only_what_one_holds_oneself_is_let_go(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file()
    claim(store, report, "noor")
    store.write(lambda session: triage.let_go(session, report, desk="north", by="luca", at=AT))
    assert row_of(report).claimed_by == "noor"
    store.write(lambda session: triage.let_go(session, report, desk="north", by="noor", at=AT))
    assert row_of(report).claimed_by is None


@pytest.mark.parametrize("facts", [{"desk": "south"}, {"status": "closed"}])
def test_what_is_not_open_on_the_desk_cannot_be_claimed(
    store: Store, file: Filing, facts: dict[str, str]
) -> None:
    with pytest.raises(NotFound):
        claim(store, file(**facts), "noor")
