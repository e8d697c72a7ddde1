"""María needs a bed tonight. Noor, in a browser, finds services that fit and asks them by a link that each opens on a
telephone: the first has no room, the second is silent and Noor is warned, the third takes María in, and she arrives."""

from typing import Any

import pytest
from sqlalchemy import select

from hotline import handoff
from hotline.handoff.events import Status
from hotline.triage import alerts, providers
from hotline.triage.tasks import tasks
from referral.load import SAMPLE_CITY, load_package
from tests.cast import MARIA, Member, Texter
from tests.console.agreeing import GROWN, agrees
from tests.console.looking import words
from tests.console.test_narrow_in_a_browser import NARROW
from tests.console.test_reviewing_in_a_browser import site
from tests.house import STAFF, House
from tests.served import browser

__all__ = ["browser", "site"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("a bed tonight"),
    pytest.mark.exhaustive,
]
"""Each of its steps is walked without a browser at every run, in `tests/console/test_asking_providers.py` and
`tests/triage/test_providers.py`; both sides of a link are, in a browser, in `tests/browsers/test_provider_pages.py`."""

FACTS = ["handoff need", "handoff language", "handoff urgency"]


class Noor:
    """Noor at her browser, with one report before her."""

    def __init__(self, browser: Any, house: House) -> None:
        self.browser, self.house = browser, house
        self.url = house.hotline.config.public_url
        house.clock.passes(seconds=30)
        self.page = browser.new_context().new_page()
        self.page.goto(f"{self.url}/console/signin")
        self.page.fill("input[name=name]", "noor")
        passphrase = next(new.passphrase for new in STAFF if new.username == "noor")
        self.page.fill("input[name=passphrase]", passphrase)
        self.page.fill("input[name=totp]", Member(house, "noor").code())
        presses(self.page, "main form button")
        self.papers = Member(house, "noor")
        self.papers.signs_in()
        self.report = self.papers.first_report()

    @property
    def offers(self) -> list[handoff.Offer]:
        with self.house.hotline.store.read() as session:
            return handoff.offers(session, self.report)

    def looks(self) -> str:
        self.page.goto(f"{self.url}/console/report/{self.report}/referral")
        return words(self.page.content())

    def offers_first(self) -> None:
        self.looks()
        self.page.select_option("#need", "shelter")
        self.page.select_option("#where", "Quayside")
        presses(self.page, "form.filters > button")
        assert "Quayside" not in self.page.url
        presses(self.page, "button[name=offer] >> nth=0")

    def offers_next(self) -> None:
        assert "Next best:" in self.looks()
        presses(self.page, ".next button[name=offer]")

    def asks(self) -> Any:
        """Ask the service that was offered last, and return its telephone, on which the link is open."""
        offer = self.offers[-1]
        agrees(self.papers, self.report, to=f"handoff {offer.organization_id}", fields=FACTS)
        self.looks()
        presses(self.page, f"#offer-{offer.id} a[href$='/ask']")
        self.page.fill("#tell", "The appointment is confirmed.")
        self.page.select_option("#within", "15")
        presses(self.page, "button:has-text('Show what they would see')")
        seen = self.page.inner_text(".packet dl")
        presses(self.page, "button:has-text('Make the link')")
        pin = self.page.inner_text(".once__pin")
        link = self.page.input_value(".once__link")
        telephone = self.browser.new_context(viewport=NARROW, java_script_enabled=False).new_page()
        telephone.goto(link)
        assert "Safe place" not in telephone.content()
        telephone.fill("input[name=pin]", pin)
        presses(telephone, "main form button")
        assert telephone.inner_text(".packet dl") == seen
        return telephone


def presses(page: Any, button: str) -> None:
    """Press a button, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.click(button)


def waiting(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return sorted(session.scalars(select(tasks.c.kind).where(tasks.c.state == "open")))


def the_worker_looks(house: House) -> None:
    hotline, at = house.hotline, house.clock()
    config = hotline.config
    terms = providers.Terms(hotline.keyring, config.limits_of, config.opening.zone)
    hotline.store.write(lambda session: providers.sweep(session, terms, at=at))


def test_no_room_then_silence_then_a_bed(browser: Any, site: House) -> None:
    site.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))
    Texter(site, MARIA).texts(GROWN)
    noor = Noor(browser, site)

    noor.offers_first()
    telephone = noor.asks()
    telephone.click("details:has([value=full]) summary")
    telephone.check("input[value=full]")
    presses(telephone, "button[value=no]")
    assert noor.offers[0].status == Status.DECLINED
    assert waiting(site) == ["next_service"]
    assert "it has no room" in noor.looks()

    noor.offers_next()
    noor.asks()
    assert waiting(site) == []
    site.clock.passes(minutes=16)
    the_worker_looks(site)
    assert noor.offers[1].status == Status.UNANSWERED
    assert waiting(site) == ["next_service"]
    with site.hotline.store.read() as session:
        kinds = session.scalars(select(alerts.alerts.c.kind)).all()
    assert "provider_silent" in kinds
    assert "no answer in time" in noor.looks()

    noor.offers_next()
    telephone = noor.asks()
    presses(telephone, "button[value=yes]")
    assert noor.offers[2].status == Status.ACCEPTED
    assert "next_service" not in waiting(site)
    presses(telephone, "button[value=arrived]")
    assert noor.offers[2].outcome == "arrived"
    assert "they arrived" in noor.looks()
