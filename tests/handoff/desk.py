"""A desk that asks providers by links, and providers who follow them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import insert, select, update

from hotline import consent, handoff
from hotline.consent import GivenHow, Purpose, Words
from hotline.handoff import answering, links
from hotline.handoff.linked import Closed, Opened, WrongPin
from hotline.handoff.packet import Packet, compose, new_nonce
from hotline.handoff.tables import handoff_links, handoffs
from hotline.reports.tables import reports
from hotline.store import Store
from hotline.vault.argon import CHEAPEST
from hotline.vault.links import LinkDesk, LinkKey, lookup, new_link
from hotline.vault.opening import Keyholder
from tests.consent.conftest import NOOR, NOW, report_row
from tests.consent.keys import keyring

HARBOR, BAYT, ALBA = "harbor-house", "bayt-al-amal", "casa-alba"
SAID = Words("ask_handoff", "ro", "May we tell Harbor House?")
VALUES: dict[str, Any] = {"need": "shelter", "language": "ti", "with_children": "1"}
KEYHOLDER = cast(
    Keyholder, SimpleNamespace(staff_id=NOOR, desk="main", require=lambda _right: None)
)
DESK = LinkDesk(salt=b"l" * 16, profile=CHEAPEST)


@dataclass(frozen=True)
class Sent:
    """A link as the provider has it, and what the desk knows of it."""

    token: str
    pin: str
    id: str
    offer_id: str
    packet: Packet
    key: LinkKey

    @property
    def wrong_pin(self) -> str:
        return f"{(int(self.pin) + 1) % 10**8:08}"


@dataclass
class Referring:
    """One report, whose person is offered services, and the providers who are asked."""

    store: Store
    report_id: str
    at: datetime = NOW
    given: dict[str, str] = field(default_factory=dict)

    def passes(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at

    def says_yes(self, organization: str = HARBOR, *, days: int = 30, fields: Any = None) -> str:
        terms: dict[str, Any] = {
            "report_id": self.report_id,
            "purpose": Purpose.HANDOFF,
            "recipient": organization,
            "fields": list(VALUES if fields is None else fields),
            "given_how": GivenHow.SMS,
            "words": SAID,
            "until": (self.at + timedelta(days=days)).date(),
            "at": self.at,
        }
        its_id = self.store.write(lambda session: consent.record(session, keyring(), **terms))
        self.given[organization] = its_id
        return its_id

    def is_offered(self, organization: str = HARBOR, need: str = "shelter") -> str:
        facts = {"service_id": f"s-{organization}-{need}", "service_name": organization}
        facts |= {"organization_id": organization, "need": need, "report_id": self.report_id}
        return self.store.write(
            lambda session: handoff.offer(session, KEYHOLDER, at=self.at, **facts)
        )

    def composes(self, organization: str = HARBOR, *, days: int = 5, **values: Any) -> Packet:
        with self.store.read() as session:
            case = consent.case_of(session, self.report_id)
        until = (self.at + timedelta(days=days)).date()
        its = {"until": until, "at": self.at, "nonce": new_nonce()}
        return compose(case, organization, values or VALUES, **its)

    def asks(
        self,
        offer_id: str,
        packet: Packet | None = None,
        *,
        minutes: int = 60,
        prepared_id: str = "",
    ) -> Sent:
        token, pin = new_link()
        key = DESK.derive(token, pin)
        packet = packet or self.composes(self.offer(offer_id).organization_id)
        terms: dict[str, Any] = {"offer_id": offer_id, "packet": packet, "key": key}
        terms |= {"token_lookup": lookup(token), "locale": "fr", "prepared_id": prepared_id}
        answer_by = self.at + timedelta(minutes=minutes)
        link_id = self.store.write(
            lambda session: links.ask(session, KEYHOLDER, answer_by=answer_by, at=self.at, **terms)
        )
        return Sent(token, pin, link_id, offer_id, packet, key)

    def sends(self, organization: str = HARBOR, need: str = "shelter", **terms: Any) -> Sent:
        """Get the person's yes, offer the service to them, and ask its provider."""
        self.says_yes(organization)
        return self.asks(self.is_offered(organization, need), **terms)

    def tries(self, sent: Sent, pin: str = "") -> Opened | WrongPin | Closed:
        return links.try_pin(self.store, DESK, sent.token, pin or sent.pin, self.at)

    def opens(self, sent: Sent) -> Opened:
        opened = self.tries(sent)
        assert isinstance(opened, Opened), opened
        return opened

    def resumes(self, sent: Sent, ticket: bytes) -> Opened | None:
        with self.store.read() as session:
            return links.resume(session, sent.token, ticket, self.at)

    def finds(self, sent: Sent) -> links.Link | None:
        with self.store.read() as session:
            return links.find(session, sent.token, self.at)

    def accepts(self, sent: Sent) -> answering.Happened:
        return self.store.write(lambda session: answering.accept(session, sent.id, at=self.at))

    def declines(self, sent: Sent, reason: str = "full") -> answering.Happened:
        return self.store.write(
            lambda session: answering.decline(session, sent.id, reason, self.at)
        )

    def tells(self, sent: Sent, outcome: str) -> answering.Happened:
        return self.store.write(
            lambda session: answering.report_outcome(session, sent.id, outcome, at=self.at)
        )

    def expires(self) -> list[answering.Happened]:
        return self.store.write(lambda session: answering.expire(session, self.at))

    def reviews(self) -> list[str]:
        return self.store.write(
            lambda session: handoff.review(session, self.report_id, by="system", at=self.at)
        )

    def takes_back(self, organization: str = HARBOR) -> None:
        """Take the yes back; what it let out is looked through later."""
        its_id = self.given[organization]
        self.store.write(lambda session: consent.revoke(session, its_id, at=self.at, by=NOOR))

    def excludes(self, organization: str = HARBOR) -> None:
        terms = {"report_id": self.report_id, "kind": "organization", "ref": organization}
        self.store.write(lambda session: consent.exclude(session, keyring(), at=self.at, **terms))

    def becomes(self, **facts: Any) -> None:
        its = update(reports).where(reports.c.id == self.report_id).values(**facts)
        self.store.write(lambda session: session.execute(its))

    def offer(self, offer_id: str) -> Any:
        with self.store.read() as session:
            return session.execute(select(handoffs).where(handoffs.c.id == offer_id)).one()

    def link(self, sent: Sent) -> Any:
        its = select(handoff_links).where(handoff_links.c.id == sent.id)
        with self.store.read() as session:
            return session.execute(its).one_or_none()

    def status(self, sent: Sent) -> str:
        return str(self.offer(sent.offer_id).status)


def referring(store: Store, **facts: Any) -> Referring:
    row = report_row(**facts)
    store.write(lambda session: session.execute(insert(reports), row))
    return Referring(store, row["id"])
