"""The pages of a provider, looked over in a real browser, and used there: on a small telephone, by keyboard, without scripts.

Of pages that are made of the same parts one is looked at; `make bench` looks at all of them.
``AUDIT_SHOTS`` names a folder for pictures of what was seen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from hotline.store import Session, new_id
from referral.tables import service, service_capacity, unit
from tests.browsers.auditing import audit, linked_modules, listening, with_new_parts
from tests.browsers.chromium import chromium
from tests.browsers.replaying import Replays
from tests.channels.provider.asking import Asking, Harbor, Sent, asking
from tests.channels.web.consenting import lists
from tests.house import House, found_house
from tests.servers import free_port

HEAVIEST = "30"
NOT_OURS = "leaving"
"""Nobody who is watched comes here: there is no way out to test."""
WIDTHS = "480,1280"
BY_SCRIPT = ("packet", "accepted, an outcome", "room")
SMALLEST = {"width": 320, "height": 640}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("provider pages"),
]


@dataclass
class Site:
    url: str
    house: House
    replays: Replays
    desk: Asking

    @property
    def noor(self) -> Asking:
        """Noor, with a report that nobody was asked about yet."""
        return self.desk.again()

    def browser(self) -> Harbor:
        return Harbor(self.house.app.test_client())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url = f"http://127.0.0.1:{free_port()}"
    house = found_house(
        tmp_path_factory.mktemp("house") / "var",
        adjust=lambda config: replace(config, public_url=url),
    )
    replays = Replays(house.app)
    with listening(replays, url):
        yield Site(url, house, replays, asking(house))
    house.close()


def test_pages_are_safe_light_and_can_be_used_by_everybody(site: Site, tmp_path: Path) -> None:
    pages = ((page, site.replays.source(page["path"])) for page in states(site, "en"))
    look(site, tmp_path, [*with_new_parts(pages)], widths="")


@pytest.mark.exhaustive
def test_every_page_is_so_at_every_width(site: Site, tmp_path: Path) -> None:
    look(site, tmp_path, states(site, "en"), widths=WIDTHS)


@pytest.mark.parametrize("widths", ["", pytest.param(WIDTHS, marks=pytest.mark.exhaustive)])
def test_right_to_left_breaks_no_page(site: Site, tmp_path: Path, widths: str) -> None:
    found = [one for one in states(site, "ar") if one["name"].removeprefix("ar ") in BY_SCRIPT]
    look(site, tmp_path, found, widths=widths)


def look(site: Site, folder: Path, plan: list[dict[str, Any]], *, widths: str) -> None:
    its = {"skip": NOT_OURS, "budget": HEAVIEST, "widths": widths}
    audit(site.url, linked_modules(folder), folder, plan, **its)


def states(site: Site, locale: str) -> list[dict[str, Any]]:
    """Return each page, and each state of it, made by doing what leads there."""
    waiting = site.noor.asks(f"Harbor House {locale}", minutes=60, locale=locale)
    pages = [("pin", site.browser().looks(waiting)), *_offered(site, locale)]
    room = _room(site, locale)
    pages += [("room, its pin", site.browser().looks(room)), *_said(site, room)]
    return [
        {"name": f"{locale} {name}", "path": site.replays.keep(page, stands_for=waiting.path)}
        for name, page in pages
    ]


def _offered(site: Site, locale: str) -> Iterator[tuple[str, Any]]:
    noor, harbor, other = site.noor, site.browser(), site.browser()
    sent = noor.asks(f"Casa Alba {locale}", minutes=60, locale=locale)
    yield "pin, wrong", harbor.sends(sent, pin=sent.wrong_pin)
    yield "packet", harbor.opens(sent)
    yield "pin, opened elsewhere", other.looks(sent)
    yield "opened elsewhere", other.opens(sent)
    yield "no question", harbor.sends(sent, answer="ask", words=" ")
    yield "no reason", harbor.sends(sent, answer="no", words="From Monday on.")
    yield "asked", harbor.sends(sent, answer="ask", words="Is the girl older than twelve?")
    noor.answers(sent, "She is nine.\nShe speaks English, too.")
    yield "answered", harbor.looks(sent)
    lost, late = noor.asks(f"Bayt al-Amal {locale}"), noor.asks(f"Late House {locale}", need="food")
    quick = site.browser()
    quick.opens(lost)
    yield "packet, another need", other.opens(late)
    yield "declined", other.sends(late, answer="no", reason="full")
    yield "accepted", harbor.sends(sent, answer="yes")
    yield "taken meanwhile", quick.sends(lost, answer="yes")
    yield "accepted elsewhere", other.looks(sent)
    yield "accepted, an outcome", harbor.sends(sent, outcome="waiting")
    yield "surely left", harbor.sends(sent, outcome="no_space")
    yield "left", harbor.sends(sent, outcome="no_space", sure="yes")
    yield "nothing", harbor.browser.get(f"/handoff/nothing?lang={locale}")
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Accept-Language": locale}
    yield "from elsewhere", harbor.browser.post(sent.path, headers=elsewhere)


def _room(site: Site, locale: str) -> Sent:
    its = {"id": new_id(), "organization_id": lists(site.house, f"Room {locale}")}
    its |= {"name": "Night shelter of the Old Town", "status": "active"}
    kinds = [{"id": new_id(), "name": name} for name in ("bed", "family room")]
    counts = [
        {"id": new_id(), "service_id": its["id"], "unit_id": one["id"], "available": 3}
        | {"maximum": 8, "updated": "2026-03-02T07:00:00Z", "description": f"{one['name']}s"}
        for one in kinds
    ]

    def work(session: Session) -> None:
        session.execute(insert(service), its)
        session.execute(insert(unit), kinds)
        session.execute(insert(service_capacity), counts)

    site.house.hotline.store.write(work)
    return site.noor.counts(str(its["id"]), locale=locale)


def _said(site: Site, room: Sent) -> Iterator[tuple[str, Any]]:
    harbor = site.browser()
    yield "room", harbor.opens(room)
    wrong = {"open": "hours", "from": "09:00"}
    yield "room, wrong", harbor.sends(room, answer="room", **wrong)
    [bed, *_] = re.findall('name="(free [^"]+)"', harbor.looks(room).text)
    yield "room, more", harbor.sends(room, answer="room", **{bed: "12"})
    yield "room, saved", harbor.sends(room, answer="room", open="closed")


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("locale", [pytest.param("en", marks=pytest.mark.exhaustive), "ar"])
def test_a_provider_answers_on_a_small_telephone_without_scripts(
    site: Site, program: Any, locale: str
) -> None:
    noor = site.noor
    sent = noor.asks(f"Small House {locale}", minutes=60, locale=locale, need="legal")
    context = program.new_context(viewport=SMALLEST, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url + sent.path)
    page.fill("#pin", sent.wrong_pin)
    page.click("main .button")
    page.wait_for_selector("#pin-fault")
    page.fill("#pin", sent.pin)
    page.click("main .button")
    page.wait_for_selector(".packet")
    assert page.locator("#words").is_hidden()
    page.locator("summary").first.click()
    page.fill("#words", "Is there a letter of the court?")
    page.click("[value=ask]")
    page.wait_for_selector(".talk:has-text('Is there a letter of the court?')")
    page.reload()
    page.click("[value=yes]")
    page.click("[value=arrived]")
    page.wait_for_selector("[value=arrived]", state="detached")
    assert noor.offer(sent).status == "accepted"

    # Another browser, with link and PIN, sees nothing of the person.
    stranger = program.new_context(viewport=SMALLEST, java_script_enabled=False).new_page()
    stranger.goto(site.url + sent.path)
    stranger.fill("#pin", sent.pin)
    stranger.click("main form .button")
    stranger.wait_for_selector("[value=left]")
    assert stranger.locator(".packet").count() == 0
    for one in (context, stranger.context):
        one.close()


def test_the_keyboard_alone_declines(site: Site, program: Any) -> None:
    noor = site.noor
    sent = noor.asks("Key House", minutes=60, need="medical")
    context = program.new_context(viewport=SMALLEST)
    page = context.new_page()
    page.goto(site.url + sent.path)
    press = page.keyboard.press
    press("Tab")
    page.keyboard.type(sent.pin)
    press("Enter")
    page.wait_for_selector(".packet")
    for _ in ("yes", "ask", "no"):
        press("Tab")
    press("Enter")
    press("Tab")
    press("ArrowDown")
    press("Tab")
    press("Tab")
    press("Enter")
    page.wait_for_selector("h1:has-text('Thank you for telling us')")
    assert noor.offer(sent).status == "declined"
    context.close()


def test_who_comes_from_another_site_goes_on_in_the_same_browser(site: Site, program: Any) -> None:
    """A link in web mail brings no cookie along: one more touch shows the packet again."""
    sent = site.noor.asks("Mail House", minutes=60, need="food")
    context = program.new_context(viewport=SMALLEST)
    page = context.new_page()
    page.goto(site.url + sent.path)
    page.fill("#pin", sent.pin)
    page.click("main .button")
    page.wait_for_selector(".packet")
    other = site.url.replace("127.0.0.1", "localhost")
    page.route(
        f"{other}/mail",
        lambda route: route.fulfill(
            body=f'<a href="{site.url}{sent.path}">A message</a>', content_type="text/html"
        ),
    )
    page.goto(f"{other}/mail")
    page.click("a")
    page.wait_for_selector("a.button")
    assert page.locator(".packet").count() == 0
    page.click("a.button")
    page.wait_for_selector(".packet")
    context.close()
