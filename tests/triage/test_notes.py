"""A note stands behind the last message, sealed to the desk, and nobody else's reading is disturbed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from hotline import triage
from hotline.errors import Conflict, NotFound
from hotline.reports import reports
from hotline.vault.tables import envelopes
from tests.house import House
from tests.triage.conftest import AT, file_report


def write(house: House, report: str, text: str, desk: str = "main") -> int:
    return house.hotline.store.write(
        lambda session: triage.write_note(
            session,
            report,
            keyring=house.hotline.keyring,
            desk=desk,
            by="noor",
            text=text,
            at=AT,
        )
    )


@pytest.fixture
def report(house: House) -> str:
    return house.hotline.store.write(lambda session: file_report(session, desk="main"))


def test_notes_take_the_next_places_and_lie_sealed(house: House, report: str) -> None:
    assert [write(house, report, "seen by Ines"), write(house, report, "again")] == [2, 3]
    with house.hotline.store.read() as session:
        said = triage.conversation(session, report)
        sealed = session.execute(select(envelopes.c.audience, envelopes.c.body)).all()
    assert [(one.direction, one.author) for one in said[1:]] == [("note", "noor")] * 2
    assert {row.audience for row in sealed} == {"desk"}
    assert all(b"Ines" not in row.body for row in sealed)


def test_a_note_changes_neither_the_clock_nor_the_claim(house: House, report: str) -> None:
    write(house, report, "seen")
    with house.hotline.store.read() as session:
        row = session.execute(select(reports)).one()
    assert (row.unanswered, row.waiting_since, row.claimed_by) == (True, AT, None)


def test_two_notes_at_once_are_both_kept_or_one_is_told(house: House, report: str) -> None:
    def attempt(text: str) -> bool:
        try:
            write(house, report, text)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        kept = sum(pool.map(attempt, "abcd"))
    with house.hotline.store.read() as session:
        assert len(triage.conversation(session, report)) == 1 + kept


def test_another_desk_writes_no_note(house: House, report: str) -> None:
    with pytest.raises(NotFound):
        write(house, report, "seen", desk="south")


def test_a_note_to_a_closed_report_carries_no_minute(house: House) -> None:
    closed = house.hotline.store.write(
        lambda session: file_report(session, desk="main", status="closed", waiting_since=None)
    )
    write(house, closed, "they wrote a letter")
    with house.hotline.store.read() as session:
        assert triage.conversation(session, closed)[-1].at is None
