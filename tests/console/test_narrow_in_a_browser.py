"""On a narrow screen nothing hides beside the page: what is urgent is in sight without scrolling sideways."""

from typing import Any

import pytest

from tests.cast import MARIA, Member, Texter
from tests.console.agreeing import GROWN, agrees
from tests.console.test_reviewing_in_a_browser import site
from tests.house import STAFF, House
from tests.served import browser

__all__ = ["browser", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("narrow in a browser")]

NARROW = {"width": 320, "height": 720}


def narrow(browser: Any, site: House, who: str) -> Any:
    """Sign *who* in on a narrow screen."""
    site.clock.passes(seconds=30)
    page = browser.new_context(viewport=NARROW).new_page()
    page.goto(f"{site.hotline.config.public_url}/console/signin")
    page.fill("input[name=name]", who)
    page.fill("input[name=passphrase]", {new.username: new.passphrase for new in STAFF}[who])
    page.fill("input[name=totp]", Member(site, who).code())
    page.click("form[action$='/signin'] button, main form button")
    return page


def test_what_the_law_asks_does_not_scroll_sideways(browser: Any, site: House) -> None:
    page = narrow(browser, site, "ines")
    page.goto(f"{site.hotline.config.public_url}/console/duties")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_how_a_yes_stands_and_the_way_to_take_it_back_are_in_sight(
    browser: Any, site: House
) -> None:
    Texter(site, MARIA).texts(GROWN)
    noor = Member(site, "noor")
    noor.signs_in()
    report = noor.first_report()
    agrees(noor, report)
    page = narrow(browser, site, "noor")
    page.goto(f"{site.hotline.config.public_url}/console/report/{report}/consent")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for what in (".state", "button:has-text('Take back')"):
        box = page.locator(f"#given tbody {what}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
