"""Sam wrote in a night in which nobody is awake: numbers to call are shown to who presses for them, and to nobody else."""

import re

import pytest
from flask.testing import FlaskClient

from hotline import consent
from referral.shortlist import shortlist
from tests.cast import Member
from tests.channels.web.reading import STORY, digits
from tests.city import give_city
from tests.house import House
from tests.intake.questions import doubts, first_report

FOLD = "Numbers you can call"
NONE = "We know none that fits just now."


@pytest.fixture
def city(house: House) -> House:
    give_city(house.hotline.store)
    return house


def hidden(page: str) -> dict[str, str]:
    """Return what the form of the fold sends along."""
    form = page[page.index(f"<summary>{FOLD}") :].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def numbers(page: str) -> list[str]:
    return re.findall(r'href="tel:([^"]+)"', page)


def writes(sam: FlaskClient, **more: str) -> str:
    return sam.post("/en/new", data={"account": STORY, **more}).text


@pytest.mark.usefixtures("city")
def test_who_presses_gets_them_below_the_code_that_still_stands_there(sam: FlaskClient) -> None:
    page = writes(sam, need="place", place="Brackwater")
    assert numbers(page) == []
    assert 'name="need" value="place" checked' in page
    form = {**hidden(page), "need": "place", "place": "Brackwater"}
    assert numbers(sam.post("/en/numbers", data=form).text) == []
    again = sam.post("/en/numbers", data={**form, "near": "yes"}).text
    assert 1 <= len(numbers(again)) <= 3
    assert "They know nothing about you." in again
    assert digits(again) == digits(page)
    assert "Make up a code word" in again


@pytest.mark.usefixtures("city")
def test_a_confidential_service_is_never_among_them(house: House, sam: FlaskClient) -> None:
    page = writes(sam)
    told = sam.post("/en/numbers", data={**hidden(page), "need": "place", "near": "yes"}).text
    assert numbers(told)
    with house.hotline.store.read() as session:
        secret = [one for one in shortlist(session, need="shelter") if one.withheld]
    assert secret
    for one in secret:
        assert one.name not in told
        assert one.organization not in told


@pytest.mark.usefixtures("city")
def test_only_the_page_that_showed_the_code_brings_it_back(sam: FlaskClient) -> None:
    page, other = writes(sam), sam.post("/en/new", data={"account": "Another."}).text
    form = {**hidden(page), "near": "yes", "need": "place"}
    for forged in ("", hidden(other)["shown"], "x" * 5000):
        answer = sam.post("/en/numbers", data={**form, "shown": forged})
        assert answer.status_code == 303
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert sam.post("/en/numbers", data=form, headers=elsewhere).status_code == 303


def test_nothing_is_offered_while_one_of_us_is_awake_or_without_a_directory(
    house: House, sam: FlaskClient
) -> None:
    assert FOLD not in writes(sam)
    give_city(house.hotline.store)
    assert FOLD in writes(sam)
    Member(house, "noor").signs_in()
    page = writes(sam)
    assert FOLD not in page
    code = digits(writes(sam, word="lantern"))
    assert FOLD not in sam.post("/en/again", data={"code": code, "word": "lantern"}).text


@pytest.mark.usefixtures("city")
def test_who_comes_back_with_code_and_word_chooses_anew(sam: FlaskClient) -> None:
    code = digits(writes(sam, need="doctor", word="lantern"))
    page = sam.post("/en/again", data={"code": code, "word": "lantern"}).text
    assert FOLD in page
    assert "checked" not in page
    form = {"code": code, "word": "lantern", "near": "yes"}
    whole = sam.post("/en/again", data=form).text
    assert numbers(whole)
    assert "All that was written" in whole
    assert numbers(sam.post("/en/again", data={**form, "need": "food"}).text)


def test_a_code_without_its_word_learns_neither_of_exclusions_nor_of_doubt(
    city: House, sam: FlaskClient
) -> None:
    code = digits(writes(sam, need="doctor", word="lantern", not_to="my uncle"))
    for word in ("", "candle"):
        form = {"code": code, "word": word, "near": "yes", "need": "food"}
        before = sam.post("/en/again", data=form).text
        doubts(city)
        for page in (before, sam.post("/en/again", data=form).text):
            assert FOLD not in page
            assert NONE not in page
            assert numbers(page) == []


def test_whom_they_excluded_is_not_named_nor_anybody_while_in_doubt(
    city: House, sam: FlaskClient
) -> None:
    code = digits(writes(sam, word="lantern"))
    form = {"code": code, "word": "lantern", "near": "yes", "need": "food"}
    before = numbers(sam.post("/en/again", data=form).text)
    assert before
    report_id, keyring, at = first_report(city), city.hotline.keyring, city.clock()
    with city.hotline.store.read() as session:
        offices = {one.organization_id for one in shortlist(session, need="food")}
    for office in offices:
        city.hotline.store.write(
            lambda session, office=office: consent.exclude(
                session, keyring, report_id=report_id, kind="organization", ref=office, at=at
            )
        )
    assert NONE in sam.post("/en/again", data=form).text
    form["need"] = "place"
    assert numbers(sam.post("/en/again", data=form).text)
    doubts(city)
    assert NONE in sam.post("/en/again", data=form).text


@pytest.mark.usefixtures("city")
def test_words_about_who_must_not_know_stop_it_until_they_are_read(sam: FlaskClient) -> None:
    page = writes(sam, not_to="my uncle at the town hall")
    told = sam.post("/en/numbers", data={**hidden(page), "need": "place", "near": "yes"}).text
    assert NONE in told
