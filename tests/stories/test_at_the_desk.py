"""Noor works through a whole report in a real browser: once with the keyboard alone, once without a script.

She signs in, takes the report, reviews what is masked, answers, writes down what the person agreed to, lets a lead out,
offers a service, and closes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from hotline.leads import agencies
from hotline.leads.tables import leads
from hotline.reports import messages, reports
from referral.load import SAMPLE_CITY, load_package
from tests.browsers.auditing import listening
from tests.browsers.chromium import chromium
from tests.cast import MARIA, Member, Texter
from tests.console.agreeing import GROWN
from tests.house import STAFF, House, found_house
from tests.servers import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("at the desk"),
]

_FOCUSED = "css => document.activeElement?.matches(css) ?? false"
_STOPS = 600


@dataclass
class ByKeyboard:
    """Somebody who has no mouse: Tab, Space, Enter, letters, and the desk's own keys."""

    page: Any

    def reaches(self, css: str) -> None:
        """Press Tab until what *css* finds has the focus."""
        self.page.wait_for_load_state("load")
        for _ in range(_STOPS):
            if self.page.evaluate(_FOCUSED, css):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {css}")

    def types(self, css: str, text: str) -> None:
        self.reaches(css)
        self.page.keyboard.type(text)

    def ticks(self, css: str) -> None:
        self.reaches(css)
        self.page.keyboard.press("Space")

    def chooses(self, css: str, option: str) -> None:
        """Type the beginning of an option's words, as a select takes it."""
        self.reaches(css)
        self.page.keyboard.type(option)

    def presses(self, css: str) -> None:
        self.reaches(css)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def unfolds(self, css: str) -> None:
        self.reaches(css)
        self.page.keyboard.press("Enter")


@dataclass
class WithoutScripts:
    """Somebody whose browser runs no script: links, forms and folds alone."""

    page: Any
    shown: str = ""

    def types(self, css: str, text: str) -> None:
        self.page.fill(css, text)

    def ticks(self, css: str) -> None:
        self.page.check(css)

    def chooses(self, css: str, option: str) -> None:
        values = self.page.locator(f"{css} option").filter(has_text=option).first
        self.page.select_option(css, value=values.get_attribute("value"))

    def presses(self, css: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(css).first.click()
        self.shown = self.page.content()

    def unfolds(self, css: str) -> None:
        self.page.locator(css).first.click()


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as program:
        yield program


@pytest.fixture(
    params=[
        pytest.param(ByKeyboard, id="by keyboard"),
        pytest.param(WithoutScripts, id="without scripts", marks=pytest.mark.exhaustive),
    ]
)
def noor(request: pytest.FixtureRequest, program: Any) -> Iterator[Any]:
    with_scripts = request.param is ByKeyboard
    with program.new_context(java_script_enabled=with_scripts, locale="en-US") as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield request.param(page)


@pytest.fixture
def desk(tmp_path: Any) -> Iterator[House]:
    url = f"http://127.0.0.1:{free_port()}"
    house = found_house(tmp_path / "var", adjust=lambda config: replace(config, public_url=url))
    at = house.clock()
    house.hotline.store.write(
        lambda session: agencies.admit(session, "National unit", ["US"], at=at)
    )
    house.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))
    Texter(house, MARIA).texts(GROWN)
    with listening(house.app, url):
        yield house
    house.close()


def test_a_report_is_worked_through_from_sign_in_to_close(desk: House, noor: Any) -> None:
    signs_in(desk, noor)
    takes_it(noor)
    reviews_what_is_masked(desk, noor)
    answers(noor)
    writes_down_a_yes(noor)
    lets_a_lead_out(desk, noor)
    offers_a_service(noor)
    closes(desk, noor)


def test_two_people_in_two_browsers_never_answer_the_same_report_twice(
    desk: House, program: Any
) -> None:
    with program.new_context() as hers, program.new_context() as his:
        noor, omar = WithoutScripts(hers.new_page()), WithoutScripts(his.new_page())
        for one, name, words in ((noor, "noor", "We hear you."), (omar, "omar", "You are safe.")):
            signs_in(desk, one, name)
            one.presses("[data-rows] tbody th a")
            one.types("#words", words)
        for one in (noor, omar):
            one.presses("#reply .act--main")
    # Who was second is told so, and finds what he typed; the person is answered once.
    assert "Not sent" not in noor.shown
    assert "Not sent" in omar.shown
    assert ">You are safe.</textarea>" in omar.shown
    with desk.hotline.store.read() as session:
        answers = select(messages.c.seq).where(
            messages.c.author != "", messages.c.direction == "out"
        )
        assert len(session.execute(answers).all()) == 1


def signs_in(desk: House, who: Any, name: str = "noor") -> None:
    who.page.goto(f"{desk.hotline.config.public_url}/console/signin")
    desk.clock.passes(seconds=30)
    who.types("[name=name]", name)
    who.types("[name=passphrase]", next(one.passphrase for one in STAFF if one.username == name))
    who.types("[name=totp]", Member(desk, name).code())
    who.presses("main form button")


def takes_it(noor: Any) -> None:
    """Open the first report of the queue and claim it; by keyboard with two keys."""
    if isinstance(noor, ByKeyboard):
        noor.page.keyboard.press("j")
        with noor.page.expect_navigation():
            noor.page.keyboard.press("Enter")
        with noor.page.expect_navigation():
            noor.page.keyboard.press("c")
    else:
        noor.presses("[data-rows] tbody th a")
        noor.presses("form[data-claim] button")
    assert "Yours for" in noor.page.content()


def reviews_what_is_masked(desk: House, noor: Any) -> None:
    noor.unfolds("#message-1 > summary")
    if isinstance(noor, ByKeyboard):
        noor.reaches("#message-1 .pick-span > summary")
        with noor.page.expect_navigation():
            noor.page.keyboard.press("a")
    else:
        noor.unfolds("#message-1 .pick-span > summary")
        noor.presses("#message-1 [name=do][value=accept]")
    noor.presses("#reviewed-1 button")
    assert "Reviewed by" in noor.page.content()


def answers(noor: Any) -> None:
    if isinstance(noor, ByKeyboard):
        noor.page.keyboard.press("r")
        noor.page.keyboard.type("We hear you. Is it safe to write now?")
        with noor.page.expect_navigation():
            noor.page.keyboard.press("Control+Enter")
    else:
        noor.types("#words", "We hear you. Is it safe to write now?")
        noor.presses("#reply .act--main")
    assert "We hear you. Is it safe to write now?" in noor.page.content()


def writes_down_a_yes(noor: Any) -> None:
    noor.presses(".work__acts a[href$='/consent']")
    noor.ticks("[name=to][value='lead investigators']")
    for name in ("country", "month", "exploitation", "indicators", "control", "summary"):
        noor.ticks(f"[name=fields][value='lead {name}']")
    noor.presses("#terms .act--main")
    noor.unfolds("#put details:has(form[action$='/consent']) > summary")
    noor.ticks("[name=put][value=ready]")
    noor.chooses("#given_how", "on paper")
    noor.presses("#put form[action$='/consent'] .acts button")


def lets_a_lead_out(desk: House, noor: Any) -> None:
    noor.presses(".work__back")
    noor.presses(".work__acts a[href$='/lead']")
    noor.chooses("#country", "United States")
    noor.ticks("[name=exploitation][value=ForcedLabour]")
    noor.types("#summary", "A worker is kept in a house. The alleged employer holds the papers.")
    noor.presses("[name=step][value='could_know 5+']")
    noor.presses("[name=look]")
    noor.presses("form[action$='/lead/publish'] button")
    with desk.hotline.store.read() as session:
        assert session.execute(select(leads.c.recalled_day)).scalars().all() == [""]


def offers_a_service(noor: Any) -> None:
    noor.presses(".work__back")
    noor.presses(".work__acts a[href$='/referral']")
    noor.presses("[name=offer]")
    assert "is written down" in noor.page.content()


def closes(desk: House, noor: Any) -> None:
    noor.unfolds("details:has(form[action$='/close']) > summary")
    noor.chooses("#outcome", "Referred")
    noor.presses("form[action$='/close'] .acts button")
    with desk.hotline.store.read() as session:
        its = session.execute(select(reports.c.id, reports.c.status, reports.c.outcome)).one()
        assert its.status == "closed"
        assert its.outcome
