"""The queue says what came since, and moves nothing; it rests while nobody looks."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsers.site import Site, served
from tests.cast import Member, Texter
from tests.served import browser  # noqa: F401 - a fixture.
from tests.servers import wait_for


@pytest.fixture
def site(tmp_path: Any) -> Iterator[Site]:
    with served(tmp_path) as site:
        yield site


def test_news_is_told_and_rows_stay_where_they_are(site: Site, browser: Any) -> None:  # noqa: F811 - the fixture.
    Texter(site.house, "+15005550142").texts("He keeps my passport.")
    noor = Member(site.house, "noor")
    noor.signs_in()
    cookie = next(
        found
        for name in ("key", "__Host-key")
        if (found := noor.client.get_cookie(name, domain="line.example"))
    )
    page = browser.new_page()
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site.url}])
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/state" in request.url else None
    )
    page.clock.install()
    page.goto(f"{site.url}/console/")
    rows = page.locator("tbody tr").count()
    words = page.locator("[data-live-words]")
    assert words.text_content() == ""
    Texter(site.house, "+15005550143").texts("He locks the door.")
    page.clock.run_for(13_000)
    wait_for(words.text_content)
    assert words.text_content() == "1 new"
    assert page.locator("tbody tr").count() == rows == 1
    with page.expect_navigation():
        page.get_by_role("link", name="Show them").click()
    assert page.locator("tbody tr").count() == 2
    assert all(re.fullmatch(r".*/console/state\?since=\d+", address) for address in asked)
    # Nobody looks: nothing is asked.
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    before = len(asked)
    page.clock.run_for(60_000)
    assert len(asked) == before
    page.close()
