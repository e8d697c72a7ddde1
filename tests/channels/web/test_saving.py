"""Sam saves what he wrote and goes on later, or looks it over first; what is saved is not sent, and nobody reads it."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.channels.web.desk import Brake
from hotline.errors import Unavailable
from hotline.parts import Hotline
from hotline.vault import drafts as drafting
from hotline.vault.tables import drafts
from tests.channels.web.conftest import Sleeper
from tests.channels.web.reading import STORY, count, count_messages, digits, multipart, slip
from tests.house import House

NEW, AGAIN = "/en/new", "/en/again"
LOOK, SAVE, CHANGE, THROW = (f"{NEW}?act={act}" for act in ("look", "save", "change", "throw"))


def form(sam: FlaskClient, **typed: str) -> dict[str, str]:
    return {"account": STORY, "slip": slip(sam.get(NEW).text)} | typed


def save(sam: FlaskClient, **typed: str) -> str:
    """Save a form, and return the code that is shown."""
    page = sam.post(SAVE, data=form(sam, **typed))
    assert page.status_code == 200
    assert "It is not sent" in page.text
    return digits(page.text)


def hidden(page: str) -> dict[str, str]:
    """Return what the form of a page carries along unseen."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_what_is_saved_is_not_sent_and_comes_back_with_the_code(
    hotline: Hotline, sam: FlaskClient
) -> None:
    code = save(sam, need="doctor", hours="after nine", safe="no")
    assert count(hotline) == 0
    page = sam.post(AGAIN, data={"code": code}).text
    assert "did not send it" in page
    assert STORY in page
    assert 'value="after nine"' in page
    assert re.search(r'name="need" value="doctor" checked', page)
    assert re.search(r'name="safe" value="no" checked', page)


def test_saved_again_it_keeps_its_code(hotline: Hotline, sam: FlaskClient) -> None:
    code = save(sam)
    resumed = hidden(sam.post(AGAIN, data={"code": code}).text)
    page = sam.post(SAVE, data={**resumed, "account": "More of it."})
    assert digits(page.text) == code
    assert "More of it." in sam.post(AGAIN, data={"code": code}).text
    assert count(hotline, drafts) == 1


def test_sent_in_the_end_it_is_kept_once_under_its_code(hotline: Hotline, sam: FlaskClient) -> None:
    code = save(sam)
    resumed = hidden(sam.post(AGAIN, data={"code": code}).text)
    for _ in range(2):
        page = sam.post(NEW, data={**resumed, "account": STORY})
        assert digits(page.text) == code
    assert (count(hotline), count_messages(hotline), count(hotline, drafts)) == (1, 1, 0)
    assert "No new answer yet" in sam.post(AGAIN, data={"code": code}).text


def test_what_was_written_in_another_window_is_not_lost(hotline: Hotline, sam: FlaskClient) -> None:
    code = save(sam)
    resumed = hidden(sam.post(AGAIN, data={"code": code}).text)
    sam.post(NEW, data={**resumed, "account": STORY})
    sam.post(NEW, data={**resumed, "account": "There is a child, too."})
    assert (count(hotline), count_messages(hotline)) == (1, 2)


def test_with_a_word_the_code_alone_shows_nothing(
    hotline: Hotline, sam: FlaskClient, sleeper: Sleeper
) -> None:
    code = save(sam, word="lantern")
    page = sam.post(AGAIN, data={"code": code})
    assert "opens with your code word" in page.text
    assert STORY not in page.text
    wrong = sam.post(AGAIN, data={"code": code, "word": "candle"})
    assert wrong.status_code == 422
    assert STORY not in wrong.text
    assert sleeper.slept > 0
    assert STORY in sam.post(AGAIN, data={"code": code, "word": "Lantern"}).text


def test_the_code_alone_takes_no_draft_over(hotline: Hotline, sam: FlaskClient) -> None:
    code = save(sam, word="lantern")
    page = sam.post(SAVE, data=form(sam, account="Something else.", code=code))
    assert digits(page.text) != code
    assert STORY in sam.post(AGAIN, data={"code": code, "word": "lantern"}).text


def test_a_code_that_was_never_given_gets_another(
    hotline: Hotline, sam: FlaskClient, sleeper: Sleeper
) -> None:
    other = save(sam)
    sam.post(THROW, data={**form(sam), **hidden(sam.post(AGAIN, data={"code": other}).text)})
    page = sam.post(NEW, data=form(sam, code=other))
    assert digits(page.text) != other
    assert sleeper.slept > 0
    assert count(hotline) == 1


def test_thrown_away_it_is_gone(hotline: Hotline, sam: FlaskClient) -> None:
    code = save(sam)
    resumed = hidden(sam.post(AGAIN, data={"code": code}).text)
    page = sam.post(THROW, data={**resumed, "account": STORY})
    assert STORY not in page.text
    assert count(hotline, drafts) == count(hotline) == 0
    assert sam.post(AGAIN, data={"code": code}).status_code == 422


def test_what_cannot_be_saved_now_stays_in_the_page(
    house: House, hotline: Hotline, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_act: object) -> None:
        raise Unavailable

    typed = form(sam)
    monkeypatch.setattr(type(hotline.store), "write", lambda _store, act: full(act))
    page = sam.post(SAVE, data=typed)
    assert page.status_code == 503
    assert STORY in page.text


def test_the_same_form_saved_twice_has_one_code(hotline: Hotline, sam: FlaskClient) -> None:
    typed = form(sam)
    assert digits(sam.post(SAVE, data=typed).text) == digits(sam.post(SAVE, data=typed).text)
    assert count(hotline, drafts) == 1


def test_a_form_that_was_sent_and_is_saved_afterwards_is_another(
    hotline: Hotline, sam: FlaskClient
) -> None:
    typed = form(sam)
    sent = digits(sam.post(NEW, data=typed).text)
    saved = digits(sam.post(SAVE, data=typed).text)
    assert sent != saved
    assert (count(hotline), count(hotline, drafts)) == (1, 1)


def test_nothing_of_what_is_saved_lies_in_clear(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    save(sam, number="+46700000001", word="lantern")
    with hotline.store.read() as session:
        (row,) = session.execute(select(drafts)).all()
    for told in (b"cleans two houses", b"46700000001", b"lantern"):
        assert told not in row.sealed


def test_everything_is_looked_over_before_it_is_sent(hotline: Hotline, sam: FlaskClient) -> None:
    typed = form(sam, safe="no", need="papers", place="Gävle <b>", hours="at noon", word="moth")
    page = sam.post(LOOK, data=typed)
    assert "It is not sent yet" in page.text
    for said in (STORY, "Papers, a lawyer", "Gävle &lt;b&gt;", "at noon", "moth"):
        assert said in page.text
    assert "Who is this about?" not in page.text
    assert count(hotline) == count(hotline, drafts) == 0
    carried = {**hidden(page.text), "account": STORY}
    assert 'value="at noon"' in sam.post(CHANGE, data=carried).text
    sam.post(NEW, data=carried)
    assert count(hotline) == 1


def test_a_saved_form_is_looked_over_and_sent_under_its_code(
    hotline: Hotline, sam: FlaskClient
) -> None:
    code = save(sam, word="lantern")
    resumed = hidden(sam.post(AGAIN, data={"code": code, "word": "lantern"}).text)
    page = sam.post(LOOK, data={**resumed, "account": STORY, "word": "lantern"}).text
    sent = sam.post(NEW, data={**hidden(page), "account": STORY})
    assert digits(sent.text) == code
    assert (count(hotline), count(hotline, drafts)) == (1, 0)


def test_words_that_come_with_the_code_of_something_saved_are_not_lost(
    hotline: Hotline, sam: FlaskClient
) -> None:
    code = save(sam)
    page = sam.post(AGAIN, data={"code": code, "more": "He comes at six."}).text
    assert STORY in page
    assert "He comes at six." in page
    assert (count(hotline), count(hotline, drafts)) == (0, 1)


@pytest.mark.parametrize("address", [NEW, SAVE, CHANGE, LOOK, THROW])
def test_no_other_site_plants_a_code_in_a_form(
    hotline: Hotline, sam: FlaskClient, address: str
) -> None:
    code = save(sam)
    planted = {"account": "Hers.", "code": code, "word": "his", "slip": "0" * 32}
    page = sam.post(address, data=planted, headers={"Sec-Fetch-Site": "cross-site"})
    assert "Hers." in page.text
    assert "code" not in hidden(page.text)
    assert hidden(page.text)["slip"] != "0" * 32
    assert 'value="his"' not in page.text
    assert (count(hotline), count(hotline, drafts)) == (0, 1)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_what_an_old_browser_sends_from_somewhere_is_kept_under_no_planted_code(
    hotline: Hotline, sam: FlaskClient, origin: str
) -> None:
    code = save(sam)
    planted = {"account": "Hers.", "code": code, "word": "his"}
    page = sam.post(NEW, data=planted, headers={"Origin": origin})
    assert digits(page.text) != code
    assert (count(hotline), count(hotline, drafts)) == (1, 1)
    assert (
        "All that was written"
        not in sam.post(AGAIN, data={"code": digits(page.text), "word": "his"}).text
    )


def test_what_breaks_off_while_it_is_saved_is_not_sent(hotline: Hotline, sam: FlaskClient) -> None:
    body = multipart(form(sam), file=bytes(9000))
    broken = {**body, "data": body["data"][:-5000]}
    assert "It is not sent" in sam.post(SAVE, **broken).text
    assert (count(hotline), count(hotline, drafts)) == (0, 1)


@pytest.mark.parametrize(
    ("how", "number", "lacks"),
    [
        ("text", "", True),
        ("call", "0888", True),
        ("text", "+46700000001", False),
        ("here", "", False),
    ],
)
def test_who_wants_a_text_is_told_when_there_is_no_number_for_it(
    sam: FlaskClient, how: str, number: str, lacks: bool
) -> None:
    typed = form(sam, how=how, number=number)
    for address in (LOOK, NEW):
        assert ("We cannot use this number" in sam.post(address, data=typed).text) == lacks


def test_who_is_not_safe_reads_what_may_help_at_once(sam: FlaskClient) -> None:
    assert "In danger right now?" in sam.post(NEW, data=form(sam, safe="no")).text
    assert "In danger right now?" not in sam.post(NEW, data=form(sam, safe="yes")).text


def test_who_sends_files_is_told_that_they_came(sam: FlaskClient) -> None:
    assert "Your files are with us." in sam.post(NEW, **multipart(form(sam), file=b"x" * 90)).text
    assert "Your files are with us." not in sam.post(NEW, data=form(sam, account="None.")).text


def crowded(house: House, sleeper: Sleeper) -> None:
    """Let so many try codes that no other is looked at."""
    desk = house.app.extensions["web"]
    house.app.extensions["web"] = replace(desk, brake=Brake(at_once=0, sleep=sleeper))


@pytest.mark.parametrize(("address", "kept"), [(NEW, (1, 1)), (SAVE, (0, 2))])
def test_a_saved_form_is_never_refused_because_others_try_codes(
    house: House, hotline: Hotline, sam: FlaskClient, sleeper: Sleeper, address: str, kept: tuple
) -> None:
    code = save(sam)
    resumed = hidden(sam.post(AGAIN, data={"code": code}).text)
    crowded(house, sleeper)
    page = sam.post(address, data={**resumed, "account": STORY})
    assert page.status_code == 200
    assert digits(page.text) != code
    assert (count(hotline), count(hotline, drafts)) == kept


def test_nothing_counts_as_thrown_away_that_is_still_there(
    house: House, hotline: Hotline, sam: FlaskClient, sleeper: Sleeper
) -> None:
    code = save(sam)
    resumed = hidden(sam.post(AGAIN, data={"code": code}).text)
    crowded(house, sleeper)
    page = sam.post(THROW, data={**resumed, "account": STORY})
    assert page.status_code == 503
    assert STORY in page.text
    assert count(hotline, drafts) == 1


def test_the_word_of_something_saved_is_not_guessed_and_guesses_slow_nothing_else(
    hotline: Hotline, sam: FlaskClient, sleeper: Sleeper
) -> None:
    hers, theirs = save(sam, word="lantern"), save(sam, account="Nothing.", word="moth")
    for number in range(10):
        sam.post(AGAIN, data={"code": theirs, "word": f"guess {number}"})
    assert sam.post(AGAIN, data={"code": theirs, "word": "moth"}).status_code == 503
    # Nor by sending the form, which takes the draft over where the word is right.
    page = sam.post(SAVE, data=form(sam, code=theirs, locked="moth"))
    assert digits(page.text) != theirs
    slept = sleeper.slept
    assert STORY in sam.post(AGAIN, data={"code": hers, "word": "lantern"}).text
    assert sleeper.slept == slept


def test_only_what_the_form_offers_is_saved(hotline: Hotline, sam: FlaskClient) -> None:
    invented = ["doctor", *(f"{number}" + "y" * 4000 for number in range(40))]
    typed = {
        "safe": ["no", "z" * 4000],
        "how": "by pigeon",
        "held": "papers",
        "hours": ["one", "two"],
    }
    page = sam.post(SAVE, data={"account": "x" * 60_000, "need": invented, **typed})
    with hotline.store.read() as session:
        (row,) = session.execute(select(drafts)).all()
    assert len(row.sealed) < 80_000
    page = sam.post(AGAIN, data={"code": digits(page.text)}).text
    assert re.search(r'name="need" value="doctor" checked', page)
    assert re.search(r'name="safe" value="no" checked', page)
    assert 'value="one"' in page
    assert "pigeon" not in page


def test_where_no_more_is_saved_today_the_form_comes_back_and_can_be_sent(
    hotline: Hotline, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "ROWS", 1)
    save(sam)
    page = sam.post(SAVE, data=form(sam, account="Hers."))
    assert page.status_code == 503
    assert "Hers." in page.text
    assert digits(sam.post(NEW, data={**hidden(page.text), "account": "Hers."}).text)
    assert (count(hotline), count(hotline, drafts)) == (1, 1)
