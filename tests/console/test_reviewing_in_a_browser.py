"""The pages about masked words in a real browser: by keyboard alone, without scripts, on the narrowest screen."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.cast import MARIA, Member, Texter
from tests.house import STAFF, House, found_house
from tests.served import browser
from tests.servers import free_port, wait_for

__all__ = ["browser"]
EITHER_WAY = [pytest.param("en", marks=pytest.mark.exhaustive), "ar"]
"""What goes from right to left is looked at first: what breaks there is seldom seen otherwise."""

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("reviewing in a browser")]

NARROW = {"width": 320, "height": 720}
SAID = "they keep the quillofeather in a locked room, call +1 500 555 0188, zelda_quill@example.org"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[House]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    house = found_house(tmp_path, adjust=lambda config: replace(config, public_url=url))
    server = make_server("127.0.0.1", port, house.app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield house
    server.shutdown()
    server.server_close()
    house.close()


def arrives(browser: Any, site: House, username: str, lang: str) -> Any:
    """Sign in as *username* at a narrow browser without scripts, and read in *lang*."""
    site.clock.passes(seconds=30)
    page = browser.new_context(java_script_enabled=False, viewport=NARROW).new_page()
    url = site.hotline.config.public_url
    page.goto(f"{url}/console/signin?lang={lang}")
    page.fill("input[name=name]", username)
    known = {new.username: new.passphrase for new in STAFF}
    page.fill("input[name=passphrase]", known[username])
    page.fill("input[name=totp]", Member(site, username).code())
    page.click("form[action$='/signin'] button, main form button")
    return page


def reviews(page: Any) -> None:
    """Go from the queue to what was masked in the newest report's first message."""
    page.click("a[href*='/console/report/'] >> nth=0")
    page.select_option("#reveal-what", "1 words")
    page.check("input[name=purpose][value=review]")
    page.fill("#why-reveal", "is it a name?")
    page.click(".seal__ask button")
    page.click("form[action$='/review'] button")


def scrolls_sideways(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def tab_to(page: Any, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"the Tab key never reaches {selector}")


@pytest.mark.parametrize("lang", EITHER_WAY)
def test_a_word_is_looked_at_and_given_back_by_keyboard_alone(
    browser: Any, site: House, lang: str
) -> None:
    Texter(site, MARIA).texts(SAID)
    noor = arrives(browser, site, "noor", lang)
    reviews(noor)
    assert noor.get_attribute("html", "dir") == ("rtl" if lang == "ar" else "ltr")
    assert not scrolls_sideways(noor)
    tab_to(noor, "a.span--masked")
    noor.keyboard.press("Enter")
    is_there = "!!document.querySelector(':target')?.contains(document.activeElement)"
    wait_for(lambda: noor.evaluate(is_there))
    tab_to(noor, "input[name=word]")
    noor.keyboard.press("Space")
    tab_to(noor, "form.decide .act--main")
    noor.keyboard.press("Enter")
    noor.wait_for_selector(".state--wait")
    assert not scrolls_sideways(noor)
    ines = arrives(browser, site, "ines", lang)
    ines.goto(f"{site.hotline.config.public_url}/console/given")
    assert "quillofeather" in ines.inner_text("ol.alerts")
    assert not scrolls_sideways(ines)
    tab_to(ines, "form[action$='/keep'] button")
