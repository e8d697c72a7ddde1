"""Whoever waits beside the queue solves a small sum and is let in; nobody is held back by it or locked out."""

import re
import unicodedata

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.channels.web.desk import Brake, Desk
from hotline.channels.web.puzzle import SOONEST, new_puzzle, unsealed
from hotline.domain.report import Assessment, Reason, Status
from hotline.domain.urgency import Urgency
from hotline.reports.tables import reports
from hotline.vault.codes import mint
from tests.channels.web.conftest import Sleeper
from tests.channels.web.reading import digits
from tests.house import House

SECRET = b"of this process"
PLEA = "Help me please, I cannot get out"


def solved(page: str) -> dict[str, str]:
    """Read the puzzle off *page* as a person does, and return the form that answers it."""
    (question,) = re.findall(r'for="sum">(.*?)</label>', page)
    numbers = [unicodedata.decimal(char) for char in question if char.isdecimal()]
    return {
        "code": re.findall(r'name="code" value="([\d ]+)"', page)[0],
        "puzzle": re.findall(r'name="puzzle" value="([0-9a-f-]+)"', page)[0],
        "sum": str(sum(numbers)),
    }


@pytest.fixture
def flooded(house: House, hotline, sam: FlaskClient, sleeper: Sleeper) -> FlaskClient:
    """Sam's browser, at a moment when very many others have written."""
    house.app.extensions["web"] = Desk(sooner=Brake(sleep=sleeper))
    admission = house.hotline.reception.admission
    for urgency in Urgency:
        found = Assessment(urgency, reasons=(Reason("distress", 0, 0),))
        while not admission.judge("x", found, at=house.clock()).waits:
            pass
    return sam


def statuses(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return list(session.execute(select(reports.c.status)).scalars())


def waiting(house: House) -> int:
    return statuses(house).count(Status.QUARANTINED)


def writes(browser: FlaskClient, locale: str = "en") -> str:
    return browser.post(f"/{locale}/new", data={"account": "x"}).text


def test_who_comes_alone_is_offered_no_puzzle(sam: FlaskClient, house: House):
    page = sam.post("/en/new", data={"account": PLEA}).text
    assert digits(page)
    assert 'name="puzzle"' not in page
    assert statuses(house) == [Status.OPEN]


def test_the_right_answer_lets_the_report_in_and_shows_its_code_again(
    flooded: FlaskClient, house: House
):
    before, page = waiting(house), writes(flooded)
    assert waiting(house) == before + 1
    house.clock.passes(seconds=5)
    answer = flooded.post("/en/sooner", data=solved(page))
    assert answer.status_code == 200
    assert digits(answer.text) == digits(page)
    assert 'name="puzzle"' not in answer.text
    assert waiting(house) == before


def test_once_more_changes_nothing(flooded: FlaskClient, house: House):
    page = writes(flooded)
    house.clock.passes(seconds=5)
    first = flooded.post("/en/sooner", data=solved(page)).text
    before = waiting(house)
    assert flooded.post("/en/sooner", data=solved(page)).text == first
    assert waiting(house) == before


@pytest.mark.parametrize("locale", ["en", "ar", "bn", "fa", "th", "zh-Hans"])
def test_it_is_asked_and_answered_in_the_digits_of_a_language(
    flooded: FlaskClient, house: House, locale: str
):
    page = writes(flooded, locale)
    house.clock.passes(seconds=5)
    before, form = waiting(house), solved(page)
    for zero in "٠০0":
        answer = "".join(chr(ord(zero) + int(digit)) for digit in form["sum"])
        flooded.post(f"/{locale}/sooner", data={**form, "sum": f" {answer} "})
        assert waiting(house) == before - 1


@pytest.mark.parametrize(
    "change",
    [
        {"sum": "99"},
        {"sum": ""},
        {"sum": "seven"},
        {"sum": "1" * 10_000},
    ],
)
def test_a_wrong_answer_gets_another_puzzle_and_never_a_lock(
    flooded: FlaskClient, house: House, change: dict[str, str]
):
    page = writes(flooded)
    house.clock.passes(seconds=5)
    before = waiting(house)
    for _ in range(30):
        page = flooded.post("/en/sooner", data={**solved(page), **change}).text
        assert digits(page)
    assert waiting(house) == before
    house.clock.passes(seconds=5)
    flooded.post("/en/sooner", data=solved(page))
    assert waiting(house) == before - 1


def test_nobody_answers_sooner_than_a_person_can(flooded: FlaskClient, house: House):
    page, before = writes(flooded), waiting(house)
    form = solved(page)
    house.clock.passes(seconds=1)
    page = flooded.post("/en/sooner", data=form).text
    assert waiting(house) == before
    # The answer was right, so nothing else is said, and the same is asked.
    assert "did not fit" not in page
    assert "Count to ten and answer again" in page
    assert solved(page) == form
    house.clock.passes(seconds=10)
    flooded.post("/en/sooner", data=form)
    assert waiting(house) == before - 1


def test_who_answers_after_hours_is_asked_something_else(flooded: FlaskClient, house: House):
    form, before = solved(writes(flooded)), waiting(house)
    house.clock.passes(seconds=2 * 3600)
    page = flooded.post("/en/sooner", data=form).text
    assert "did not fit" not in page
    assert solved(page)["puzzle"] != form["puzzle"]
    assert waiting(house) == before


def test_a_puzzle_of_a_process_that_is_gone_leads_to_the_first_page(
    flooded: FlaskClient, house: House, sleeper: Sleeper
):
    form, before = solved(writes(flooded)), waiting(house)
    house.app.extensions["web"] = Desk(sooner=Brake(sleep=sleeper))
    house.clock.passes(seconds=5)
    answer = flooded.post("/en/sooner", data=form)
    assert (answer.status_code, answer.location) == (303, "/en/")
    assert waiting(house) == before


@pytest.mark.parametrize("puzzle", ["", "0-1-1-" + "0" * 64, "<script>", "another's"])
def test_no_receipt_is_shown_without_our_seal_for_this_code(
    flooded: FlaskClient, house: House, puzzle: str
):
    form = solved(writes(flooded))
    house.clock.passes(seconds=5)
    if puzzle == "another's":
        puzzle = form["puzzle"]
    invented = {**form, "code": mint().digits, "puzzle": puzzle}
    for headers in ({}, {"Sec-Fetch-Site": "same-origin"}):
        answer = flooded.post("/en/sooner", data=invented, headers=headers)
        assert (answer.status_code, answer.location) == (303, "/en/")
        assert "We have it" not in answer.text


@pytest.mark.parametrize(
    "header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_shows_nobody_a_receipt(
    flooded: FlaskClient, house: House, header: dict[str, str]
):
    form, before = solved(writes(flooded)), waiting(house)
    house.clock.passes(seconds=5)
    answer = flooded.post("/en/sooner", data=form, headers=header)
    assert (answer.status_code, answer.location) == (303, "/en/")
    assert waiting(house) == before


def test_of_a_code_that_opens_nothing_the_answer_and_its_time_are_the_same(
    flooded: FlaskClient, house: House, sleeper: Sleeper
):
    code, at = mint(), house.clock().timestamp()
    puzzle = new_puzzle(house.app.extensions["web"].secret, code, now=at)
    page = writes(flooded)
    right = solved(page)
    house.clock.passes(seconds=5)
    invented = {
        "code": code.digits,
        "puzzle": puzzle.sealed,
        "sum": str(puzzle.first + puzzle.second),
    }
    answers, slept = [], []
    for form in (right, invented):
        sleeper.slept = 0
        answers.append(flooded.post("/en/sooner", data=form).text)
        slept.append(sleeper.slept)

    def without_codes(answer: str) -> str:
        return re.sub(r"<ol.*?</ol>", "", answer, flags=re.DOTALL)

    assert without_codes(answers[0]) == without_codes(answers[1])
    assert slept[1] == pytest.approx(slept[0], abs=0.3)


def test_where_too_many_answer_at_once_it_is_asked_again(flooded: FlaskClient, house: House):
    page, before = writes(flooded), waiting(house)
    house.clock.passes(seconds=5)
    house.app.extensions["web"] = Desk(
        secret=house.app.extensions["web"].secret, sooner=Brake(at_once=1)
    )
    with house.app.extensions["web"].sooner.turn():
        page = flooded.post("/en/sooner", data=solved(page)).text
    assert waiting(house) == before
    assert digits(page)
    house.clock.passes(seconds=5)
    flooded.post("/en/sooner", data=solved(page))
    assert waiting(house) == before - 1


@pytest.mark.parametrize("code", ["", "123", "no code", "1" * 21])
def test_without_a_code_there_is_nothing_to_show(sam: FlaskClient, hotline, code: str):
    answer = sam.post("/en/sooner", data={"code": code, "sum": "7", "puzzle": "x"})
    assert (answer.status_code, answer.location) == (303, "/en/")


def test_a_puzzle_belongs_to_its_code_and_its_process():
    code, now = mint(), 1000.0
    made = new_puzzle(SECRET, code, now=now)
    puzzle = unsealed(SECRET, code, made.sealed)
    assert puzzle == made
    assert puzzle.is_right(f" {made.first + made.second} ")
    assert not puzzle.is_right(str(made.first + made.second + 1))
    assert puzzle.is_too_soon(now + SOONEST - 0.5)
    assert puzzle.is_too_soon(now - 60)
    assert not puzzle.is_too_soon(now + SOONEST)
    assert not puzzle.is_too_late(now + 3)
    assert puzzle.is_too_late(now + 4000)
    assert unsealed(SECRET, mint(), made.sealed) is None
    assert unsealed(b"another", code, made.sealed) is None
