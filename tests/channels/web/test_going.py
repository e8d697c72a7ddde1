"""Whoever goes on is never led away; after they left, the Back key is, at any later time.

What browsers say of each kind of navigation was measured in Chromium 156 and Firefox 153.
"""

import pytest
from flask.testing import FlaskClient

from tests.channels.web.reading import STORY, count, count_messages, digits, slip
from tests.house import House

TYPED = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1"}
STEP = {**TYPED, "Sec-Fetch-Site": "same-origin"}
BACK = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
BACK_TO_TYPED = {**BACK, "Sec-Fetch-Site": "none"}
SCRIPT = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
INNER = ("/en/new", "/en/again", "/languages", "/en/languages", "/log/")


def is_led_away(house: House, browser: FlaskClient, path: str, says: dict[str, str]) -> bool:
    answer = browser.get(path, headers=says)
    assert answer.status_code in (200, 303)
    return answer.headers.get("Location") == house.hotline.config.leave_to


def leaves_long_ago(browser: FlaskClient) -> None:
    browser.get("/leave", headers=STEP)
    browser.delete_cookie("away")


@pytest.mark.parametrize("path", INNER)
def test_back_leads_away_long_after_they_left(house: House, sam: FlaskClient, path: str) -> None:
    sam.get("/en/", headers=TYPED)
    sam.get(path, headers=STEP)
    assert not is_led_away(house, sam, path, BACK)
    leaves_long_ago(sam)
    for says in (BACK, BACK_TO_TYPED):
        assert is_led_away(house, sam, path, says)
        assert sam.head(path, headers=says).status_code == 303


def test_the_first_page_is_shown_to_the_back_key(house: House, sam: FlaskClient) -> None:
    leaves_long_ago(sam)
    for path in ("/", "/en/"):
        assert not is_led_away(house, sam, path, BACK_TO_TYPED)


@pytest.mark.parametrize("path", INNER)
@pytest.mark.parametrize("says", [TYPED, STEP], ids=["typed", "a link of ours"])
def test_whoever_comes_again_on_purpose_is_let_in(
    house: House, sam: FlaskClient, path: str, says: dict[str, str]
) -> None:
    leaves_long_ago(sam)
    assert not is_led_away(house, sam, path, says)


@pytest.mark.parametrize("kept", ["no-cache", "max-age=0"], ids=["Firefox", "Chromium"])
def test_a_page_that_was_typed_can_be_loaded_anew(
    house: House, sam: FlaskClient, kept: str
) -> None:
    sam.get("/en/again", headers=TYPED)
    assert not is_led_away(house, sam, "/en/again", {**BACK_TO_TYPED, "Cache-Control": kept})


def test_the_cookie_comes_with_a_choice_and_goes_with_leaving(sam: FlaskClient) -> None:
    for path in ("/", "/en/"):
        assert "Set-Cookie" not in sam.get(path, headers=TYPED).headers
        assert "Set-Cookie" not in sam.get(path, headers=STEP).headers
    assert "Set-Cookie" not in sam.get("/en/new", headers=BACK_TO_TYPED).headers
    assert "Set-Cookie" not in sam.get("/page.css", headers=SCRIPT).headers
    for says in (STEP, TYPED, SCRIPT):
        [cookie] = sam.get("/en/new", headers=says).headers.getlist("Set-Cookie")
        assert cookie == "page=1; Secure; HttpOnly; Path=/; SameSite=Lax"
        sam.get("/leave", headers=STEP)
        assert sam.get_cookie("page") is None
        assert sam.get_cookie("away") is not None
        sam.delete_cookie("away")


def test_a_page_of_the_minute_after_leaving_brings_no_cookie(sam: FlaskClient) -> None:
    sam.post("/leave", data="")
    answer = sam.post("/en/new", data={"account": STORY}, headers=STEP)
    assert "page=" not in answer.headers.get("Set-Cookie", "")


def test_an_old_browser_and_plain_http_say_nothing_and_are_never_led_away(
    house: House, sam: FlaskClient
) -> None:
    leaves_long_ago(sam)
    for path in INNER:
        assert not is_led_away(house, sam, path, {})
        assert "Set-Cookie" not in sam.get(path).headers


def test_without_cookies_every_step_forward_works(house: House) -> None:
    sam = house.app.test_client(use_cookies=False)
    for path in ("/en/", *INNER):
        for says in (TYPED, STEP, SCRIPT):
            assert not is_led_away(house, sam, path, says)
    blank = sam.get("/en/new", headers=STEP).text
    sent = {"account": STORY, "slip": slip(blank)}
    assert sam.post("/en/new", data=sent, headers=STEP).status_code == 200
    # Nobody can know whether they left: their Back key leads away.
    assert is_led_away(house, sam, "/en/new", BACK)


@pytest.mark.parametrize(
    "anew",
    [{**STEP, "Cache-Control": "max-age=0"}, {**BACK, "Cache-Control": "no-cache"}],
    ids=["Chromium", "Firefox"],
)
def test_a_form_that_the_back_key_sends_anew_is_kept_and_shows_nothing(
    house: House, sam: FlaskClient, anew: dict[str, str]
) -> None:
    sent = {"account": STORY, "word": "lantern", "slip": slip(sam.get("/en/new").text)}
    code = digits(sam.post("/en/new", data=sent, headers=STEP).text)
    known = {"code": code, "word": "lantern"}
    assert "All that was written" in sam.post("/en/again", data=known, headers=anew).text
    leaves_long_ago(sam)
    assert sam.post("/en/new", data=sent, headers=anew).headers["Location"] == "/en/"
    opened = sam.post("/en/again", data=known, headers=anew)
    assert opened.headers["Location"] == house.hotline.config.leave_to
    assert sam.get_cookie("page") is None
    # What they write is kept all the same, and whoever comes again on purpose reads.
    more = sam.post("/en/again", data={**known, "more": "We moved."}, headers=anew)
    assert more.headers["Location"] == house.hotline.config.leave_to
    assert (count(house.hotline), count_messages(house.hotline)) == (1, 2)
    assert "All that was written" in sam.post("/en/again", data=known, headers=STEP).text


@pytest.mark.parametrize("act", ["look", "change"])
def test_words_that_were_only_looked_over_are_not_shown_to_who_comes_after(
    house: House, sam: FlaskClient, act: str
) -> None:
    address, sent = f"/en/new?act={act}", {"account": STORY}
    assert STORY in sam.post(address, data=sent, headers=STEP).text
    sam.get("/leave", headers=STEP)
    anew = {**STEP, "Cache-Control": "max-age=0"}
    led_to = sam.post(address, data=sent, headers=anew).headers["Location"]
    assert led_to == house.hotline.config.leave_to


def test_a_code_may_be_sent_from_a_page_that_was_loaded_anew(sam: FlaskClient) -> None:
    sam.get("/en/again", headers=TYPED)
    anew = {**STEP, "Cache-Control": "max-age=0"}
    assert sam.post("/en/again", data={"code": "1"}, headers=anew).status_code == 422


def test_what_a_form_redirects_to_is_a_step_forward(house: House, sam: FlaskClient) -> None:
    # Chromium and Firefox say of both that a person made them.
    assert sam.post("/en/new", data={"account": ""}, headers=STEP).status_code == 422
    assert sam.get_cookie("page") is not None
    assert not is_led_away(house, sam, "/en/new", STEP)
    assert not is_led_away(house, sam, "/en/new", BACK)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_that_sends_somebody_here_brings_them_to_the_first_page(
    house: House, sam: FlaskClient, site: str
) -> None:
    sent = {**BACK, "Sec-Fetch-Site": site}
    answer = sam.get("/en/again", headers=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/")
    assert sam.get("/en/", headers=sent).status_code == 200
    clicked = {**TYPED, "Sec-Fetch-Site": site}
    assert sam.get("/en/again", headers=clicked).status_code == 200


def test_a_browser_that_opens_its_last_pages_shows_none_of_ours(
    house: House, sam: FlaskClient
) -> None:
    sam.get("/en/new", headers=STEP)
    # The session ended, and its cookies with it.
    sam.delete_cookie("page")
    assert is_led_away(house, sam, "/en/new", BACK)


def test_a_script_is_told_to_go_the_ordinary_way_while_somebody_leaves(
    house: House, sam: FlaskClient
) -> None:
    sam.post("/leave", data="")
    assert sam.get("/en/again", headers=SCRIPT).status_code == 204
    assert is_led_away(house, sam, "/en/again", STEP)
