"""A person decides how a report goes on, and the reason stands in the log, sealed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline import audit, triage
from hotline.audit.tables import audit_waiting
from hotline.domain.outcome import Outcome
from hotline.domain.urgency import Urgency
from hotline.errors import Conflict, NotFound, Refused
from hotline.reports import messages
from hotline.store import Store
from hotline.vault.words import open_words
from tests.triage.conftest import AT, Filing, OneEpoch

LATER = AT + timedelta(hours=1, seconds=17)


def act(store: Store, what: Callable[..., None], report: str, **facts: Any) -> None:
    keyring = facts.pop("keyring", OneEpoch())
    if what is triage.close:
        facts = {"outcome": Outcome.SAFE_NOW, **facts}
    facts = {"desk": "north", "by": "noor", "why": "she said so", "at": AT, **facts}
    facts["keyring"] = keyring
    store.write(lambda session: what(session, report, **facts))


def counted(store: Store) -> dict[str, int]:
    with store.read() as session:
        return {
            urgency: open_ for urgency, open_ in triage.counts(session, "north").items() if open_
        }


def written(store: Store) -> list[tuple[str, str, str]]:
    with store.read() as session:
        return [(line.did, line.what, line.desk) for line in reversed(audit.page(session))]


def test_a_person_may_lower_an_urgency_and_says_why(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file(urgency=3)
    keyring = OneEpoch()
    act(
        store,
        triage.change_urgency,
        report,
        to=Urgency.NORMAL,
        why="  Zarifa asks about\na visa ",
        keyring=keyring,
    )
    assert row_of(report).urgency == 1
    assert counted(store) == {"normal": 1}
    assert written(store) == [("claim", "", "north"), ("urgency", "immediate normal", "north")]
    with store.read() as session:
        line = audit.page(session)[0]
        kept = session.execute(select(audit_waiting)).all()
        said = open_words(session, keyring, desk="north", line_id=line.id, sealed=line.sealed)
    assert not any("Zarifa" in repr(row) for row in kept)
    assert said == "Zarifa asks about a visa"


@pytest.mark.parametrize("what", [triage.reopen, triage.change_urgency])
def test_nothing_is_decided_without_a_reason(
    store: Store, file: Filing, what: Callable[..., None]
) -> None:
    report = file(urgency=2)
    more = {"to": Urgency.NONE} if what is triage.change_urgency else {}
    with pytest.raises(Refused):
        act(store, what, report, why=" \n ", **more)
    assert counted(store) == {"high": 1}
    assert written(store) == []


def test_what_someone_else_holds_is_not_closed(store: Store, file: Filing) -> None:
    report = file()
    act(store, triage.change_urgency, report, to=Urgency.HIGH, by="luca")
    with pytest.raises(triage.Held):
        act(store, triage.close, report)


def test_closing_erases_the_minutes_and_keeps_the_day(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file()
    act(store, triage.close, report)
    row = row_of(report)
    assert (row.status, row.waiting_since, row.claimed_until) == ("closed", None, None)
    assert row.day == "2026-11-25"
    with store.read() as session:
        assert session.execute(select(messages.c.at)).scalar_one() is None
    assert counted(store) == {}


def test_what_came_in_unread_is_not_closed_away(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file(messages=2)
    with pytest.raises(Conflict):
        act(store, triage.close, report, read=1)
    assert (row_of(report).status, counted(store)) == ("open", {"normal": 1})
    act(store, triage.close, report, read=2)
    assert row_of(report).status == "closed"


def test_a_report_that_is_open_again_waits_from_now_to_the_minute(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file()
    act(store, triage.close, report)
    act(store, triage.reopen, report, at=LATER)
    row = row_of(report)
    assert (row.unanswered, row.waiting_since) == (True, LATER.replace(second=0))
    assert counted(store) == {"normal": 1}
    with pytest.raises(NotFound):
        act(store, triage.reopen, report)


def test_another_desk_decides_nothing(store: Store, file: Filing) -> None:
    report = file(desk="south")
    for what in (triage.close, triage.reopen):
        with pytest.raises(NotFound):
            act(store, what, report)
    with pytest.raises(NotFound):
        act(store, triage.change_urgency, report, to=Urgency.HIGH)


def test_an_urgency_that_changed_meanwhile_is_a_conflict(
    store: Store, file: Filing, row_of: Callable[[str], Any]
) -> None:
    report = file(urgency=1)
    act(store, triage.change_urgency, report, to=Urgency.NORMAL)
    assert counted(store) == {"normal": 1}
    assert row_of(report).urgency == 1
