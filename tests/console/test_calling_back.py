"""Noor has Amina called; what came of it stands in the conversation, and no number anywhere."""

import pytest
from sqlalchemy import select, update

from hotline.contact import close_line
from hotline.contact.tables import call_backs
from hotline.domain.identity import Address
from hotline.reports.tables import reports
from tests.cast import AMINA, Member
from tests.contact.conftest import Desk
from tests.house import SMS_LINE, House

EVENING = {"hours": "18:00-20:00", "zone": "Europe/Madrid"}


@pytest.fixture
def desk(house: House, at_desk: Member) -> Desk:
    return Desk(house, at_desk.keyholder())


def calls_for(desk: Desk, **ways: str) -> str:
    told = {"how": "call", "line": SMS_LINE, "word": "rosa", **ways}
    return desk.opens_report(Address("voice", AMINA), **told)


def is_on_call(noor: Member) -> None:
    noor.sends("/console/on-call", number="+15005550021", until="21:00")


def test_she_is_called_now(desk: Desk, at_desk: Member) -> None:
    report = calls_for(desk)
    page = at_desk.opens(f"/console/report/{report}")
    assert "You are not on call" in page
    assert "Call them now" in page
    assert "They can only be called" in page
    is_on_call(at_desk)
    at_desk.sends(f"/console/report/{report}/call", when="now")
    page = at_desk.opens(f"/console/report/{report}")
    assert "It is about to ring." in page
    assert "Do not call them after all" in page
    assert AMINA not in page
    assert AMINA[-4:] not in page
    assert "Call them now" not in page
    # Whoever has somebody called holds the report.
    assert "Yours for" in page


def test_hours_that_nobody_asked_for_are_not_any_time(desk: Desk, at_desk: Member) -> None:
    page = at_desk.opens(f"/console/report/{calls_for(desk)}")
    assert "they were not asked: others may be with them now" in page
    page = at_desk.opens(f"/console/report/{calls_for(desk, hours='any')}")
    assert "any time" in page
    assert "they were not asked" not in page


def test_in_their_next_hours(desk: Desk, at_desk: Member) -> None:
    report = calls_for(desk, **EVENING)
    page = at_desk.opens(f"/console/report/{report}")
    assert "18:00-20:00" in page
    assert "Call them now" not in page
    at_desk.sends(f"/console/report/{report}/call", when="hours")
    assert "It waits for their hours." in at_desk.opens(f"/console/report/{report}")
    at_desk.sends(f"/console/report/{report}/call/stop")
    page = at_desk.opens(f"/console/report/{report}")
    assert "It was stopped before it rang." in page
    assert "Call them in their next hours" in page


@pytest.mark.parametrize(
    ("ways", "when", "status", "why"),
    [
        (EVENING, "now", 422, "Now is not within their hours"),
        ({}, "now", 422, "You are not on call, so there would be nobody to talk"),
        ({"hours": "when he sleeps"}, "hours", 422, "They told their hours in words"),
        ({"how": "text"}, "now", 422, ""),
    ],
)
def test_why_nobody_is_called_is_said(desk, at_desk, ways, when, status, why) -> None:
    report = calls_for(desk, **ways)
    page = at_desk.sends(f"/console/report/{report}/call", expect=status, when=when).text
    assert why in page
    assert desk.rows(select(call_backs)) == []


def test_a_second_click_calls_nobody_twice(desk: Desk, at_desk: Member) -> None:
    report = calls_for(desk)
    is_on_call(at_desk)
    at_desk.sends(f"/console/report/{report}/call", when="now")
    page = at_desk.sends(f"/console/report/{report}/call", expect=409, when="now").text
    assert "was asked for already" in page
    assert len(desk.rows(select(call_backs))) == 1


def test_a_closed_line_is_not_called(desk: Desk, at_desk: Member) -> None:
    report = calls_for(desk)
    is_on_call(at_desk)
    desk.store.write(lambda session: close_line(session, report))
    page = at_desk.sends(f"/console/report/{report}/call", expect=422, when="now").text
    assert "They asked to hear no more of us" in page


def test_a_phone_in_doubt_is_not_called(desk: Desk, at_desk: Member) -> None:
    report = calls_for(desk)
    is_on_call(at_desk)
    its = update(reports).where(reports.c.id == report)
    desk.store.write(lambda session: session.execute(its.values(duress=True)))
    assert "Do not call." in at_desk.opens(f"/console/report/{report}")
    page = at_desk.sends(f"/console/report/{report}/call", expect=422, when="now").text
    assert "would tell them that they are right" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("away", "whoever asked is not on call"),
        ("nobody", "Nobody answered. They are called once more"),
        ("machine", "nothing was said to it. They are called once more"),
        ("calling", "Their phone rings, or they talk"),
        ("someone_else", "Someone else may have answered"),
        ("missed", "They answered, and nobody here picked up"),
        ("unsure", "Nobody knows whether it rang"),
        ("talked", "They talked"),
    ],
)
def test_what_came_of_it_is_said(desk: Desk, at_desk: Member, state: str, words: str) -> None:
    report = calls_for(desk)
    is_on_call(at_desk)
    at_desk.sends(f"/console/report/{report}/call", when="now")
    desk.store.write(lambda session: session.execute(update(call_backs).values(state=state)))
    page = at_desk.opens(f"/console/report/{report}")
    assert words in page
    assert ("Do not call them after all" in page) == (state != "calling")


def test_an_interpreter_has_no_way_to_call(house: House, desk: Desk) -> None:
    report = calls_for(desk)
    ivo = Member(house, "ivo")
    ivo.signs_in()
    ivo.sends(f"/console/report/{report}/call", expect=403, when="now")
