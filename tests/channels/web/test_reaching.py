"""Sam says anew how and when we may write: with code and word only, sealed as at first, and seen by the desk."""

from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hotline.channels.web.again import CLOSES_AFTER
from hotline.contact.conversation import keep_conversation
from hotline.errors import NotFound, Unavailable
from hotline.parts import Hotline
from hotline.reports.tables import messages, reports, threads
from hotline.vault.opening import Keyholder
from tests.channels.web.reading import STORY, count_messages, digits, slip
from tests.contact.conftest import signs_in
from tests.house import House

WORD = "lantern"
NUMBER, OTHER = "+15005550006", "+1 (500) 555-0142"


@pytest.fixture
def noor(house: House, hotline: Hotline) -> Keyholder:
    return signs_in(house, "noor")


@pytest.fixture
def code(sam: FlaskClient) -> str:
    first = {"account": STORY, "word": "Lantern", "how": "text", "number": NUMBER, "hours": "noon"}
    return digits(sam.post("/en/new", data=first).text)


@pytest.fixture
def report(hotline: Hotline, code: str) -> str:
    with hotline.store.read() as session:
        return session.execute(select(reports.c.id)).scalar_one()


def form(code: str, word: str = WORD, **told: str) -> dict[str, str]:
    return {"code": code, "word": word, "ask": "reach", **told}


def contact_of(hotline: Hotline, noor: Keyholder, report: str) -> tuple[Any, dict[str, str]]:
    with hotline.store.read() as session:
        return noor.open_contact(session, report)


def test_what_is_told_counts_from_now_on_and_what_stays_empty_stays(
    hotline: Hotline, sam: FlaskClient, noor: Keyholder, code: str, report: str
) -> None:
    page = sam.post("/en/again", data=form(code, hours="after ten at night"))
    assert page.status_code == 200
    assert "It is saved" in page.text
    address, ways = contact_of(hotline, noor, report)
    assert address
    assert address.value == NUMBER
    assert ways["hours"] == "after ten at night"
    assert ways["how"] == "text"


def test_the_desk_sees_that_something_changed_and_not_what(
    hotline: Hotline, sam: FlaskClient, noor: Keyholder, code: str, report: str
) -> None:
    before = count_messages(hotline)
    hotline.store.write(lambda session: session.execute(update(reports).values(unanswered=False)))
    sam.post("/en/again", data=form(code, how="text", number=OTHER, hours="dawn"))
    with hotline.store.read() as session:
        row = session.execute(select(reports)).one()
        account = noor.open_accounts(session, report, [row.messages])[row.messages]
    assert row.messages == before + 1
    assert row.unanswered
    assert account.details["answers"] == {"reach": ["how", "number", "hours"]}
    assert "555" not in repr(account.to_json())
    assert "dawn" not in repr(account.to_json())


def test_without_the_right_word_nothing_changes(
    hotline: Hotline, sam: FlaskClient, noor: Keyholder, code: str, report: str
) -> None:
    before = contact_of(hotline, noor, report)
    for word in ("", "candle", "lanter"):
        told = form(code, word, how="here", number=OTHER, hours="dawn", new_word="candle")
        page = sam.post("/en/again", data=told).text
        assert "How and when we may write" not in page
        assert "It is saved" not in page
    assert contact_of(hotline, noor, report) == before
    assert count_messages(hotline) == 1


def test_nothing_that_was_told_before_is_ever_shown(sam: FlaskClient, code: str) -> None:
    sam.post("/en/again", data=form(code, how="call", number=OTHER, hours="dawn"))
    page = sam.post("/en/again", data={"code": code, "word": WORD}).text
    for told in ("dawn", "noon", "5005550", "555", "checked"):
        assert told not in page.replace(code, "")


def test_a_new_word_opens_and_the_old_one_does_not(sam: FlaskClient, code: str) -> None:
    page = sam.post("/en/again", data=form(code, new_word="Sparrow")).text
    assert "Your new code word opens this page." in page
    # The page goes on with the new word.
    assert 'name="word" value="Sparrow"' in page
    assert f'name="word" value="{WORD}"' not in page
    opened = sam.post("/en/again", data={"code": code, "word": " sparrow "}).text
    assert "All that was written" in opened
    assert "does not open more" in sam.post("/en/again", data={"code": code, "word": WORD}).text


@pytest.mark.parametrize("word", ["   ", "\t", "\n"])
def test_a_word_of_nothing_changes_no_word(sam: FlaskClient, code: str, word: str) -> None:
    sam.post("/en/again", data=form(code, new_word=word, hours="dawn"))
    opened = sam.post("/en/again", data={"code": code, "word": WORD}).text
    assert "All that was written" in opened


def test_sent_twice_it_is_kept_once_and_says_the_same(
    hotline: Hotline, sam: FlaskClient, code: str
) -> None:
    page = sam.post("/en/again", data={"code": code, "word": WORD}).text
    told = form(code, slip=slip(page), hours="dawn", new_word="Sparrow")
    for _ in range(2):
        page = sam.post("/en/again", data=told).text
        assert "It is saved" in page
        assert 'name="word" value="Sparrow"' in page
    assert count_messages(hotline) == 2
    # The same slip with another word is no repetition.
    forged = {**told, "word": "candle"}
    assert "does not open more" in sam.post("/en/again", data=forged).text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "There is nothing to save yet"),
        ({"how": "pigeon"}, "There is nothing to save yet"),
        ({"number": NUMBER}, "What is this number for?"),
        ({"how": "text", "number": "0500 123"}, "We cannot use this number"),
        ({"how": "call", "number": "my sister's"}, "We cannot use this number"),
    ],
)
def test_a_slip_is_pointed_at_and_nothing_changes_or_is_lost(
    hotline: Hotline, sam: FlaskClient, code: str, told: dict[str, str], said: str
) -> None:
    page = sam.post("/en/again", data=form(code, **told))
    text = unescape(page.text)
    assert page.status_code == 422
    assert said in text
    assert f'value="{told.get("number", "")}"' in text
    assert '<details class="fold" open>' in page.text
    assert ("number-fault" in page.text) == (said == "We cannot use this number")
    assert count_messages(hotline) == 1


def test_where_nothing_can_be_kept_what_was_typed_comes_back(
    hotline: Hotline, sam: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_work: object) -> None:
        raise Unavailable

    # A full disk: nothing smaller than the store itself can refuse.
    monkeypatch.setattr(hotline.store, "write", fails)
    page = sam.post("/en/again", data=form(code, hours="dawn", new_word="Sparrow"))
    assert page.status_code == 503
    assert "We could not do this just now" in page.text
    assert 'value="dawn"' in page.text
    assert f'name="word" value="{WORD}"' in page.text


def test_where_too_many_words_were_tried_what_was_typed_comes_along(
    house: House, sam: FlaskClient, code: str
) -> None:
    told = form(code, hours="dawn", new_word='Spar"row')
    for number in range(10):
        sam.post("/en/again", data={"code": code, "word": f"guess {number}"})
    page = sam.post("/en/again", data=told)
    assert page.status_code == 503
    for name, value in {**told, "new_word": "Spar&#34;row"}.items():
        assert f'name="{name}" value="{value}"' in page.text
    # Nothing of it stands on the page of a wrong code.
    wrong = sam.post("/en/again", data={**told, "code": "1 2 3"}).text
    assert "dawn" not in wrong


def test_a_report_that_is_erased_at_this_moment_takes_nothing(
    hotline: Hotline, sam: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_facts: object, **_more: object) -> None:
        raise NotFound

    # The erasure between the look and the act: only the call itself stands between them.
    monkeypatch.setattr(type(hotline.reception), "again", gone)
    page = sam.post("/en/again", data=form(code, hours="dawn"))
    assert page.status_code == 200
    assert "It is saved" not in page.text


def test_another_site_cannot_change_it(hotline: Hotline, sam: FlaskClient, code: str) -> None:
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        page = sam.post("/en/again", data=form(code, hours="dawn"), headers=header)
        assert "It is saved" not in page.text
    assert count_messages(hotline) == 1


def test_a_phone_that_asked_us_to_stop_stays_left_alone(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    at = house.clock()
    hotline.store.write(
        lambda session: keep_conversation(
            session, report, sealed=b"", open_until=None, is_closed=True, at=at
        )
    )
    page = sam.post("/en/again", data=form(code, how="text", number=OTHER)).text
    assert "That phone asked us to stop. So answers stay here." in page
    assert "From now on we keep to it" not in page


def test_what_is_typed_into_a_blank_form_under_the_same_code_changes_nothing(
    hotline: Hotline, sam: FlaskClient, noor: Keyholder, code: str, report: str
) -> None:
    # The code alone lets more be written, and never says where we write to.
    before = contact_of(hotline, noor, report)
    told = {"account": "More.", "code": code, "how": "text", "number": OTHER, "word": "candle"}
    sam.post("/en/new", data=told)
    assert contact_of(hotline, noor, report) == before
    with hotline.store.read() as session:
        assert len(session.execute(select(threads)).all()) <= 1
    assert "All that was written" in sam.post("/en/again", data={"code": code, "word": WORD}).text


def test_only_here_means_that_no_phone_is_texted(
    hotline: Hotline, sam: FlaskClient, noor: Keyholder, code: str, report: str
) -> None:
    sam.post("/en/again", data=form(code, how="here", number=OTHER))
    _, ways = contact_of(hotline, noor, report)
    assert ways["how"] == "here"
    assert ways["number"] == NUMBER
    with hotline.store.read() as session:
        assert session.execute(select(messages.c.seq)).scalars().all() == [1, 2]


def test_the_page_with_a_fault_closes_by_itself_too(sam: FlaskClient, code: str) -> None:
    page = sam.post("/ar/again", data=form(code))
    assert page.headers["Refresh"] == f"{CLOSES_AFTER}; url=/ar/"
    assert 'dir="rtl"' in page.text
