"""Sam comes back with the code: reads what is new, writes more, and a wrong code learns nothing."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from hotline import audit
from hotline.domain.report import Channel, Direction
from hotline.errors import Unavailable
from hotline.parts import Hotline
from hotline.reports.tables import messages, reports
from hotline.store import Session
from hotline.triage.alerts import Kind, open_alerts
from hotline.vault.codes import mint
from hotline.vault.contents import Account
from hotline.vault.keyring import REPORTER, EpochKey
from hotline.vault.reporters import reporter_public
from hotline.vault.sealing import Spot, keep
from tests.channels.web.answering import answers
from tests.channels.web.conftest import Sleeper
from tests.channels.web.reading import STORY, count_messages, digits, slip, words
from tests.contact.conftest import signs_in
from tests.house import House

ANSWER = "You did nothing wrong. <b>No one</b> may keep her papers."


@pytest.fixture
def code(sam: FlaskClient) -> str:
    """The code of a report with the code word *lantern*."""
    return digits(sam.post("/en/new", data={"account": STORY, "word": "Lantern"}).text)


@pytest.fixture
def answer(house: House, hotline: Hotline, code: str) -> Callable[[str], None]:
    """A caseworker's answer to the only report."""
    noor = signs_in(house, "noor")
    with hotline.store.read() as session:
        report_id = session.execute(select(reports.c.id)).scalar_one()
    return lambda text: answers(house, noor, report_id, text)


def time_passes(house: House) -> None:
    """Let the process forget what happened a moment ago."""
    desk = house.app.extensions["web"]
    desk.read.forget_all()
    desk.sent.forget_all()


def test_the_code_opens_an_answer_once(
    sam: FlaskClient, house: House, code: str, answer: Callable[[str], None]
) -> None:
    answer(ANSWER)
    page = sam.post("/en/again", data={"code": code})
    assert page.status_code == 200
    assert "There is an answer" in page.text
    assert "Rosa" in page.text
    assert "&lt;b&gt;No one&lt;/b&gt;" in page.text
    time_passes(house)
    page = sam.post("/en/again", data={"code": code})
    assert "No new answer yet" in page.text
    assert "nothing wrong" not in page.text


def test_what_reads_like_an_answer_and_is_not_ours_is_not_shown(
    sam: FlaskClient, hotline: Hotline, code: str, answer: Callable[[str], None]
) -> None:
    # Somebody who can write to the database seals words of theirs to Sam's public key, beside ours.
    answer(ANSWER)

    def slip_in(session: Session) -> None:
        report = session.execute(select(reports)).one()
        seq, public = report.messages + 1, hotline.log_key.public
        key = EpochKey(REPORTER, reporter_public(session, report.id, house_public=public))
        account = Account("Come to the harbour alone.", "en", details={"by": "Rosa"})
        keep(session, [Spot(report.desk, report.id, seq).seal(key, REPORTER, account.to_json())])
        row = {"report_id": report.id, "seq": seq, "direction": Direction.TO_REPORTER}
        session.execute(
            insert(messages), {**row, "channel": Channel.WEB, "day": "2026-11-25", "is_read": False}
        )
        session.execute(update(reports).values(messages=seq))

    hotline.store.write(slip_in)

    # Sam sees what Noor wrote, and nothing else,
    for _ in range(2):
        page = sam.post("/en/again", data={"code": code}).text
        assert "nothing wrong" in page
        assert "harbour" not in page

    # and the supervisors hear of it once.
    with hotline.store.read() as session:
        (alert,) = open_alerts(session, "main")
        lines = [line.did for line in audit.of_report(session, alert.report_id)]
    assert alert.kind == Kind.FORGED_ANSWER
    assert lines.count("answer_refused") == 1


def test_the_day_that_is_shown_is_the_one_that_was_signed(
    sam: FlaskClient, hotline: Hotline, code: str, answer: Callable[[str], None]
) -> None:
    answer(ANSWER)
    hotline.store.write(lambda session: session.execute(update(messages).values(day="1999-01-01")))
    page = sam.post("/en/again", data={"code": code}).text
    assert "1999" not in page
    assert "nothing wrong" in page


def test_a_page_that_was_lost_can_be_asked_for_again(
    sam: FlaskClient, code: str, answer: Callable[[str], None]
) -> None:
    answer(ANSWER)
    for _ in range(2):
        assert "nothing wrong" in sam.post("/en/again", data={"code": code}).text


def test_but_not_by_the_back_key_of_whoever_left(
    sam: FlaskClient, code: str, answer: Callable[[str], None]
) -> None:
    answer(ANSWER)
    sam.post("/en/again", data={"code": code})
    sam.get("/leave")
    assert sam.post("/en/again", data={"code": code}).status_code == 303


def test_with_the_code_word_everything_opens(
    sam: FlaskClient, house: House, code: str, answer: Callable[[str], None]
) -> None:
    answer(ANSWER)
    sam.post("/en/again", data={"code": code})
    time_passes(house)
    page = sam.post("/en/again", data={"code": code, "word": " lantern"})
    assert "All that was written" in page.text
    assert "nothing wrong" in page.text
    assert "Your words are locked away" in page.text


def test_a_wrong_code_word_opens_what_is_new_and_no_more(
    sam: FlaskClient, house: House, code: str, answer: Callable[[str], None]
) -> None:
    answer("The first answer.")
    sam.post("/en/again", data={"code": code})
    time_passes(house)
    answer("The second answer.")
    page = sam.post("/en/again", data={"code": code, "word": "candle"})
    assert page.status_code == 200
    assert "The second answer." in page.text
    assert "The first answer." not in page.text


def test_words_are_not_guessed_one_after_the_other(
    sam: FlaskClient, code: str, sleeper: Sleeper
) -> None:
    for word in ("candle", "mother"):
        assert "does not open more" in sam.post("/en/again", data={"code": code, "word": word}).text
    assert sleeper.slept > 1.5
    before = sleeper.slept
    sam.post("/en/again", data={"code": code, "word": "lantern"})
    assert sleeper.slept == before
    for number in range(8):
        sam.post("/en/again", data={"code": code, "word": f"guess {number}"})
    for word in ("candle", "lantern"):
        page = sam.post("/en/again", data={"code": code, "word": word})
        assert page.status_code == 503
        assert "wait a moment" in page.text
    assert sam.post("/en/again", data={"code": code}).status_code == 200


def test_wrong_words_for_one_report_slow_no_other(
    sam: FlaskClient, sleeper: Sleeper, code: str
) -> None:
    theirs = digits(sam.post("/en/new", data={"account": "Nothing.", "word": "moth"}).text)
    for number in range(200):
        sam.post("/en/again", data={"code": theirs, "word": f"guess {number}"})
    slept = sleeper.slept
    for _ in range(30):
        page = sam.post("/en/again", data={"code": code, "word": "lantern"})
        assert "All that was written" in page.text
    assert sleeper.slept == slept


def test_a_code_is_read_in_any_digits_and_in_words(sam: FlaskClient, code: str) -> None:
    arabic = code.translate({ord("0") + n: 0x0660 + n for n in range(10)})
    for typed in (code, code.replace(" ", ""), code.replace(" ", "-"), arabic):
        assert sam.post("/ar/again", data={"code": typed}).status_code == 200
    spoken = words(sam.post("/en/new", data={"account": STORY}).text)
    assert sam.post("/en/again", data={"code": spoken.upper()}).status_code == 200


def test_more_is_kept_in_the_same_report(hotline: Hotline, sam: FlaskClient, code: str) -> None:
    page = sam.post("/en/again", data={"code": code, "more": "Yes. But not in my town."})
    assert page.status_code == 200
    assert "We have it" in page.text
    with hotline.store.read() as session:
        assert session.execute(select(reports)).one().messages == 2


def test_more_that_is_sent_twice_is_kept_once(
    hotline: Hotline, sam: FlaskClient, code: str
) -> None:
    form = {
        "code": code,
        "more": "Yes.",
        "slip": slip(sam.post("/en/again", data={"code": code}).text),
    }
    for _ in range(2):
        assert "We have it" in sam.post("/en/again", data=form).text
    assert count_messages(hotline) == 2


def test_more_that_cannot_be_kept_now_stays_in_the_page(
    hotline: Hotline, sam: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_work: object) -> None:
        raise Unavailable

    # A full disk: nothing smaller than the store itself can refuse.
    monkeypatch.setattr(hotline.store, "write", fails)
    page = sam.post("/en/again", data={"code": code, "more": "They moved us."})
    assert page.status_code == 503
    assert "They moved us." in page.text
    assert "We have it" not in page.text


def test_more_with_a_wrong_code_stays_in_the_page(sam: FlaskClient) -> None:
    page = sam.post("/en/again", data={"code": "1 2 3", "more": "They moved us."})
    assert page.status_code == 422
    assert "They moved us." in page.text


@pytest.mark.parametrize("unread", ["", "12 34", "x" * 10_000, "\0‮", "' OR 1=1 --", "<script>"])
def test_a_wrong_code_gets_one_answer_and_the_same_time(
    sam: FlaskClient, sleeper: Sleeper, unread: str
) -> None:
    whole = sam.post("/en/again", data={"code": mint().digits})
    slept = sleeper.slept
    typed = sam.post("/en/again", data={"code": unread})
    assert whole.status_code == typed.status_code == 422
    assert "That code opens nothing" in whole.text
    assert "That code opens nothing" in typed.text
    assert slept == pytest.approx(1.0, abs=0.3)
    assert sleeper.slept - slept == pytest.approx(1.0, abs=0.3)


def test_many_wrong_codes_are_slowed_but_a_right_one_is_not(
    sam: FlaskClient, sleeper: Sleeper, code: str
) -> None:
    for _ in range(30):
        sam.post("/en/again", data={"code": "1"})
    slept = sleeper.slept
    sam.post("/en/again", data={"code": "1"})
    assert 3 < sleeper.slept - slept < 12
    slept = sleeper.slept
    assert sam.post("/en/again", data={"code": code}).status_code == 200
    assert sleeper.slept == slept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("482 719 305 56 208 473 964", "Group 4 needs three digits"),
        ("482 719", "You typed 6"),
        ("river lemon", "You typed 2"),
        ("river 482", "not both"),
        ("zzzz abandon abandon abandon abandon abandon", "Word 1 is not"),
        ("", "Type your code here"),
    ],
)
def test_a_mistake_is_pointed_at(sam: FlaskClient, typed: str, said: str) -> None:
    assert said in sam.post("/en/again", data={"code": typed}).text


def test_a_wrong_digit_is_told_by_the_check_digit(sam: FlaskClient, code: str) -> None:
    last = str((int(code[-1]) + 1) % 10)
    assert "One digit is wrong" in sam.post("/en/again", data={"code": code[:-1] + last}).text


def test_a_crowd_of_tries_does_not_take_every_place(
    house: House, sam: FlaskClient, code: str
) -> None:
    with ExitStack() as crowd:
        for _ in range(8):
            crowd.enter_context(house.app.extensions["web"].brake.turn())
        page = sam.post("/en/again", data={"code": code, "more": "They moved us."})
        assert page.status_code == 503
        assert "They moved us." in page.text
        assert sam.post("/en/new", data={"account": STORY}).status_code == 200
    assert sam.post("/en/again", data={"code": code}).status_code == 200


def test_an_answer_is_shown_even_if_it_cannot_be_marked_as_read(
    hotline: Hotline,
    sam: FlaskClient,
    code: str,
    answer: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_work: object) -> None:
        raise Unavailable

    answer(ANSWER)
    # A full disk: nothing smaller than the store itself can refuse.
    monkeypatch.setattr(hotline.store, "write", fails)
    assert "nothing wrong" in sam.post("/en/again", data={"code": code}).text


def test_the_code_stands_in_no_address_and_no_cookie(sam: FlaskClient, code: str) -> None:
    page = sam.post("/en/again", data={"code": code})
    assert "Set-Cookie" not in page.headers
    assert "Location" not in page.headers
    assert f'name="code" value="{code}"' in page.text


@pytest.mark.parametrize(
    "header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_brings_neither_a_code_nor_words(
    hotline: Hotline, sam: FlaskClient, code: str, header: dict[str, str]
) -> None:
    # Whoever planted a code of theirs, of a report or of something saved, would read what Sam writes after it.
    saved = digits(sam.post("/en/new?act=save", data={"account": "Theirs."}).text)
    blank = sam.get("/en/again").text
    for theirs in (code, saved, mint().digits, "1 2 3"):
        planted = {"code": theirs, "word": "lantern", "more": "Nothing is wrong.", "ask": "erase"}
        page = sam.post("/en/again", data=planted, headers=header)
        assert page.text == blank
    assert count_messages(hotline) == 1
    assert sam.post("/en/again", data={"code": code, "word": "lantern"}).status_code == 200
