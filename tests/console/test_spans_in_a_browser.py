"""The review of what is masked in a real browser: by single keys, by Tab alone without scripts, on the narrowest screen."""

from typing import Any

import pytest

from tests.cast import MARIA, Member, Texter
from tests.console.test_reviewing_in_a_browser import (
    EITHER_WAY,
    arrives,
    scrolls_sideways,
    site,
    tab_to,
)
from tests.house import STAFF, House
from tests.served import browser

__all__ = ["browser", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("spans in a browser")]

SAID = "My boss Ramon Quispe keeps us above the bakery 👩‍👩‍👧 near the mill in Gondar. Call +1 500 555 0188"


def reads(browser: Any, site: House, *, keys: str = "") -> Any:
    """Sign Noor in and open the account; whatever the page says to its console fails the test."""
    Texter(site, MARIA).texts(SAID)
    site.clock.passes(seconds=30)
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.faults = []
    page.on("console", lambda said: page.faults.append(said.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    url = site.hotline.config.public_url
    page.goto(f"{url}/console/signin")
    page.fill("input[name=name]", "noor")
    page.fill("input[name=passphrase]", {new.username: new.passphrase for new in STAFF}["noor"])
    page.fill("input[name=totp]", Member(site, "noor").code())
    page.click("form[action$='/signin'] button, main form button")
    if keys:
        page.context.add_cookies([{"name": "desk-keys", "value": keys, "url": f"{url}/console"}])
    page.click("a[href*='/console/report/'] >> nth=0")
    page.click("#message-1 > summary")
    return page


def states(page: Any) -> list[str]:
    found = page.eval_on_selector_all("summary.span", "all => all.map(one => one.className)")
    return [one.rpartition("--")[2] for one in found]


def presses(page: Any, key: str) -> None:
    """Press a key that leads to the page anew."""
    with page.expect_navigation():
        page.keyboard.press(key)


def focus(page: Any) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


def chooses(page: Any, words: str) -> None:
    """Choose *words* in the account as a mouse does."""
    page.evaluate(
        """words => {
          const walk = document.createTreeWalker(document.querySelector('#message-1 .said'), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const at = walk.currentNode.data.indexOf(words);
            if (at >= 0) getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + words.length);
          }
        }""",
        words,
    )


def test_an_account_is_reviewed_by_single_keys(browser: Any, site: House) -> None:
    page = reads(browser, site)
    assert states(page) == ["proposed"] * 3
    # Outside of the account the keys rest.
    page.keyboard.press("a")
    assert states(page) == ["proposed"] * 3
    page.locator("summary.span").first.focus()
    page.keyboard.press("Tab")
    assert "Place 1" in focus(page)
    page.keyboard.press("Shift+Tab")
    presses(page, "a")
    # The next one that waits has the focus, and the account is still open.
    assert states(page) == ["accepted", "proposed", "proposed"]
    assert "Place 1" in focus(page)
    presses(page, "x")
    assert states(page) == ["accepted", "through", "proposed"]
    presses(page, "z")
    assert states(page) == ["accepted", "proposed", "proposed"]
    page.locator("summary.span").nth(1).focus()
    presses(page, "e")
    assert states(page) == ["accepted", "accepted", "proposed"]
    # Its kind is chosen in a menu, in which the keys rest.
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.name") == "label"
    page.keyboard.press("a")
    page.select_option(".pick-span[open] select[name=label]", "HANDLE")
    with page.expect_navigation():
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    assert "→ Account name" in page.inner_text("#message-1 .said")
    # What was missed is chosen and marked.
    chooses(page, "bakery")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.value") == "mark"
    presses(page, "Enter")
    assert "added" in states(page)
    with page.expect_navigation():
        page.click("#reviewed-1 button")
    assert "Reviewed by" in page.inner_text("#account")
    assert page.faults == []


def test_what_is_chosen_behind_an_emoji_is_what_is_masked(browser: Any, site: House) -> None:
    page = reads(browser, site)
    for words in ("👩‍👩‍👧", "mill"):
        chooses(page, words)
        page.keyboard.press("m")
        presses(page, "Enter")
        assert words not in page.inner_text("#message-1 .said")
    text = page.inner_text("#message-1 .said")
    assert "bakery" in text
    assert "near the" in text
    assert page.faults == []


def test_switched_off_the_keys_do_nothing(browser: Any, site: House) -> None:
    page = reads(browser, site, keys="off")
    page.locator("summary.span").first.focus()
    for key in "axetzm":
        page.keyboard.press(key)
    assert states(page) == ["proposed"] * 3
    assert "spans" not in page.url


@pytest.mark.parametrize("lang", EITHER_WAY)
def test_without_scripts_it_is_done_by_tab_and_enter(browser: Any, site: House, lang: str) -> None:
    Texter(site, MARIA).texts(SAID)
    noor = arrives(browser, site, "noor", lang)
    noor.click("a[href*='/console/report/'] >> nth=0")
    noor.click("#message-1 > summary")
    assert not scrolls_sideways(noor)
    tab_to(noor, "summary.span")
    noor.keyboard.press("Enter")
    assert not scrolls_sideways(noor)
    tab_to(noor, "button[value=reject]")
    noor.keyboard.press("Enter")
    noor.wait_for_selector("summary.span--through")
    noor.click("#message-1 .mark-new > summary")
    noor.fill("#mark-1", "bakery")
    noor.select_option("#mark-label-1", "VENUE")
    noor.click(".mark-new button")
    noor.wait_for_selector("summary.span--added")
    assert "bakery" not in noor.inner_text("#account")
    noor.click("#provider-sees > summary")
    assert not scrolls_sideways(noor)
    noor.click("#reviewed-1 button")
    noor.wait_for_selector("#reviewed-1 .state--yes")
