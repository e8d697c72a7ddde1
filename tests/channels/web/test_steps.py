"""Sam goes from page to page by the script: no step stays in the history, and nothing that was typed is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsers.chromium import chromium
from tests.browsers.site import Site, served
from tests.channels.web.reading import STORY, count
from tests.servers import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("steps")]

BAR = "<nav><a data-leave></a></nav>"
SEND = "main form .button >> nth=0"
LOST = "That did not get through. What you typed is still here."
STOPPED = "Stopped. Your words may be with us already."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("house")) as site:
        yield site


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as program:
        yield program


@pytest.fixture
def page(program: Any, site: Site) -> Iterator[Any]:
    """A page that shows our first page; whatever its console complains of fails the test."""
    with program.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on(
            "console",
            lambda line: (
                faults.append(f"{line.text} {line.location}") if line.type == "error" else None
            ),
        )
        page.goto(site.url)
        yield page
        assert [fault for fault in faults if "Failed to load resource" not in fault] == []


def opens_the_form(page: Any, words: str = STORY) -> None:
    page.click("a.door >> nth=0")
    page.fill("#account", words)


def lets_wait(page: Any, path: str) -> list[Any]:
    """Keep requests to *path* waiting, as a slow network does, and return them."""
    waiting: list[Any] = []
    page.route(f"**{path}", lambda route: waiting.append(route))
    return waiting


def test_steps_add_nothing_to_the_history_and_say_where_one_is(page: Any, site: Site) -> None:
    before = page.evaluate("history.length")
    page.click("a.door >> nth=0")
    page.wait_for_selector("#account")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.click("footer a >> nth=-1")
    page.click("a[hreflang=ar]")
    page.wait_for_selector("html[lang=ar][dir=rtl]")
    assert page.inner_text(".leave__go") != "Leave this page"
    page.focus(".skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.evaluate("history.length") == before
    assert page.url == f"{site.url}/"


def test_the_way_out_works_in_the_language_that_was_chosen(page: Any, site: Site) -> None:
    page.click("a[hreflang=ar]")
    page.wait_for_selector("html[lang=ar]")
    page.click(".leave__go")
    page.wait_for_url(site.weather)


def test_the_way_out_comes_first_and_stays_in_sight(page: Any, site: Site) -> None:
    page.click("a.door >> nth=0")
    page.wait_for_selector("#account")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    place = page.locator(".leave__go").bounding_box()
    assert place["height"] >= 44
    assert 0 <= place["y"] < 100
    page.goto(f"{site.url}/en/new")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "leave__go"
    page.keyboard.press("Enter")
    page.wait_for_url(site.weather)


@pytest.mark.parametrize("way", ["click", "Shift"])
def test_one_leaves_while_words_are_on_their_way(page: Any, site: Site, way: str) -> None:
    opens_the_form(page)
    waiting = lets_wait(page, "/en/new*")
    page.click(SEND)
    page.wait_for_selector("[data-wait]:not([hidden])")
    if way == "click":
        page.click(".leave__go")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(site.weather)
    assert len(waiting) == 1


def test_where_one_leaves_to_may_be_slow_to_come(page: Any, site: Site) -> None:
    opens_the_form(page)
    site.elsewhere.answers.clear()
    shown = page.evaluate(
        """() => {
            document.querySelector('.leave__go').click();
            return document.title.trim() + getComputedStyle(document.body).display;
        }"""
    )
    assert shown == "none"
    site.elsewhere.answers.set()
    page.wait_for_url(site.weather)


def test_what_is_sent_twice_at_once_is_sent_once(page: Any, site: Site) -> None:
    kept = count(site.house.hotline)
    opens_the_form(page)
    waiting = lets_wait(page, "/en/new*")
    page.click(SEND)
    page.click(SEND)
    page.click("footer a >> nth=0")
    page.wait_for_timeout(200)
    assert len(waiting) == 1
    waiting[0].continue_()
    page.wait_for_selector(".code__digits")
    assert count(site.house.hotline) == kept + 1


def test_the_button_that_was_pressed_is_sent_too(page: Any) -> None:
    opens_the_form(page)
    page.click(".button[formaction*=look]")
    page.wait_for_selector("h1:focus")
    assert STORY in page.inner_text("main")
    assert not page.is_visible(".code__digits")


def test_what_is_not_sent_is_not_said_to_be(page: Any) -> None:
    opens_the_form(page)
    waiting = lets_wait(page, "/en/new*")
    page.click(".button[formaction*=save]")
    page.wait_for_selector("text=Please wait a moment")
    assert "Sending" not in page.inner_text("[data-wait]")
    page.click("button:has-text('Stop')")
    page.wait_for_selector("[data-wait]", state="hidden")
    assert not page.is_visible("[data-lost]")
    assert page.evaluate("document.activeElement.textContent") == "Save and go on later"
    page.click(SEND)
    page.wait_for_selector("text=Sending. Please wait.")
    assert "Please wait a moment" not in page.inner_text("[data-wait]")
    assert len(waiting) == 2


def test_a_network_that_breaks_off_gives_the_words_back(page: Any) -> None:
    opens_the_form(page)
    page.route("**/en/new*", lambda route: route.abort("connectionreset"))
    page.click(SEND)
    page.wait_for_selector(f"text={LOST}")
    assert page.input_value("#account") == STORY
    page.unroute("**/en/new*")
    page.click(SEND)
    page.wait_for_selector(".code__digits")
    assert not page.is_visible(f"text={LOST}")


def test_an_error_says_what_it_is_and_keeps_the_words(page: Any) -> None:
    opens_the_form(page)
    told = f"<!doctype html>{BAR}<main><h1>That was too large</h1></main>"
    page.route(
        "**/en/new*", lambda route: route.fulfill(status=413, content_type="text/html", body=told)
    )
    page.click(SEND)
    page.wait_for_selector("[role=alert]:has-text('That was too large')")
    assert page.is_visible(f"text={LOST}")
    assert page.input_value("#account") == STORY


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 204},
        {"content_type": "text/plain", "body": "no"},
        {"content_type": "text/html", "body": "<main><h1>Pay for this network</h1></main>"},
    ],
    ids=["nothing", "no page", "a page of the network's"],
)
def test_a_form_whose_answer_is_none_of_ours_keeps_its_words(
    page: Any, site: Site, answer: dict[str, Any]
) -> None:
    opens_the_form(page)
    page.route("**/en/new*", lambda route: route.fulfill(**answer))
    page.click(".button[formaction*=save]")
    page.wait_for_selector(f"text={LOST}")
    assert page.input_value("#account") == STORY
    # Sent again it goes the ordinary way.
    page.unroute("**/en/new*")
    page.click(".button[formaction*=save]")
    page.wait_for_selector(".code__digits")
    assert page.url == f"{site.url}/en/new?act=save"


def test_a_link_to_what_is_no_page_goes_the_ordinary_way(page: Any, site: Site) -> None:
    before = page.evaluate("history.length")
    page.evaluate("document.querySelector('.door').href = '/log/key'")
    page.click("a.door >> nth=0")
    page.wait_for_url(f"{site.url}/log/key")
    assert page.evaluate("history.length") == before


def test_whoever_left_in_another_window_is_led_away_in_this_one(page: Any, site: Site) -> None:
    page.context.request.post(f"{site.url}/leave")
    page.click("a.door >> nth=0")
    page.wait_for_url(site.weather)


def test_files_show_how_much_is_sent_and_can_be_stopped(
    page: Any, site: Site, tmp_path: Path
) -> None:
    kept = count(site.house.hotline)
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff" + bytes(3 << 20))
    opens_the_form(page)
    page.click("details:has(#files) > summary")
    page.set_input_files("#files", tmp_path / "a.jpg")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
    wire.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": 200_000})
    page.click(SEND)
    page.wait_for_selector("progress:not([hidden])")
    wait_for(lambda: page.evaluate("document.querySelector('progress').value") > 0)
    page.click("button:has-text('Stop')")
    page.wait_for_selector("[data-wait]", state="hidden")
    assert page.is_visible(f"[role=alert]:has-text('{STOPPED}')")
    assert not page.is_visible(f"text={LOST}")
    assert page.evaluate("document.activeElement.textContent") == "Send"
    assert page.input_value("#account") == STORY
    assert page.evaluate("document.querySelector('#files').files.length") == 1
    wire.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    page.click(SEND)
    page.wait_for_selector(".code__digits")
    assert not page.is_visible("[data-lost]")
    # What was stopped and what was sent again are one.
    assert count(site.house.hotline) == kept + 1


def test_files_stay_here_until_they_are_sent(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff" + bytes(3 << 20))
    chosen = "[...document.querySelector('#files').files].map(file => file.name)"
    opens_the_form(page)
    page.click("details:has(#files) > summary")
    page.set_input_files("#files", tmp_path / "a.jpg")
    for act in ("look", "change"):
        with page.expect_request("**/en/new*") as told:
            page.click(f".button[formaction*={act}]")
        page.wait_for_selector(f".button[formaction*={'change' if act == 'look' else 'look'}]")
        assert told.value.sizes()["requestBodySize"] < 10_000
        assert page.evaluate(chosen) == ["a.jpg"]
        assert page.is_visible("#files")
        assert "add your files again" not in page.inner_text("main")
    assert page.input_value("#account") == STORY
    page.click(SEND)
    page.wait_for_selector("text=Your files are with us.")


def test_words_are_there_again_after_another_page(page: Any, site: Site, tmp_path: Path) -> None:
    kept = count(site.house.hotline)
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff")
    before = page.evaluate("history.length")
    opens_the_form(page)
    page.click("details:has([name=place]) > summary")
    page.fill("[name=place]", "Gävle")
    page.set_input_files("#files", tmp_path / "a.jpg")
    page.click("footer a >> nth=2")
    page.wait_for_selector("#account", state="detached")
    page.click("footer a >> nth=-1")
    page.click("a[hreflang=es]")
    page.wait_for_selector("html[lang=es]")
    page.click("a.door >> nth=0")
    page.wait_for_selector("#account")
    assert page.input_value("#account") == STORY
    assert page.input_value("[name=place]") == "Gävle"
    assert page.is_visible("[name=place]")
    assert page.evaluate("document.querySelector('#files').files.length") == 1
    assert page.evaluate("history.length") == before
    page.click(SEND)
    page.wait_for_selector(".code__digits")
    assert count(site.house.hotline) == kept + 1
    # What was sent is not kept any longer.
    page.click("footer a >> nth=0")
    page.click("a.door >> nth=0")
    page.wait_for_selector("#account")
    assert page.input_value("#account") == ""
    assert page.evaluate("document.querySelector('#files').files.length") == 0


def test_words_that_are_kept_end_by_themselves_and_with_leaving(page: Any, site: Site) -> None:
    page.clock.install()
    opens_the_form(page)
    page.click("footer a >> nth=0")
    page.wait_for_selector("a.door")
    page.clock.fast_forward("20:01")
    page.click("a.door >> nth=0")
    page.wait_for_selector("#account")
    assert page.input_value("#account") == ""
    page.fill("#account", STORY)
    page.click("footer a >> nth=0")
    page.wait_for_selector("a.door")
    page.click(".leave__go")
    page.wait_for_url(site.weather)
    page.context.clear_cookies()
    page.goto(site.url)
    page.click("a.door >> nth=0")
    page.wait_for_selector("#account")
    assert page.input_value("#account") == ""


def test_files_alone_can_be_looked_over(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff")
    opens_the_form(page, "")
    page.set_input_files("#files", tmp_path / "a.jpg")
    page.click(".button[formaction*=look]")
    page.wait_for_selector(".button[formaction*=change]")
    assert "add your files again" not in page.inner_text("main")
    page.click(SEND)
    page.wait_for_selector("text=Your files are with us.")


def test_whoever_saves_is_told_that_files_are_not_saved(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff")
    opens_the_form(page)
    page.set_input_files("#files", tmp_path / "a.jpg")
    page.click(".button[formaction*=save]")
    page.wait_for_selector("text=Files are not saved. Add them when you send.")


def test_files_go_with_what_is_thrown_away(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff")
    opens_the_form(page)
    page.click(".button[formaction*=save]")
    page.wait_for_selector(".code__digits")
    page.click(SEND)
    page.wait_for_selector("#account")
    page.set_input_files("#files", tmp_path / "a.jpg")
    page.click("details:has([formaction*=throw]) > summary")
    page.click(".button[formaction*=throw]")
    page.wait_for_selector(".button[formaction*=throw]", state="detached")
    assert page.evaluate("document.querySelector('#files').files.length") == 0
    assert page.input_value("#account") == ""


def test_a_page_closes_by_itself_as_its_header_says(page: Any, site: Site) -> None:
    told = f"<!doctype html><html lang=en>{BAR}<main><h1>Read</h1></main>"
    page.route(
        "**/en/again",
        lambda route: route.fulfill(
            content_type="text/html", headers={"Refresh": "1; url=/en/"}, body=told
        ),
    )
    before = page.evaluate("history.length")
    page.click("a.door >> nth=1")
    page.wait_for_selector("h1:has-text('Read')")
    page.wait_for_url(f"{site.url}/en/")
    assert page.evaluate("history.length") == before
