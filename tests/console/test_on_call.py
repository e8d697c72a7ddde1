"""Noor takes calls for an evening; her number is nobody's to see."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.contact.tables import on_call
from tests.cast import Member
from tests.house import SMS_LINE, House

PHONE = "+15005550021"
PAGE = "/console/on-call"


def goes(member: Member, expect: int = 303, **form: object) -> str:
    typed = {"number": PHONE, "until": "20:00", **form}
    return member.sends(PAGE, expect=expect, **typed).text


def test_nobody_is_on_call_until_somebody_says_so(at_desk: Member) -> None:
    page = at_desk.opens(PAGE)
    assert "Nobody is on call" in page
    assert "Not on call" in page


def test_she_is_on_call_until_then_and_her_number_is_masked(house: House, at_desk: Member) -> None:
    goes(at_desk, language=["es", "ar"], number="+1 (500) 555-00 21")
    page = at_desk.opens(PAGE)
    assert "On call until" in page
    assert "20:00" in page
    assert "•••••••••21" in page
    assert PHONE[1:8] not in page
    assert "Spanish · Arabic" in page or "Arabic · Spanish" in page
    # Colleagues know her by her pseudonym, and nothing of her phone.
    omar = Member(house, "omar")
    omar.signs_in()
    page = omar.opens(PAGE)
    assert "Rosa" in page
    assert "•" not in page
    with house.hotline.store.read() as session:
        (row,) = session.execute(select(on_call)).all()
    assert PHONE.encode() not in row.sealed + row.own


def test_she_can_end_it_and_the_log_says_both(at_desk: Member, auditor: Member) -> None:
    goes(at_desk)
    at_desk.sends(f"{PAGE}/end")
    assert "Not on call" in at_desk.opens(PAGE)
    log = auditor.opens("/console/audit")
    assert "went on call" in log
    assert "takes calls no more" in log
    assert PHONE not in log


@pytest.mark.parametrize("number", ["", "600 000 000", "+34", "+0034600000000", "help", "+1" * 20])
def test_a_number_without_its_country_is_explained(at_desk: Member, number: str) -> None:
    page = goes(at_desk, expect=422, number=number)
    assert "no number with a country code" in page
    assert 'id="number-fault" role="alert"' in page
    # What was typed as a number is not shown again, also not to herself.
    assert f'value="{number}"' not in page or not number


def test_our_own_line_would_ring_for_ever(at_desk: Member) -> None:
    assert "a number of the hotline itself" in goes(at_desk, expect=422, number=SMS_LINE)


@pytest.mark.parametrize("number", ["+34600000000", "+881612345678", "+18765550100", "+2392223333"])
def test_a_phone_abroad_is_not_rung_at_the_houses_cost(at_desk: Member, number: str) -> None:
    page = goes(at_desk, expect=422, number=number)
    assert "does not ring phones of that country" in page
    assert 'id="number-fault" role="alert"' in page
    assert number not in page
    assert "Not on call" in page


def test_a_country_that_is_served_is_none_abroad(house: House) -> None:
    twilio = replace(house.hotline.config.twilio, countries=("ES",))
    house.hotline = replace(house.hotline, config=replace(house.hotline.config, twilio=twilio))
    noor = Member(house, "noor")
    noor.signs_in()
    # So is that of our own number.
    for number in ("+34600000000", PHONE):
        goes(noor, number=number)
    assert "does not ring" in goes(noor, expect=422, number="+447400123456")


@pytest.mark.parametrize("until", ["", "25:00", "noon", "11:00"])
def test_a_time_that_is_none_or_too_far_is_explained(at_desk: Member, until: str) -> None:
    # It is noon, and eleven would be tomorrow's.
    assert "within the next 16 hours" in goes(at_desk, expect=422, until=until)


def test_digits_of_any_script_are_digits(at_desk: Member) -> None:
    goes(at_desk, number="٠٠١٥٠٠٥٥٥٠٠٢١", until="٢٠:٠٠")
    assert "•••••••••21" in at_desk.opens(PAGE)


def test_what_she_says_last_counts(at_desk: Member) -> None:
    goes(at_desk)
    goes(at_desk, until="22:00", number="+15005550099")
    page = at_desk.opens(PAGE)
    assert "22:00" in page
    assert "99" in page


def test_it_ends_by_itself(house: House, at_desk: Member) -> None:
    goes(at_desk, until="12:10")
    house.clock.passes(minutes=11)
    assert "Nobody is on call" in at_desk.opens(PAGE)


def test_a_colleague_who_is_dismissed_is_on_call_no_more(house: House, supervisor: Member) -> None:
    omar = Member(house, "omar")
    omar.signs_in()
    goes(omar)
    assert "Lake" in supervisor.opens(PAGE)
    with house.hotline.store.read() as session:
        staff_id = session.execute(select(on_call.c.staff_id)).scalar_one()
    supervisor.sends(f"/console/staff/{staff_id}/dismiss")
    assert "Lake" not in supervisor.opens(PAGE)
    with house.hotline.store.read() as session:
        assert session.execute(select(on_call)).all() == []
