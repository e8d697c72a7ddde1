"""Services are ranked with reasons; an offer is written down, and the person hears of it first."""

from itertools import cycle

import pytest

from referral.load import SAMPLE_CITY, load_package
from tests.cast import Member
from tests.house import House


@pytest.fixture
def directory(house: House) -> None:
    house.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))


def offers_in(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="offer" value="')[1:]]


@pytest.mark.usefixtures("directory")
def test_services_come_ranked_with_reasons_and_the_others_with_why_not(
    at_desk: Member, report: str
) -> None:
    page = at_desk.opens(f"/console/report/{report}/referral")
    assert "offers what is needed" in page
    page = at_desk.sends(
        f"/console/report/{report}/referral", expect=200, need="shelter", whom="man", free="1"
    ).text
    assert offers_in(page)
    assert "Why the others fell out" in page
    assert "is for others only" in page


@pytest.mark.usefixtures("directory")
def test_an_offer_is_written_down_and_goes_on_to_the_answer(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    page = at_desk.sends(f"/console/report/{report}/referral", expect=200, need="shelter").text
    chosen = offers_in(page)[0]
    made = at_desk.sends(f"/console/report/{report}/referral/offer", offer=chosen, need="shelter")
    address = made.headers["Location"]
    assert address.endswith("#reply")
    answer = at_desk.opens(address.split("#")[0])
    assert "is written down" in answer
    assert "We found something for you." in answer
    assert house.carrier.sent == []
    assert "offered a service" in supervisor.opens("/console/audit")
    again = at_desk.sends(f"/console/report/{report}/referral", expect=200, need="shelter").text
    assert chosen not in offers_in(again)


@pytest.mark.usefixtures("directory")
def test_a_service_that_is_not_there_is_not_offered(at_desk: Member, report: str) -> None:
    for form in ({"offer": "nowhere", "need": "shelter"}, {"offer": "", "need": "fun"}):
        at_desk.sends(f"/console/report/{report}/referral/offer", expect=404, **form)


@pytest.mark.usefixtures("directory")
def test_who_is_in_a_district_is_offered_what_serves_the_city_around_it(
    at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}/referral"
    assert "<option>Quayside</option>" in at_desk.opens(path)
    page = at_desk.sends(path, expect=200, need="shelter", where="Quayside").text
    (house,) = [one for one in page.split("<h2>") if "Night shelter for women" in one[:60]]
    assert "serves <bdi" in house
    assert "where it serves is not known" not in house


def test_an_empty_directory_says_so(at_desk: Member, report: str) -> None:
    assert "No service fits" in at_desk.opens(f"/console/report/{report}/referral")


@pytest.mark.usefixtures("directory")
def test_every_need_wish_and_person_can_be_asked_for(at_desk: Member, report: str) -> None:
    from hotline.console.referring import PERSONS, WAITS
    from hotline.domain.urgency import Need

    path = f"/console/report/{report}/referral"
    wishes = zip(Need, cycle(PERSONS), cycle(WAITS), strict=False)
    for need, whom, wait in wishes:
        form = {"need": need, "whom": whom, "wait": wait, "where": "North Coast", "fetch": "1"}
        page = at_desk.sends(path, expect=200, language="ti", **form).text
        assert "None" not in page.split('class="matches"')[-1].split("</ol>")[0]
