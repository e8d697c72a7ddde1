"""On a telephone's width and by keyboard, the directory is read and edited as on a desk."""

from typing import Any

import pytest
from sqlalchemy import select

from referral.tables import service
from tests.city import give_city
from tests.console.test_narrow_in_a_browser import narrow
from tests.console.test_reviewing_in_a_browser import site
from tests.house import House
from tests.served import browser

__all__ = ["browser", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("narrow in a browser")]


def test_a_service_is_edited_by_keyboard_on_a_narrow_page(browser: Any, site: House) -> None:
    give_city(site.hotline.store)
    with site.hotline.store.read() as session:
        key = session.scalar(select(service.c.id).where(service.c.name == "Town clinic"))
    page = narrow(browser, site, "ines")
    root = f"{site.hotline.config.public_url}/console/directory"
    for path in ("", "?view=stale", f"/service/{key}", f"/service/{key}/add/schedule"):
        page.goto(root + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
    page.goto(f"{root}/service/{key}/edit")
    page.fill("#f-url", "example.org")
    page.fill("#f-alert", "Ring twice.")
    page.press("#f-alert", "Enter")
    # What is wrong is said first, with a way there; what was typed is there still.
    page.click("main [role=alert] a[href='#f-url']")
    assert page.input_value("#f-alert") == "Ring twice."
    page.fill("#f-url", "https://example.org/")
    page.press("#f-url", "Enter")
    page.wait_for_url(f"{root}/service/{key}?done=kept")
    assert "Ring twice." in page.inner_text("main")
    page.goto(f"{root}/service/{key}/history")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.click("text=Put back what was before")
    page.wait_for_url(f"{root}/service/{key}?done=put_back")
    assert "Ring twice." not in page.inner_text("main")
