"""Sam writes, reads and answers in real browsers, with and without scripts, and leaves: Back shows nothing of it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browsers.chromium import WHOLE, Chromium, chromium
from tests.browsers.firefox import NO_SCRIPTS, PRIVATE, firefox
from tests.browsers.site import Site, served
from tests.channels.web.reading import STORY, count
from tests.servers import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("in a browser")]

ANSWER = "You did nothing wrong."
MORE = "They moved us to another house."
SEND = "main form .button"
SHIFT = "\ue008"
PATIENCE = 45
"""Seconds that a browser may take on a machine that does other things."""


@dataclass
class Person:
    """Sam at a browser of either kind, *with_scripts* or without."""

    browser: Any
    site: Site
    with_scripts: bool
    leaves_by: str = "link"

    def starts(self) -> None:
        self.browser.forgets("away")
        self.browser.opens(self.site.before)
        self.browser.opens(self.site.url)

    def steps(self) -> list[str]:
        """Return the addresses that the history holds since they came: other tests used this browser before."""
        steps = self.browser.steps()
        assert self.site.before in steps
        came = len(steps) - steps[::-1].index(self.site.before)
        return list(steps[came:])

    def sees(self, css: str, text: str) -> None:
        wait_for(lambda: text in self.browser.reads(css), PATIENCE)

    def clicks(self, css: str) -> None:
        """Click on what *css* finds, once its page can do all that it does: a link that no script minds adds a step."""
        self.browser.reads(css)
        self.waits_for_scripts()
        self.browser.clicks(css)

    def waits_for_scripts(self) -> None:
        if self.with_scripts:
            wait_for(lambda: self.browser.is_whole, PATIENCE)

    def begins(self) -> None:
        """Write a report, from the first page on."""
        self.starts()
        self.clicks("a.door")
        self.browser.types("#account", STORY)

    def writes(self) -> str:
        """Write and send a report, and return its code."""
        self.begins()
        self.clicks(SEND)
        return " ".join(self.browser.reads(".code__digits").split())

    def comes_back(self, code: str) -> None:
        self.starts()
        self.clicks("a.door:nth-of-type(2)")
        self.browser.types("#code", code)
        self.clicks(SEND)

    def writes_more(self) -> None:
        self.browser.types("#more", MORE)
        self.clicks(SEND)
        self.sees("h1", "We have it")

    def leaves(self) -> None:
        self.waits_for_scripts()
        if self.leaves_by == "link":
            self.clicks(".leave__go")
        else:
            self.browser.presses(*[self.leaves_by] * 3)
        wait_for(lambda: self.browser.url == self.site.weather, PATIENCE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("house")) as site:
        yield site


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium(WHOLE) as program:
        yield program


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with firefox(tmp_path_factory.mktemp("fox"), PRIVATE) as fox:
        yield fox


@pytest.fixture(scope="module")
def plain_fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with firefox(tmp_path_factory.mktemp("fox"), NO_SCRIPTS) as fox:
        yield fox


OTHERS = ("Chromium, by keys", "Chromium without scripts", "Firefox")
WAYS = (
    "Chromium",
    "Firefox, by keys",
    "Firefox without scripts",
    *(pytest.param(way, marks=pytest.mark.exhaustive) for way in OTHERS),
)


@pytest.fixture(params=WAYS)
def sam(request: pytest.FixtureRequest, site: Site) -> Iterator[Person]:
    with_scripts = "without" not in request.param
    is_chromium = request.param.startswith("Chromium")
    shift = "Shift" if is_chromium else SHIFT
    leaves_by = shift if request.param.endswith("keys") else "link"
    if is_chromium:
        program = request.getfixturevalue("program")
        with program.new_context(java_script_enabled=with_scripts) as context:
            yield Person(Chromium(context), site, with_scripts, leaves_by)
    else:
        fox = request.getfixturevalue("fox" if with_scripts else "plain_fox")
        yield Person(fox, site, with_scripts, leaves_by)


def test_whoever_leaves_leaves_nothing_behind_the_back_key(sam: Person, site: Site) -> None:
    code = sam.writes()
    leaves_without_a_trace(sam, site)

    site.answers(code, ANSWER)
    sam.comes_back(code)
    sam.sees(".talk", ANSWER)
    leaves_without_a_trace(sam, site, is_late=True)

    sam.comes_back(code)
    sam.writes_more()
    leaves_without_a_trace(sam, site)


def leaves_without_a_trace(sam: Person, site: Site, *, is_late: bool = False) -> None:
    """Leave and press Back until the page before ours: no stop on the way is a page of ours.

    Only whoever has no scripts and comes back later finds the first page, which is harmless, where they typed it.
    """
    sam.leaves()
    assert not any(site.elsewhere.referrers)
    wait_for(lambda: sam.browser.cookies() == {"away": False}, PATIENCE)
    if sam.with_scripts:
        # A browser writes its history down a moment after it shows where it is.
        wait_for(lambda: not any(one.startswith(site.url) for one in sam.steps()), PATIENCE)
    if is_late:
        sam.browser.forgets("away")
    for _ in range(12):
        sam.browser.back()
        if sam.browser.url == site.before:
            return
        is_first = sam.browser.url == f"{site.url}/"
        is_ours = "data-leave" in sam.browser.source
        assert not is_ours or (is_late and is_first and not sam.with_scripts), sam.browser.url
    raise AssertionError("the page before ours was not reached")


def first_in(way: str, other: str) -> pytest.MarkDecorator:
    """Go this way, and the other one in the long run."""
    ways = [way, pytest.param(other, marks=pytest.mark.exhaustive)]
    return pytest.mark.parametrize("sam", ways, indirect=True)


@first_in("Chromium", "Firefox")
def test_files_go_along_until_they_are_sent(sam: Person, tmp_path: Path) -> None:
    (tmp_path / "door.jpg").write_bytes(b"\xff\xd8\xff")
    sam.begins()
    sam.browser.attaches("#files", str(tmp_path / "door.jpg"))
    sam.clicks(".button[formaction*=look]")
    sam.sees("h1", "Is this what you want to send?")
    sam.clicks(".button[formaction*=change]")
    sam.sees("h1", "What would you like to tell us?")
    sam.clicks(SEND)
    sam.sees("main", "Your files are with us.")


@first_in("Chromium", "Firefox")
def test_what_is_stopped_and_sent_again_is_one(
    sam: Person, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, goes_on = site.house.app, threading.Event()
    at_once = app.wsgi_app

    def slowly(environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST":
            goes_on.wait(10)
        return at_once(environ, start_response)

    monkeypatch.setattr(app, "wsgi_app", slowly)
    kept = count(site.house.hotline)
    sam.begins()
    sam.clicks(SEND)
    sam.sees("[data-wait]", "Sending. Please wait.")
    sam.clicks("[data-stop]")
    sam.sees("[data-lost]", "Stopped. Your words may be with us already.")
    sam.sees(".button:focus", "Send")
    goes_on.set()
    sam.clicks(SEND)
    sam.sees("h1", "We have it.")
    assert count(site.house.hotline) == kept + 1


@first_in("Firefox", "Chromium")
def test_words_are_there_again_after_another_page(sam: Person) -> None:
    sam.begins()
    sam.clicks("footer a:nth-of-type(3)")
    sam.sees("h1", "What happens next")
    sam.clicks("footer a")
    sam.clicks("a.door")
    sam.clicks(".button[formaction*=look]")
    sam.sees("main", STORY)
