"""Facts and the course of a conversation can be read without opening anything."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hotline import triage
from hotline.domain.urgency import Indicator, Need, Urgency
from hotline.domain.waiting import USUAL
from hotline.errors import NotFound
from hotline.reports import messages
from hotline.store import Store
from tests.triage.conftest import AT, Filing


def test_the_facts_are_typed(store: Store, file: Filing) -> None:
    report = file(
        urgency=3,
        needs=["shelter"],
        indicators=["debt_bondage"],
        rules=["locked_in"],
        claimed_by="noor",
    )
    with store.read() as session:
        facts = triage.report_facts(session, report, desk="north")
    assert facts.urgency is Urgency.IMMEDIATE
    assert facts.needs == (Need.SHELTER,)
    assert facts.indicators == (Indicator.DEBT_BONDAGE,)
    assert facts.is_open
    assert facts.held_by(AT) == ""


def test_a_report_of_another_desk_is_not_there(store: Store, file: Filing) -> None:
    report = file(desk="south")
    with store.read() as session, pytest.raises(NotFound):
        triage.report_facts(session, report, desk="north")


def test_messages_and_notes_come_in_their_order(store: Store, file: Filing) -> None:
    report = file()
    row = {"report_id": report, "channel": "sms", "day": "2026-11-25", "at": AT, "author": "noor"}
    rows = [
        {**row, "seq": 3, "direction": "note", "state": ""},
        {**row, "seq": 2, "direction": "out", "state": "waiting"},
    ]
    store.write(lambda session: session.execute(insert(messages), rows))
    with store.read() as session:
        said = triage.conversation(session, report)
    assert [(message.seq, message.direction) for message in said] == [
        (1, "in"),
        (2, "out"),
        (3, "note"),
    ]


def test_a_clock_says_when_it_is_soon_and_when_it_is_over() -> None:
    def clock(minutes: int) -> triage.Clock:
        return triage.clock(Urgency.HIGH, AT, AT + timedelta(minutes=minutes), USUAL)

    assert (clock(0).state, clock(35).state, clock(36).state, clock(60).state) == (
        "",
        "",
        "soon",
        "soon",
    )
    assert (clock(72).state, clock(72).over) == ("over", 12)
