"""Sam is asked, first of all on the page that code and code word open, and says yes to exactly what stands there."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hotline import consent
from hotline.consent.tables import asks
from hotline.errors import Unavailable
from hotline.leads.tables import agencies
from hotline.parts import Hotline
from hotline.reports.tables import reports
from tests.channels.web.consenting import admits, doubts, is_asked, lists
from tests.channels.web.reading import STORY, digits, version
from tests.contact.conftest import signs_in
from tests.house import House

WORD = "lantern"


@pytest.fixture
def code(sam: FlaskClient) -> str:
    return digits(sam.post("/en/new", data={"account": STORY, "word": "Lantern"}).text)


@pytest.fixture
def report(hotline: Hotline, code: str) -> str:
    with hotline.store.read() as session:
        return session.execute(select(reports.c.id)).scalar_one()


def given(hotline: Hotline, report: str) -> list[consent.Grant]:
    with hotline.store.read() as session:
        return consent.of_report(session, report)


def state(hotline: Hotline) -> str:
    with hotline.store.read() as session:
        return session.execute(select(asks.c.state)).scalar_one()


def test_a_question_stands_first_with_everything_that_must_be_known(
    house: House, sam: FlaskClient, code: str, report: str
) -> None:
    harbor = lists(house, "Harbor <House>")
    is_asked(house, report, purpose="handoff", recipient=harbor, fields=["language", "contact"])
    page = sam.post("/en/again", data={"code": code, "word": WORD})
    main = page.text[page.text.index("<main") :]
    assert "A question for you" in main[: main.index("</h1>")]
    said = unescape(re.sub(r"<[^>]+>", "", main)).replace("\u2068", "").replace("\u2069", "")
    for told in (
        "It stays here until Mon, Mar 16",
        "May we tell Harbor <House> about you?",
        "They can then help you.",
        "Your language",
        "How to reach you",
        "Your yes ends on Sun, May 31, 2026.",
        "A no changes nothing for you.",
        "You can take your yes back at any time.",
        "nobody can call back",
        "Not now",
    ):
        assert told in said, told
    assert page.text.index("May we tell") < page.text.index("Write more")
    # Neither answer weighs more than the other.
    assert page.text.count('class="button button--quiet" name="ask"') == 3


@pytest.mark.parametrize("word", ["", "candle"])
def test_without_the_word_nobody_learns_of_a_question_or_answers_it(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str, word: str
) -> None:
    its_id = is_asked(house, report)
    shown = version(sam.post("/en/again", data={"code": code, "word": WORD}).text)
    for ask in ("", "yes", "yes_sure", "no"):
        form = {"code": code, "word": word, "ask": ask, "question": its_id, "words": shown}
        page = sam.post("/en/again", data=form).text
        assert "May we tell" not in page
        assert "your answer" not in page
    assert state(hotline) == "asked"


def test_a_yes_is_asked_once_more_and_kept_with_the_very_words(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    its_id, form = is_asked(house, report), {"code": code, "word": WORD}
    page = sam.post("/en/again", data=form).text
    form |= {"question": its_id, "words": version(page)}
    sure = sam.post("/en/again", data={**form, "ask": "yes"})
    assert "Say yes?" in sure.text
    assert sure.headers["Refresh"]
    assert version(sure.text) == form["words"]
    assert given(hotline, report) == []

    done = sam.post("/en/again", data={**form, "ask": "yes_sure"}).text
    assert "We have your answer" in done
    assert "May we tell" not in done
    assert "You said yes" in done
    (grant,) = given(hotline, report)
    assert (grant.given_how, grant.words_locale, grant.by) == ("web", "en", "")
    assert (grant.words_version, grant.fields) == (form["words"], ("country", "summary"))

    # The words that are kept are those that stood on both pages, line by line.
    noor = signs_in(house, "noor")
    with hotline.store.read() as session:
        words = consent.open_words(session, noor, grant.id)
    for line in words.splitlines():
        told = line.removeprefix("· ")
        assert told in unescape(page)
        assert told in unescape(sure.text)


def test_a_yes_that_is_sent_again_is_the_same_yes(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    its_id, form = is_asked(house, report), {"code": code, "word": WORD}
    words = version(sam.post("/en/again", data=form).text)
    form |= {"question": its_id, "words": words, "ask": "yes_sure"}
    for _ in range(3):
        assert "We have your answer" in sam.post("/en/again", data=form).text
    assert len(given(hotline, report)) == 1
    # A no by the Back key changes nothing any more: taking back is another act.
    assert "We have your answer" in sam.post("/en/again", data={**form, "ask": "no"}).text
    assert state(hotline) == "yes"
    # And a yes that was taken back is not given again by the Back key.
    (grant,) = given(hotline, report)
    back = {"code": code, "word": WORD, "ask": "back_sure", "grant": grant.id}
    assert "It is taken back" in sam.post("/en/again", data=back).text
    sam.post("/en/again", data=form)
    assert [one.revoked_day for one in given(hotline, report)] == ["2026-03-02"]


def test_a_no_is_kept_at_once_and_changes_nothing_else(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    form = {"code": code, "word": WORD, "ask": "no", "question": is_asked(house, report)}
    for _ in range(2):
        page = sam.post("/en/again", data=form).text
        assert "A no changes nothing for you." in page
        assert "May we tell" not in page
    assert (state(hotline), given(hotline, report)) == ("no", [])


def test_not_now_leaves_the_question_where_it_is_and_shows_the_rest(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    its_id, form = is_asked(house, report), {"code": code, "word": WORD}
    page = sam.post("/en/again", data={**form, "ask": "later", "question": its_id}).text
    assert "All that was written" in page
    assert page.index("<details") < page.index("May we tell")
    assert state(hotline) == "asked"
    assert "Take your time." in sam.post("/en/again", data=form).text


def test_while_staff_doubt_who_it_is_no_question_is_shown_and_none_answered(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    blank = sam.post("/en/again", data={"code": code, "word": WORD}).text
    its_id = is_asked(house, report)
    words = version(sam.post("/en/again", data={"code": code, "word": WORD}).text)
    doubts(house)
    form = {"code": code, "word": WORD, "question": its_id, "words": words}
    page = sam.post("/en/again", data=form).text
    assert re.sub(r"[0-9a-f]{32}", "", page) == re.sub(r"[0-9a-f]{32}", "", blank)
    for ask in ("yes", "yes_sure", "no"):
        page = sam.post("/en/again", data={**form, "ask": ask}).text
        assert "That question is over" in page
        assert "May we tell" not in page
    assert (state(hotline), given(hotline, report)) == ("asked", [])
    # When the doubt is gone, it is asked as before.
    doubts(house, False)
    assert "May we tell" in sam.post("/en/again", data=form).text


def test_a_yes_counts_for_the_words_that_stood_there_and_in_that_language(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    its_id, form = is_asked(house, report), {"code": code, "word": WORD}
    english = version(sam.post("/en/again", data=form).text)
    spanish = version(sam.post("/es/again", data=form).text)
    form |= {"question": its_id, "ask": "yes_sure"}
    if english != spanish:
        page = sam.post("/es/again", data={**form, "words": english}).text
        assert given(hotline, report) == []
        assert version(page) == spanish
    for words in ("", "0" * 12, "x" * 5000):
        assert "The words have changed" in sam.post("/en/again", data={**form, "words": words}).text
    assert given(hotline, report) == []
    sam.post("/es/again", data={**form, "words": spanish})
    assert [one.words_locale for one in given(hotline, report)] == ["es"]


def test_an_office_that_changed_its_name_is_asked_about_anew(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    unit = admits(house)
    form = {"code": code, "word": WORD, "question": is_asked(house, report, recipient=unit)}
    words = version(sam.post("/en/again", data=form).text)
    hotline.store.write(lambda session: session.execute(update(agencies).values(name="Other unit")))
    page = sam.post("/en/again", data={**form, "words": words, "ask": "yes_sure"}).text
    assert "The words have changed" in page
    assert "Other unit" in page
    assert given(hotline, report) == []


def test_whoever_has_no_name_any_more_is_not_asked_about(
    house: House, sam: FlaskClient, code: str, report: str
) -> None:
    is_asked(house, report, purpose="handoff", recipient="gone")
    assert "May we tell" not in sam.post("/en/again", data={"code": code, "word": WORD}).text


def test_a_question_that_ended_is_over(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    its_id, form = is_asked(house, report), {"code": code, "word": WORD}
    words = version(sam.post("/en/again", data=form).text)
    house.clock.passes(days=15)
    assert "May we tell" not in sam.post("/en/again", data=form).text
    for ask in ("yes", "yes_sure", "no"):
        page = sam.post("/en/again", data={**form, "ask": ask, "question": its_id, "words": words})
        assert page.status_code == 200
        assert "That question is over" in page.text
    assert given(hotline, report) == []


def test_one_that_is_taken_away_in_between_is_over(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    its_id, at, form = is_asked(house, report), house.clock(), {"code": code, "word": WORD}
    words = version(sam.post("/en/again", data=form).text)
    hotline.store.write(
        lambda session: consent.asking.take_question_back(
            session, its_id, report_id=report, by="a" * 32, at=at
        )
    )
    form |= {"question": its_id, "words": words, "ask": "yes_sure"}
    assert "That question is over" in sam.post("/en/again", data=form).text
    assert given(hotline, report) == []


@pytest.mark.parametrize("forged", ["", "f" * 32, "' OR 1=1 --", "\0", "x" * 10_000])
def test_a_forged_name_of_a_question_answers_none(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str, forged: str
) -> None:
    is_asked(house, report)
    for ask in ("yes", "yes_sure", "no"):
        form = {"code": code, "word": WORD, "ask": ask, "question": forged, "words": "0" * 12}
        assert sam.post("/en/again", data=form).status_code == 200
    assert (state(hotline), given(hotline, report)) == ("asked", [])


def test_a_question_of_another_report_is_nobody_elses(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    sam.post("/en/new", data={"account": "Another story.", "word": "candle"})
    with hotline.store.read() as session:
        other = session.execute(select(reports.c.id).where(reports.c.id != report)).scalar_one()
    is_asked(house, report)
    words = version(sam.post("/en/again", data={"code": code, "word": WORD}).text)
    theirs = is_asked(house, other)
    for ask in ("yes", "yes_sure", "no"):
        form = {"code": code, "word": WORD, "ask": ask, "question": theirs, "words": words}
        assert "Say yes?" not in sam.post("/en/again", data=form).text
    assert given(hotline, report) == given(hotline, other) == []


def test_another_site_cannot_have_it_answered(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    its_id, form = is_asked(house, report), {"code": code, "word": WORD}
    words = version(sam.post("/en/again", data=form).text)
    form |= {"question": its_id, "words": words, "ask": "yes_sure"}
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert sam.post("/en/again", data=form, headers=header).status_code == 200
    assert given(hotline, report) == []


def test_where_nothing_can_be_written_no_answer_is_claimed(
    house: House,
    hotline: Hotline,
    sam: FlaskClient,
    code: str,
    report: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_work: object) -> None:
        raise Unavailable

    its_id, form = is_asked(house, report), {"code": code, "word": WORD}
    words = version(sam.post("/en/again", data=form).text)
    form |= {"question": its_id, "words": words}
    # A full disk: nothing smaller than the store itself can refuse.
    with monkeypatch.context() as full:
        full.setattr(hotline.store, "write", fails)
        for ask in ("yes_sure", "no"):
            page = sam.post("/en/again", data={**form, "ask": ask})
            assert page.status_code == 503
            assert "We could not do this just now" in page.text
            assert "May we tell" in page.text
    assert "your answer" in sam.post("/en/again", data={**form, "ask": "yes_sure"}).text


def test_whom_sam_excluded_meanwhile_is_not_asked_about(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    unit, at = admits(house), house.clock()
    its_id, form = is_asked(house, report, recipient=unit), {"code": code, "word": WORD}
    words = version(sam.post("/en/again", data=form).text)
    hotline.store.write(
        lambda session: consent.exclude(
            session, hotline.keyring, report_id=report, kind="agency", ref=unit, at=at
        )
    )
    form |= {"question": its_id, "words": words, "ask": "yes_sure"}
    page = sam.post("/en/again", data=form).text
    assert "May we tell" not in page
    assert "That question is over" in page
    assert given(hotline, report) == []


def test_in_arabic_it_is_asked_from_right_to_left(
    house: House, sam: FlaskClient, code: str, report: str
) -> None:
    its_id = is_asked(house, report)
    page = sam.post("/ar/again", data={"code": code, "word": WORD}).text
    assert 'dir="rtl"' in page
    assert its_id in page
