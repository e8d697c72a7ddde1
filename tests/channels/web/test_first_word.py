"""Sam made up no code word: that can be done on the page that shows the code, and nowhere else."""

import re

import pytest
from flask.testing import FlaskClient

from hotline.channels.web.proof import LASTS
from hotline.errors import Unavailable
from hotline.parts import Hotline
from tests.channels.web.reading import STORY, digits
from tests.house import House


def proof(page: str) -> str:
    found = re.search(r'name="proof" value="([^"]+)"', page)
    assert found
    return found[1]


def opens(sam: FlaskClient, code: str, word: str) -> bool:
    page = sam.post("/en/again", data={"code": code, "word": word})
    return "All that was written" in page.text


def test_a_word_made_up_beside_the_code_opens_all_of_it(sam: FlaskClient) -> None:
    shown = sam.post("/en/new", data={"account": STORY}).text
    form = {"code": digits(shown), "proof": proof(shown), "word": "Lantern"}
    page = sam.post("/en/word", data=form)
    assert page.status_code == 200
    assert "It is saved" in page.text
    assert digits(page.text) == form["code"]
    assert "Make up a code word" not in page.text
    assert opens(sam, form["code"], "lantern")


def test_one_that_stands_already_is_never_changed_so(sam: FlaskClient) -> None:
    shown = sam.post("/en/new", data={"account": STORY}).text
    form = {"code": digits(shown), "proof": proof(shown)}
    sam.post("/en/word", data={**form, "word": "lantern"})
    page = sam.post("/en/word", data={**form, "word": "candle"}).text
    assert "No word can be made up any more" in page
    assert opens(sam, form["code"], "lantern")
    assert not opens(sam, form["code"], "candle")


def test_who_made_one_up_is_not_asked_again(sam: FlaskClient) -> None:
    page = sam.post("/en/new", data={"account": STORY, "word": "lantern"}).text
    assert "Make up a code word" not in page
    saved = sam.post("/en/new?act=save", data={"account": STORY}).text
    assert "Make up a code word" not in saved


def test_whoever_only_found_the_code_makes_none_up(house: House, sam: FlaskClient) -> None:
    shown = sam.post("/en/new", data={"account": STORY}).text
    other = sam.post("/en/new", data={"account": "Another."}).text
    code = digits(shown)
    for forged in ("", proof(other), "0" * 8 + "-" + "0" * 64, "x" * 5000):
        page = sam.post("/en/word", data={"code": code, "proof": forged, "word": "candle"})
        assert page.status_code == 303
    house.clock.passes(seconds=LASTS + 1)
    late = sam.post("/en/word", data={"code": code, "proof": proof(shown), "word": "candle"})
    assert late.status_code == 303
    assert not opens(sam, code, "candle")
    # Where the word is asked, it is said why none can be made up there.
    assert (
        "No word? Nobody can make one up here." in sam.post("/en/again", data={"code": code}).text
    )


def test_neither_another_site_nor_the_back_key_makes_one_up(sam: FlaskClient) -> None:
    shown = sam.post("/en/new", data={"account": STORY}).text
    form = {"code": digits(shown), "proof": proof(shown), "word": "candle"}
    header = {"Sec-Fetch-Site": "cross-site"}
    assert sam.post("/en/word", data=form, headers=header).status_code == 303
    assert not opens(sam, form["code"], "candle")
    sam.get("/leave")
    assert sam.post("/en/word", data=form).status_code == 303
    sam.delete_cookie("away")


def test_no_word_is_no_word(sam: FlaskClient) -> None:
    shown = sam.post("/en/new", data={"account": STORY}).text
    form = {"code": digits(shown), "proof": proof(shown), "word": " "}
    page = sam.post("/en/word", data=form).text
    assert "There is nothing to save yet" in page
    assert "Make up a code word" in page


def test_where_nothing_can_be_written_it_says_so(
    hotline: Hotline, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_work: object) -> None:
        raise Unavailable

    shown = sam.post("/en/new", data={"account": STORY}).text
    form = {"code": digits(shown), "proof": proof(shown), "word": "lantern"}
    # A full disk: nothing smaller than the store itself can refuse.
    with monkeypatch.context() as full:
        full.setattr(hotline.store, "write", fails)
        page = sam.post("/en/word", data=form).text
    assert "We could not do this just now" in page
    assert digits(page) == form["code"]
    sam.post("/en/word", data=form)
    assert opens(sam, form["code"], "lantern")
