"""The address of a link goes by mail, sealed until then; the PIN never does, and nothing goes once the link is closed."""

import email
import ssl
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from hotline import worker
from hotline.channels.herald import Messenger
from hotline.errors import NotFound, Unavailable
from hotline.handoff import mailing
from hotline.handoff.events import Status
from hotline.handoff.tables import handoff_links, handoff_mails, handoffs
from hotline.jobs import jobs
from hotline.parts import Hotline
from hotline.reports.tables import reports
from hotline.store import new_id
from hotline.triage import providers
from hotline.vault.links import new_link
from tests.channels.herald import test_messenger
from tests.channels.herald.servers import mail_server
from tests.channels.herald.test_messenger import mail_at
from tests.consent.conftest import report_row
from tests.handoff.desk import HARBOR, Referring
from tests.house import House

TO = "intake@harbor.example"
certificate = test_messenger.certificate


@dataclass
class Postman:
    """A house that asks providers by mail; *told* is what the mail server took."""

    house: House
    report_id: str = field(default_factory=new_id)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: bool = False
    dies: bool = False
    maria: Referring = field(init=False)

    def tell(self, place: str, *, subject: str, text: str) -> None:
        if self.refuses:
            raise Unavailable
        self.told.append((place, subject, text))
        if self.dies:
            self.dies = False
            raise KeyboardInterrupt

    @property
    def hotline(self) -> Hotline:
        return self.house.hotline

    def asks(self, *, locale: str = "en", status: str = Status.ASKED) -> tuple[str, str]:
        """Ask a provider by a link, and return its id with the token; the person lets them know."""
        token, _pin = new_link()
        self.maria = Referring(self.hotline.store, self.report_id, self.house.clock())
        self.maria.store.write(
            lambda session: session.execute(insert(reports), report_row(id=self.report_id))
        )
        self.maria.says_yes(fields=["need"])
        offer_id, link_id = new_id(), new_id()
        offer = {
            "id": offer_id, "report_id": self.report_id, "number": 1, "service_id": new_id(),
            "organization_id": HARBOR, "service_name": "Harbor House", "need": "shelter",
            "status": status, "fields": [], "offered_by": "noor", "day": "2026-11-25",
        }  # fmt: skip
        link = {
            "id": link_id, "kind": "packet", "handoff_id": offer_id, "report_id": self.report_id,
            "service_id": "s", "lookup": token[:32].encode(), "public_key": b"k" * 32,
            "sealed": b"packet", "locale": locale, "fields": ["need"],
            "expires_at": self.house.clock() + timedelta(days=3),
        }  # fmt: skip
        self.hotline.store.write(
            lambda session: (
                session.execute(insert(handoffs).values(offer)),
                session.execute(insert(handoff_links).values(link)),
            )
        )
        return link_id, token

    def mails(self, link_id: str, token: str, to: str = TO) -> str:
        hotline = self.hotline
        return hotline.store.write(
            lambda session: mailing.mail_link(
                session,
                hotline.relay_public,
                languages=hotline.languages,
                link_id=link_id,
                to=to,
                url=f"https://line.example/handoff/{token}",
                at=self.house.clock(),
            )
        )

    def works(self, **span: float) -> None:
        self.house.clock.passes(**span)
        while worker.work_off(self.hotline):
            pass

    def rows(self, query):
        with self.hotline.store.read() as session:
            return session.execute(query).all()

    def state(self, link_id: str) -> str:
        with self.hotline.store.read() as session:
            return mailing.state_of(session, link_id)

    def every_byte(self) -> bytes:
        self.hotline.store.truncate_log()
        folder = Path(self.hotline.store.engine.url.database).parent
        return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.fixture
def postman(house: House) -> Postman:
    # What is asked for at once is due by the clock of the machine: here it is later than that.
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    house.clock.at = tomorrow.replace(hour=12, minute=0, second=0, microsecond=0)
    postman = Postman(house)
    house.hotline = replace(house.hotline, herald=postman, carrier=None)
    return postman


def test_the_address_arrives_by_mail_and_lies_nowhere_in_the_clear(
    postman: Postman, certificate: Path
) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    link_id, token = postman.asks()
    with mail_server(certificate) as heard:
        messenger = Messenger(mail_at(heard.where), trust=lambda: trust)
        postman.house.hotline = replace(postman.hotline, herald=messenger)
        postman.mails(link_id, token)
        assert postman.state(link_id) == "waiting"
        everything = postman.every_byte()
        assert token.encode() not in everything
        assert TO.encode() not in everything
        postman.works()
    (body,) = heard.bodies
    mail = email.message_from_string(body, policy=default)
    assert (mail["To"], mail["Subject"]) == (TO, "A message for you")
    assert f"https://line.example/handoff/{token}" in mail.get_content().split()
    # It says nothing of what it is about, and was sent once; nothing of it is kept.
    assert "hotline" not in mail.get_content().lower()
    # Nor is the minute of it kept.
    (row,) = postman.rows(select(handoff_mails.c.expires_at))
    assert f"{row.expires_at:%H:%M:%S.%f}" == "00:00:00.000000"
    assert postman.state(link_id) == "sent"
    assert [row.sealed for row in postman.rows(select(handoff_mails.c.sealed))] == [None]
    assert token.encode() not in postman.every_byte()


def test_a_server_that_does_not_answer_is_tried_again(postman: Postman) -> None:
    postman.refuses = True
    link_id, token = postman.asks()
    postman.mails(link_id, token)
    postman.works()
    assert (postman.told, postman.state(link_id)) == ([], "waiting")
    postman.refuses = False
    postman.works(minutes=5)
    assert ([place for place, *_ in postman.told], postman.state(link_id)) == (
        [f"mailto:{TO}"],
        "sent",
    )


def test_a_worker_that_dies_after_it_was_taken_sends_it_again(postman: Postman) -> None:
    postman.dies = True
    link_id, token = postman.asks()
    postman.mails(link_id, token)
    with pytest.raises(KeyboardInterrupt):
        postman.works()
    assert postman.state(link_id) == "waiting"
    # Its claim is over.
    postman.works(minutes=3)
    assert (len(set(postman.told)), len(postman.told), postman.state(link_id)) == (1, 2, "sent")
    postman.works(minutes=3)
    assert len(postman.told) == 2


def withdrawn(session):
    session.execute(update(handoffs).values(status=Status.WITHDRAWN))


def answered(session):
    session.execute(update(handoffs).values(status=Status.ACCEPTED))


def opened(session):
    session.execute(update(handoff_links).values(opened_day="2026-11-25"))


def closed(session):
    session.execute(delete(handoff_links))


def over(session):
    session.execute(update(handoff_links).values(expires_at=datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    "refuses",
    [
        Referring.takes_back,
        Referring.excludes,
        lambda maria: maria.becomes(duress=True),
        lambda maria: maria.becomes(minor=True),
    ],
)
def test_nothing_goes_that_the_person_does_not_let_out_now(postman: Postman, refuses) -> None:
    link_id, token = postman.asks()
    postman.mails(link_id, token)
    refuses(postman.maria)
    postman.works()
    assert (postman.told, postman.state(link_id)) == ([], "ended")
    assert [row.sealed for row in postman.rows(select(handoff_mails.c.sealed))] == [None]


@pytest.mark.parametrize("meanwhile", [withdrawn, answered, opened, closed, over])
def test_nothing_goes_once_nobody_is_waited_for(postman: Postman, meanwhile) -> None:
    link_id, token = postman.asks()
    postman.mails(link_id, token)
    postman.hotline.store.write(meanwhile)
    postman.works()
    assert (postman.told, postman.state(link_id)) == ([], "ended")
    assert [row.sealed for row in postman.rows(select(handoff_mails.c.sealed))] == [None]


def test_taking_back_forgets_it_at_once(postman: Postman) -> None:
    link_id, token = postman.asks()
    postman.mails(link_id, token)
    at, its = postman.house.clock(), postman.report_id
    still = postman.hotline.store.write
    still(lambda session: providers.let_go(session, its, at=at))
    assert postman.state(link_id) == "waiting"
    still(lambda session: (withdrawn(session), providers.let_go(session, its, at=at)))
    assert postman.state(link_id) == "ended"
    assert [row.sealed for row in postman.rows(select(handoff_mails.c.sealed))] == [None]
    still(lambda session: mailing.forget(session, its))
    assert postman.rows(select(handoff_mails)) == []


def test_after_a_day_it_is_let_go_and_after_that_forgotten(postman: Postman) -> None:
    postman.refuses = True
    link_id, token = postman.asks()
    postman.mails(link_id, token)
    at, sweep = postman.house.clock() + timedelta(hours=24), postman.hotline.store.write
    sweep(lambda session: mailing.sweep(session, at=at - timedelta(minutes=1)))
    assert postman.state(link_id) == "waiting"
    sweep(lambda session: mailing.sweep(session, at=at))
    assert postman.rows(select(handoff_mails)) == []
    postman.refuses = False
    postman.works(hours=25)
    assert postman.told == []
    assert not postman.rows(select(jobs.c.id).where(jobs.c.name == mailing.SEND))


@pytest.mark.parametrize(
    "typed",
    ["", "harbor", "a@b", "a b@harbor.example", "a@harbor.example\nBcc: x@y.example",
     "a@harbor.example, b@harbor.example", "<a@harbor.example>", "é@harbor.example",
     "a" * 250 + "@harbor.example"],
)  # fmt: skip
def test_what_is_no_address_is_asked_for_again(typed: str) -> None:
    with pytest.raises(mailing.NoAddress):
        mailing.read_address(typed)
    assert mailing.read_address(f" {TO}\n") == TO


def test_a_link_that_does_not_open_is_not_mailed(postman: Postman) -> None:
    _, token = postman.asks()
    with pytest.raises(NotFound):
        postman.mails(new_id(), token)
    assert postman.rows(select(handoff_mails)) == []
