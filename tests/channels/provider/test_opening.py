"""A link opens once, by its PIN; looking at it uses nothing up, and what does not open looks the same for every reason."""

import re
from dataclasses import replace

import pytest

from tests.channels.provider.asking import Asking, Harbor, heading, words_of
from tests.house import House

NOTHING = "There is nothing here"


def test_looking_uses_nothing_up_and_the_pin_opens_once(
    noor: Asking, harbor: Harbor, other: Harbor
) -> None:
    sent = noor.asks()
    scanner = other.looks(sent), other.browser.head(sent.path), other.looks(sent)
    assert [page.status_code for page in scanner] == [200, 200, 200]
    assert "Set-Cookie" not in scanner[0].headers
    assert "Amina" not in scanner[0].text
    assert noor.offer(sent).handed_day == ""

    page = harbor.opens(sent)
    assert heading(page) == "Can you take them in?"
    for words in ("Safe place", "Tigrinya", "Amina", "Her papers &lt;were&gt; taken."):
        assert words in page.text
    for words in ("Needs medicine every day", "Mon to Fri", "Go to where they live or work"):
        assert words in page.text
    assert "Answer by 12:15 (Coordinated Universal Time), 15 minutes left" in words_of(page)
    assert noor.offer(sent).handed_day

    # Again only in the browser that opened it; with link and PIN elsewhere one sees how it stands.
    assert "Amina" in harbor.looks(sent).text
    assert "It was opened before" in other.looks(sent).text
    elsewhere = other.opens(sent)
    assert heading(elsewhere) == "It waits for your answer"
    assert "Amina" not in elsewhere.text
    mark = re.search(r"Reference <bdi[^>]*>[0-9a-f]{8}<", page.text)
    assert mark
    assert mark[0] in elsewhere.text
    assert heading(other.sends(sent, answer="yes")) == "It waits for your answer"
    assert noor.offer(sent).status == "asked"


def test_what_the_browser_keeps_goes_to_this_link_alone(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks()
    answer = harbor.browser.post(sent.path, data={"pin": sent.pin})
    assert answer.status_code == 303
    kept = answer.headers["Set-Cookie"]
    assert kept.startswith("__Secure-seat=")
    for part in ("HttpOnly", "SameSite=Strict", "Secure", f"Path={sent.path}"):
        assert part in kept.split("; ")
    assert "Max-Age" not in kept
    assert "Expires" not in kept
    assert sent.pin not in kept


def test_the_headers_keep_a_page_to_itself(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks()
    for page in (harbor.looks(sent), harbor.opens(sent), harbor.browser.get("/handoff/none")):
        assert page.headers["Cache-Control"] == "no-store"
        assert "script-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "<script" not in page.text
        assert "<title>A message for you</title>" in page.text


def test_five_wrong_pins_close_it_for_good(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks()
    for typed in ("", "1234567", "123456789", "abcdefgh"):
        page = harbor.sends(sent, pin=typed)
        assert page.status_code == 403
        assert "This did not count as a try." in page.text
    for left in ("4 tries are", "3 tries are", "2 tries are", "1 try is"):
        page = harbor.sends(sent, pin=sent.wrong_pin)
        assert page.status_code == 403
        assert f"{left} left" in page.text
    for page in (harbor.sends(sent, pin=sent.wrong_pin), harbor.sends(sent, pin=sent.pin)):
        assert page.status_code == 404
        assert heading(page) == NOTHING


def test_wrong_pins_take_nothing_from_who_opened_it(
    noor: Asking, harbor: Harbor, other: Harbor
) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    for _ in range(5):
        page = other.sends(sent, pin=sent.wrong_pin)
    assert (page.status_code, heading(page)) == (404, NOTHING)
    # There is no way by PIN any more, and nothing says more of it than that it was opened.
    page = other.looks(sent)
    assert 'name="pin"' not in page.text
    assert heading(other.sends(sent, pin=sent.pin)) == NOTHING
    assert "Amina" in harbor.looks(sent).text
    assert heading(harbor.sends(sent, answer="yes")) == "You said yes. Thank you."


def test_a_form_is_small(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks()
    page = harbor.sends(sent, pin="1" * 17_000)
    assert (page.status_code, heading(page)) == (413, "That was too large")
    harbor.opens(sent)
    assert "да да" in harbor.sends(sent, answer="ask", words="да " * 660).text


def test_a_pin_is_read_however_it_is_typed(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks()
    arabic = "".join(chr(0x0660 + int(digit)) for digit in sent.pin)
    page = harbor.sends(sent, pin=f" {arabic[:4]}-{arabic[4:]} ")
    assert heading(page) == "Can you take them in?"


def test_whatever_opens_nothing_says_the_same(
    noor: Asking, harbor: Harbor, other: Harbor, house: House
) -> None:
    withdrawn, late = noor.asks("Harbor House", minutes=60), noor.asks("Bayt al-Amal", minutes=5)
    opened = noor.asks("Casa Alba", minutes=60)
    Harbor(house.app.test_client()).opens(opened)
    noor.takes_back(withdrawn)
    noor.takes_back(opened)
    house.clock.passes(minutes=6)
    strange = (
        replace(late, token="x" * 43),
        replace(late, token="short"),
        replace(late, token="a/b"),
    )
    pages = [
        page
        for sent in (withdrawn, late, opened, *strange)
        for page in (harbor.looks(sent), harbor.sends(sent, pin=late.pin), other.looks(sent))
    ]
    pages.append(harbor.browser.get("/handoff/"))
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert heading(pages[0]) == NOTHING


def test_another_site_can_send_nothing(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        for form in ({"answer": "yes"}, {"pin": sent.wrong_pin}):
            page = harbor.browser.post(sent.path, data=form, headers=header)
            assert page.status_code == 403
            assert "Nothing was done." in page.text
    assert noor.offer(sent).status == "asked"
    fresh = noor.asks("Bayt al-Amal")
    harbor.browser.post(fresh.path, data={"pin": fresh.wrong_pin}, headers={"Origin": "null"})
    assert "4 tries are left" in harbor.sends(fresh, pin=fresh.wrong_pin).text


@pytest.mark.parametrize(("asked", "speaks"), [("", "fr"), ("?lang=ar", "ar"), ("?lang=xx", "fr")])
def test_it_speaks_as_the_desk_chose_or_as_they_choose(
    noor: Asking, harbor: Harbor, asked: str, speaks: str
) -> None:
    sent = noor.asks(locale="fr")
    page = harbor.browser.get(sent.path + asked, headers={"Accept-Language": "ru"})
    assert f'<html lang="{speaks}" dir="{"rtl" if speaks == "ar" else "ltr"}">' in page.text
    assert f'href="{sent.path}?lang=es"' in page.text

    # What was chosen stays with the forms and where they lead.
    answer = harbor.browser.post(sent.path + asked, data={"pin": sent.pin})
    assert answer.headers["Location"] == sent.path + ("?lang=ar" if speaks == "ar" else "")
