"""A founded house, and in it a report whose sender can be reached."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from hotline.contact import reply
from hotline.contact.tables import sends
from hotline.domain.identity import Address
from hotline.jobs import jobs
from hotline.reports.tables import messages, reports
from hotline.store import new_id
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.relay import RelayKey, load_relay_public
from hotline.vault.sealing import keep, seal_contact
from tests.fakes import FakeCarrier
from tests.vault.conftest import NOW, House, house

__all__ = ["house"]

MARIA = "+15005550142"
LINE = "+15005550006"


@dataclass
class Desk:
    """What Noor needs to answer: a report, and everything that sending takes."""

    house: House
    noor: Keyholder
    relay: RelayKey
    carrier: FakeCarrier
    report_id: str

    @property
    def store(self):
        return self.house.store

    @property
    def keyring(self) -> Keyring:
        return self.house.keyring

    @property
    def relay_public(self):
        return load_relay_public(self.house.folder.relay_public)

    def opens_report(self, address: Address | None, **ways: str) -> str:
        """Keep an open report of someone at *address*."""
        report_id = new_id()
        contact = seal_contact(
            self.keyring, desk="harbor", report_id=report_id, address=address, ways=ways
        )
        row = {
            "id": report_id,
            "desk": "harbor",
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

    def replies(self, text: str, *, report_id: str = "", at: datetime = NOW, by=None) -> int:
        return reply(
            self.store,
            by or self.noor,
            self.keyring,
            self.relay_public,
            report_id=report_id or self.report_id,
            text=text,
            at=at,
        )

    def sends(self):
        return self.rows(select(sends))

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
        files = [*Path(url).parent.glob(Path(url).name + "*"), *self.house.folder.path.rglob("*")]
        return b"".join(file.read_bytes() for file in files if file.is_file())


@pytest.fixture
def desk(house: House) -> Desk:
    relay = RelayKey.load(house.folder.relay_private)
    desk = Desk(house, house.keyholder("noor"), relay, FakeCarrier(), "")
    return replace(desk, report_id=desk.opens_report(Address("sms", MARIA), line=LINE))
