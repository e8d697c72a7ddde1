"""Noor asks Harbor House by a link; they open it on a telephone of theirs."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline import consent, handoff
from hotline.domain.identity import Address
from hotline.handoff import answering, links
from hotline.handoff.packet import compose, new_nonce
from hotline.store import new_id
from hotline.vault.links import lookup, new_link
from hotline.vault.opening import Keyholder
from tests.cast import MARIA
from tests.channels.web.consenting import agrees, lists
from tests.contact.conftest import Desk, signs_in
from tests.house import House

VALUES: dict[str, Any] = {
    "need": "shelter",
    "language": "ti",
    "area": "North coast, about 34 km",
    "age_band": "26-64",
    "gender": "woman",
    "with_children": "1",
    "accessibility": ["step_free", "medicine"],
    "urgency": "immediate",
    "hours": "mon-fri 14:00-16:00, sat 10:00-12:00 Europe/Athens",
    "contact": ["through_us", "text"],
    "do_not": ["call", "visit", "Ask the neighbour"],
    "name": "Amina",
    "account": "She works in a house.\nHer papers <were> taken.",
}


@dataclass(frozen=True)
class Sent:
    """A link as Harbor House has it."""

    token: str
    pin: str
    offer_id: str

    @property
    def path(self) -> str:
        return f"/handoff/{self.token}"

    @property
    def wrong_pin(self) -> str:
        return f"{(int(self.pin) + 1) % 10**8:08}"


@dataclass
class Asking:
    """A report, its people, and the desk that asks for them."""

    house: House
    noor: Keyholder
    report_id: str = ""
    grants: dict[str, str] = field(default_factory=dict)

    def asks(
        self, name: str = "Harbor House", *, minutes: int = 15, locale: str = "en", **values: Any
    ) -> Sent:
        """Offer one organization's beds to the person, who says yes, and ask the organization."""
        hotline, at = self.house.hotline, self.house.clock()
        told = values or VALUES
        organization = lists(self.house, name)
        named = {"service_id": new_id(), "service_name": name, "organization_id": organization}
        terms = {"report_id": self.report_id, "need": told.get("need", "shelter"), **named}
        offer_id = hotline.store.write(
            lambda session: handoff.offer(session, self.noor, at=at, **terms)
        )
        self.grants[offer_id] = agrees(
            self.house,
            self.report_id,
            purpose="handoff",
            recipient=organization,
            fields=list(told),
        )
        with hotline.store.read() as session:
            case = consent.case_of(session, self.report_id)
        until = (at + timedelta(days=5)).date()
        packet = compose(case, organization, told, until=until, at=at, nonce=new_nonce())
        token, pin = new_link()
        its: dict[str, Any] = {"packet": packet, "key": hotline.links.derive(token, pin)}
        its |= {"token_lookup": lookup(token), "locale": locale, "offer_id": offer_id}
        by = at + timedelta(minutes=minutes)
        hotline.store.write(
            lambda session: links.ask(session, self.noor, answer_by=by, at=at, **its)
        )
        return Sent(token, pin, offer_id)

    def counts(
        self, service_id: str, name: str = "Beds of Harbor House", *, locale: str = "en"
    ) -> Sent:
        """Give a service a link on which it says how much is free."""
        hotline, (token, pin) = self.house.hotline, new_link()
        terms: dict[str, Any] = {"token_lookup": lookup(token), "locale": locale, "name": name}
        terms |= {"key": hotline.links.derive(token, pin)}
        until = self.house.clock() + timedelta(days=90)
        hotline.store.write(
            lambda session: links.write_capacity_link(
                session, service_id=service_id, expires_at=until, **terms
            )
        )
        return Sent(token, pin, "")

    def answers(self, sent: Sent, words: str) -> None:
        hotline, at = self.house.hotline, self.house.clock()
        hotline.store.write(
            lambda session: answering.answer_provider(
                session, self.noor, hotline.keyring, sent.offer_id, words, at
            )
        )

    def hears(self, sent: Sent) -> list[str]:
        """Return what was said between the two, as the desk reads it."""
        with self.house.hotline.store.read() as session:
            return [one.words for one in answering.talk(session, self.noor, sent.offer_id)]

    def takes_back(self, sent: Sent) -> None:
        """Let the person take their yes to one organization back."""
        at, grant = self.house.clock(), self.grants[sent.offer_id]

        def work(session: Any) -> None:
            consent.revoke(session, grant, at=at, by="")
            handoff.review(session, self.report_id, by="system", at=at)

        self.house.hotline.store.write(work)

    def offer(self, sent: Sent) -> handoff.Offer:
        with self.house.hotline.store.read() as session:
            known = handoff.offers(session, self.report_id)
        return next(one for one in known if one.id == sent.offer_id)

    def again(self) -> "Asking":
        """Return the same desk with another report."""
        report_id = Desk(self.house, self.noor).opens_report(Address("sms", MARIA))
        return Asking(self.house, self.noor, report_id)


def asking(house: House) -> Asking:
    return Asking(house, signs_in(house, "noor")).again()


@dataclass
class Harbor:
    """Somebody at Harbor House, with a browser of their own."""

    browser: FlaskClient

    def looks(self, sent: Sent, **headers: str) -> TestResponse:
        return self.browser.get(sent.path, headers=headers)

    def sends(self, sent: Sent, **form: str) -> TestResponse:
        """Send a form, and go where its answer leads."""
        return self.browser.post(sent.path, data=form, follow_redirects=True)

    def opens(self, sent: Sent) -> TestResponse:
        page = self.sends(sent, pin=sent.pin)
        assert page.status_code == 200, page.text
        return page


def heading(page: TestResponse) -> str:
    """Return what stands at the top of a page."""
    found = re.search(r"<h1>(.*?)</h1>", page.text, re.DOTALL)
    assert found
    return _bare(found[1])


def words_of(page: TestResponse) -> str:
    """Return what a page says, without its marks."""
    return _bare(page.text)


def _bare(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
