"""Sam writes in a real browser, with and without scripts, and leaves: the Back key shows nothing of it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error
from werkzeug import Request, Response
from werkzeug.serving import make_server

from tests.channels.web.reading import STORY
from tests.house import found_house
from tests.served import browser
from tests.servers import free_port

__all__ = ["browser"]
pytestmark = pytest.mark.browser


@dataclass
class Elsewhere:
    """The page that people leave to; it remembers what it was told of where they came from."""

    referrers: list[str] = field(default_factory=list)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if (request := Request(environ)).path == "/":
            self.referrers.append(request.headers.get("Referer", ""))
        page = Response("<!doctype html><title>Weather</title>Rain", mimetype="text/html")
        return page(environ, start_response)


@dataclass
class Site:
    url: str
    away: str
    elsewhere: Elsewhere


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    ports = free_port(), free_port()
    ours, theirs = (f"http://127.0.0.1:{port}" for port in ports)
    house = found_house(
        Path(tmp_path_factory.mktemp("house")),
        adjust=lambda config: replace(config, public_url=ours, leave_to=f"{theirs}/"),
    )
    elsewhere = Elsewhere()
    servers = [
        make_server("127.0.0.1", port, app, threaded=True)
        for port, app in zip(ports, (house.app, elsewhere), strict=True)
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(ours, f"{theirs}/", elsewhere)
    for server in servers:
        server.shutdown()
        server.server_close()
    house.close()


def writes(page: Any, site: Site) -> str:
    """Write a report, from the first page on, and return the code."""
    page.goto(site.url)
    page.click("a.door >> nth=0")
    page.fill("#account", STORY)
    page.click("details:has(#word) > summary")
    page.fill("#word", "lantern")
    page.click("button:has-text('Send') >> nth=0")
    return " ".join(page.locator(".code__digits li").all_text_contents())


def goes_back(page: Any) -> str:
    """Press Back until nothing is behind, and return all that was seen.

    A form's own page is gone: the browser offers to send it again, and shows an error of its own.
    """
    seen = ""
    for _ in range(5):
        try:
            page.go_back(wait_until="load", timeout=2000)
        except Error:
            seen += page.url
        page.wait_for_timeout(150)
        seen += page.url + page.content()
    return seen


@pytest.mark.parametrize("scripts", [True, False])
def test_a_report_is_written_and_an_answer_looked_for(
    browser: Any, site: Site, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    code = writes(page, site)
    page.goto(f"{site.url}/en/again")
    page.fill("#code", code)
    page.click("button:has-text('Open')")
    assert "No new answer yet" in page.content()
    page.fill("#more", "They moved us to another house.")
    page.click("button:has-text('Send')")
    assert "We have it" in page.content()
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("way", ["click", "click without scripts", "Shift three times"])
def test_whoever_leaves_leaves_nothing_behind_the_back_key(
    browser: Any, site: Site, way: str
) -> None:
    context = browser.new_context(java_script_enabled=way != "click without scripts")
    page = context.new_page()
    code = writes(page, site)
    if way.startswith("click"):
        page.click(".leave__go")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(site.away)
    assert not any(site.elsewhere.referrers)
    seen = goes_back(page)
    for told in (STORY, code, code.replace(" ", ""), "Your code", "tell us"):
        assert told not in seen
    assert {cookie["name"] for cookie in context.cookies(site.url)} <= {"away"}
    context.close()
