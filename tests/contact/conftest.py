"""A house, and in it a report whose sender can be reached."""

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from hotline.contact import expire, reply, send
from hotline.contact.conversation import keep_conversation
from hotline.contact.tables import sends
from hotline.domain.identity import Address
from hotline.jobs import Priority, claim, done, jobs
from hotline.parts import Hotline
from hotline.reports.tables import messages, reports
from hotline.store import Store, new_id
from hotline.vault.opening import Keyholder
from hotline.vault.sealing import keep, seal_contact
from hotline.vault.totp import step_at, totp_code
from tests.cast import MARIA
from tests.fakes import FakeCarrier
from tests.house import NOON, SMS_LINE, STAFF, House

LINE = SMS_LINE
NOW = NOON


@dataclass
class Desk:
    """What Noor needs to answer: a report, and everything that sending takes."""

    house: House
    noor: Keyholder
    report_id: str = ""

    @property
    def hotline(self) -> Hotline:
        return self.house.hotline

    @property
    def store(self) -> Store:
        return self.hotline.store

    @property
    def carrier(self) -> FakeCarrier:
        return self.house.carrier

    def opens_report(self, address: Address | None, desk: str = "main", **ways: str) -> str:
        """Keep an open report of someone at *address*."""
        report_id = new_id()
        contact = seal_contact(
            self.hotline.keyring, desk="main", report_id=report_id, address=address, ways=ways
        )
        row = {
            "id": report_id,
            "desk": desk,
            "channel": address.channel if address else "web",
            "locale": "es",
            "language": "es",
            "day": "2026-11-25",
            "status": "open",
            "urgency": 2,
            "minor": False,
            "bystander": False,
            "needs": [],
            "indicators": [],
            "rules": [],
            "messages": 1,
            "unanswered": True,
            "waiting_since": NOW,
        }

        def work(session):
            session.execute(insert(reports), row)
            keep(session, [contact])

        self.store.write(work)
        return report_id

    def is_there(self, *, report_id: str = "", at: datetime = NOW, **span: float) -> None:
        """Let the person be there, and have said that it is safe, for half an hour or *span*."""
        until = at + timedelta(**(span or {"minutes": 30}))
        its = report_id or self.report_id
        self.store.write(
            lambda session: keep_conversation(
                session, its, sealed=b"", open_until=until, is_closed=False, at=at
            )
        )

    def replies(
        self, text: str, *, report_id: str = "", at: datetime = NOW, by=None, there=True, **more
    ) -> int:
        """Let Noor answer; *there* says that the person is there and that it is safe."""
        if there:
            self.is_there(report_id=report_id, at=at)
        return reply(
            self.store,
            by or self.noor,
            self.hotline.keyring,
            self.hotline.relay_public,
            languages=self.hotline.languages,
            house_public=self.hotline.log_key.public,
            report_id=report_id or self.report_id,
            text=text,
            at=at,
            **more,
        )

    def sends(self, kind: str = "content"):
        return self.rows(select(sends).where(sends.c.kind == kind).order_by(sends.c.seq))

    def works(self, *, at: datetime = NOW, **more) -> None:
        """Do each job of sending that is due, as the worker does."""
        due = self.store.write(lambda session: claim(session, Priority.PEOPLE, at=at))
        for job in due:
            if job.name == "send":
                send(self.store, self.carrier, self.hotline.relay, job.ref, at=at, **more)
            if job.name == "expire":
                expire(self.store, job.ref, at=at)
            self.store.write(lambda session, job=job: done(session, job))

    def jobs(self, name: str):
        return self.rows(select(jobs).where(jobs.c.name == name))

    def states(self) -> list[str]:
        query = select(messages.c.state).where(messages.c.direction == "out")
        return [row.state for row in self.rows(query.order_by(messages.c.seq))]

    def rows(self, query):
        with self.store.read() as session:
            return session.execute(query).all()

    def every_byte(self) -> bytes:
        """Return every byte of the database, its log and the key folder."""
        self.store.truncate_log()
        url: str = self.store.engine.url.database
        files = [*Path(url).parent.glob(Path(url).name + "*"), *self.hotline.config.keys.rglob("*")]
        return b"".join(file.read_bytes() for file in files if file.is_file())


def signs_in(house: House, username: str) -> Keyholder:
    """Let someone sign in, and return what they can open."""
    passphrase = {new.username: new.passphrase for new in STAFF}[username]
    secret = base64.b32decode(house.staff[username].totp_secret)
    at, door, store = house.clock(), house.hotline.door, house.hotline.store
    code = totp_code(secret, step_at(at))
    came = door.sign_in(store, username=username, passphrase=passphrase, totp=code, at=at)
    keyholder = door.resume(store, came.cookie, at=at)
    assert keyholder is not None
    return keyholder


@pytest.fixture
def desk(house: House) -> Desk:
    return desk_in(house)


def desk_in(house: House) -> Desk:
    desk = Desk(house, signs_in(house, "noor"))
    return replace(desk, report_id=desk.opens_report(Address("sms", MARIA), line=LINE))
