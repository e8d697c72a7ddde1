"""What an answer takes is said while it is typed, in a real browser, and is what the server says."""

from typing import Any

import pytest

from hotline.messages import weight
from tests.cast import MARIA, Member, Texter
from tests.console.test_reviewing_in_a_browser import EITHER_WAY, site
from tests.house import STAFF, House
from tests.served import browser

__all__ = ["browser", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("typing in a browser")]

TYPED = (
    "Can you talk?",
    "¿Estás a salvo? Sí",
    "€" * 81,
    "a" * 152 + "€" + "b" * 20,
    "هل يمكنك الكلام الآن؟",
    "😀" * 36,
    "  \n two edges \n ",
    "x" * 1601,
)


def answers(browser: Any, site: House, lang: str) -> Any:
    """Sign Noor in and open the newest report; whatever the page says to its console fails the test."""
    site.clock.passes(seconds=30)
    page = browser.new_context(viewport={"width": 320, "height": 720}).new_page()
    page.faults = []
    page.on("console", lambda said: page.faults.append(said.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(f"{site.hotline.config.public_url}/console/signin?lang={lang}")
    page.fill("input[name=name]", "noor")
    page.fill("input[name=passphrase]", {new.username: new.passphrase for new in STAFF}["noor"])
    page.fill("input[name=totp]", Member(site, "noor").code())
    page.click("form[action$='/signin'] button, main form button")
    page.click("a[href*='/console/report/'] >> nth=0")
    # Whoever types before the page is whole is counted a moment later.
    page.wait_for_url("**/console/report/**")
    return page


def said(page: Any, name: str) -> str:
    return str(page.locator(f"[data-of={name}]").inner_text())


@pytest.mark.parametrize("lang", EITHER_WAY)
def test_it_is_counted_while_somebody_types(browser: Any, site: House, lang: str) -> None:
    Texter(site, MARIA).texts("they keep my papers")
    page = answers(browser, site, lang)
    for text in TYPED:
        page.fill("#words", text)
        weighed = weight(text.strip())
        assert said(page, "characters") == str(len(text.strip()))
        assert said(page, "parts") == str(weighed.parts)
        assert said(page, "room") == str(weighed.room)
        assert page.locator("[data-encoding]:visible").get_attribute("data-encoding") == (
            weighed.encoding
        )
        assert page.locator("[data-is=long]").is_visible() == (len(text.strip()) > 1600)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.faults == []


def test_the_screen_hides_at_once_and_stays_hidden_while_somebody_hammers_the_key(
    browser: Any, site: House
) -> None:
    Texter(site, MARIA).texts("they keep my papers")
    page = answers(browser, site, "en")
    account = page.locator("#account-name")
    for _ in range(7):
        page.keyboard.press("Escape")
    assert not account.is_visible()
    assert page.get_by_text("Escape twice, or a click, goes on.").is_visible()
    page.wait_for_timeout(2100)
    page.mouse.click(300, 300)
    assert account.is_visible()


def test_leaving_asks_where_something_was_typed_and_not_sent(browser: Any, site: House) -> None:
    Texter(site, MARIA).texts("they keep my papers")
    page = answers(browser, site, "en")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.fill("#words", "We hear you.")
    page.fill("#note", "Ask again tomorrow.")
    page.locator("form[action$='/note'] button").click()
    page.wait_for_timeout(500)
    # The answer would have been lost with the page: nothing was sent, everything is still there.
    assert asked == ["beforeunload"]
    assert page.input_value("#words") == "We hear you."
    page.fill("#words", "")
    page.locator("form[action$='/note'] button").click()
    page.get_by_text("Ask again tomorrow.").first.wait_for()
    assert asked == ["beforeunload"]
