"""Services are ranked with reasons; an offer is written down, and the person hears of it first."""

import re
from itertools import cycle

import pytest
from sqlalchemy import select

from hotline import consent, handoff
from hotline.handoff import Offer
from hotline.handoff.tables import handoffs
from hotline.store import new_id
from tests.cast import Member, Texter
from tests.city import give_city
from tests.console.agreeing import GROWN, agrees
from tests.console.test_markup import faults_in
from tests.house import House


@pytest.fixture
def directory(house: House) -> None:
    give_city(house.hotline.store)


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
    from hotline.console.wishes import PERSONS, WAITS
    from hotline.domain.urgency import Need

    path = f"/console/report/{report}/referral"
    wishes = zip(Need, cycle(PERSONS), cycle(WAITS), strict=False)
    for need, whom, wait in wishes:
        form = {"need": need, "whom": whom, "wait": wait, "where": "North Coast", "fetch": "1"}
        page = at_desk.sends(path, expect=200, language="ti", **form).text
        assert "None" not in page.split('class="matches"')[-1].split("</ol>")[0]


@pytest.mark.usefixtures("directory")
def test_whoever_is_meant_is_said_before_a_service_is_pressed_for(
    at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}/referral"
    page = at_desk.sends(path, expect=200, need="shelter", whom="anyone").text
    assert "Say for whom first" in page
    assert 'act act--main" name="offer"' not in page
    page = at_desk.sends(path, expect=200, need="shelter", whom="woman").text
    assert "Say for whom first" not in page
    assert page.count('act act--main" name="offer"') == 1
    # What was full when it last said so stands below.
    rooms = ["full" in one for one in re.findall(r'match__side">(.*?)</div>', page, re.DOTALL)]
    assert rooms == sorted(rooms)


@pytest.mark.usefixtures("directory")
def test_what_is_farther_than_they_can_travel_is_doubted_and_what_is_secret_is_not(
    at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}/referral"
    wishes = {"need": "shelter", "where": "Quayside", "within": "2", "whom": "woman"}
    page = at_desk.sends(path, expect=200, **wishes).text
    assert "farther than they can travel; fetches" in page
    for fact in re.findall(r'<li class="state state--(\w+)"><span>([^<]*)</span>', page):
        assert ("farther" in fact[1]) <= (fact[0] == "wait"), fact
        assert ("kept secret" in fact[1]) <= (fact[0] == "lock"), fact
    assert "state--lock" in page


@pytest.mark.usefixtures("directory")
def test_consent_is_asked_for_before_a_service_is_offered(at_desk: Member, report: str) -> None:
    page = at_desk.sends(f"/console/report/{report}/referral", expect=200, need="shelter").text
    to = re.search(r'name="to" value="(handoff [^"]+)" formaction="([^"#]+)#terms"', page)
    assert to
    fields = re.findall(r'type="hidden" name="fields" value="([^"]+)"', page)
    page = at_desk.sends(to[2], expect=200, choose="1", to=to[1], fields=fields).text
    assert f'value="{to[1]}" required checked' in page
    assert 'value="handoff need" checked' in page
    assert faults_in(page) == []


@pytest.fixture
def offered(house: House, directory: None, at_desk: Member, maria: Texter) -> Offer:
    """What was offered to somebody of age, who agreed that its organization learns two facts."""
    maria.texts(GROWN)
    report = at_desk.first_report()
    page = at_desk.sends(f"/console/report/{report}/referral", expect=200, need="shelter").text
    form = {"offer": offers_in(page)[0], "need": "shelter"}
    at_desk.sends(f"/console/report/{report}/referral/offer", **form)
    offer = offer_of(house, report)
    facts = ["handoff need", "handoff area"]
    agrees(at_desk, report, to=f"handoff {offer.organization_id}", fields=facts)
    return offer


def offer_of(house: House, report: str) -> Offer:
    with house.hotline.store.read() as session:
        (offer,) = handoff.offers(session, report)
    return offer


def report_of(house: House, offer: Offer) -> str:
    with house.hotline.store.read() as session:
        its = select(handoffs.c.report_id).where(handoffs.c.id == offer.id)
        return str(session.execute(its).scalar_one())


def test_nobody_is_asked_for_a_yes_that_stands(
    house: House, at_desk: Member, offered: Offer
) -> None:
    page = at_desk.opens(f"/console/report/{report_of(house, offered)}?offer={offered.id}")
    assert "We found something for you." in page
    assert "May we write here?" not in page


def test_what_an_organization_was_told_is_written_down_and_stands_there(
    house: House, at_desk: Member, supervisor: Member, offered: Offer
) -> None:
    report = report_of(house, offered)
    path = f"/console/report/{report}/referral"
    page = at_desk.opens(path)
    boxes = re.findall(r'name="fields" value="(\w+)"', page)
    assert boxes == ["need", "area"]
    assert "They were told on" not in page
    at_desk.sends(f"{path}/{offered.id}/told", fields=["need"])
    now = offer_of(house, report)
    assert (now.status, now.fields) == ("handed_over", ("need",))
    assert now.handed_day == f"{house.clock():%Y-%m-%d}"
    page = at_desk.opens(path)
    assert "They were told on" in page
    assert "What they need" in page.partition("They were told on")[2][:300]
    # What was told later comes beside what was told before.
    at_desk.sends(f"{path}/{offered.id}/told", fields=["area"])
    assert offer_of(house, report).fields == ("area", "need")
    assert "handed over what was agreed to" in supervisor.opens("/console/audit")
    assert faults_in(page) == []


def test_what_was_not_agreed_to_is_not_written_down_as_told(
    house: House, at_desk: Member, offered: Offer
) -> None:
    report = report_of(house, offered)
    path = f"/console/report/{report}/referral/{offered.id}/told"
    for fields, why in (
        (["need", "name"], "The person did not agree that this is told."),
        ([], "Tick what they were told."),
    ):
        page = at_desk.sends(path, expect=422, fields=fields)
        assert why in page.text
        assert "Nothing was written down." in page.text
        assert faults_in(page.text) == []
    assert offer_of(house, report).status == "offered"


def test_nothing_is_told_once_it_was_taken_back(
    house: House, at_desk: Member, offered: Offer
) -> None:
    report = report_of(house, offered)
    with house.hotline.store.read() as session:
        (given,) = consent.of_report(session, report)
    at_desk.sends(f"/console/report/{report}/consent/{given.id}/revoke")
    told = f"/console/report/{report}/referral/{offered.id}/told"
    page = at_desk.sends(told, expect=422, fields=["need"]).text
    assert "The person took it back." in page
    assert 'type="checkbox" name="fields"' not in page
    assert offer_of(house, report).handed_day == ""


def test_only_who_holds_the_report_writes_down_what_was_told_and_of_its_own_offers(
    house: House, at_desk: Member, supervisor: Member, offered: Offer, maria: Texter
) -> None:
    report = report_of(house, offered)
    told = f"/console/report/{report}/referral/{offered.id}/told"
    supervisor.sends(told, expect=409, fields=["need"])
    other = new_id()
    at_desk.sends(f"/console/report/{report}/referral/{other}/told", expect=404, fields=["need"])
    assert offer_of(house, report).status == "offered"
