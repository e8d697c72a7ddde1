"""A desk with a million open reports, and a browser that is signed in there.

The rows are as a busy house has them; what was said, and how people are reached, is sealed for those alone that
somebody is going to look at.
"""

import base64
import json
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, insert, select

from hotline import migrations
from hotline.config import Config, TwilioSettings
from hotline.contact.tables import conversations
from hotline.domain.identity import Address
from hotline.domain.report import Channel, Direction, Status, day, reference
from hotline.domain.staff import Role
from hotline.factory import build, create_app
from hotline.parts import Hotline
from hotline.reports.tables import counters, messages, reports
from hotline.reviews import State
from hotline.store import Session, Store, new_id
from hotline.triage.languages import speak
from hotline.vault import ceremony
from hotline.vault.argon import CHEAPEST
from hotline.vault.contents import Account, Identity
from hotline.vault.member import NewMember
from hotline.vault.sealing import Envelope, keep, seal_contact, seal_message
from hotline.vault.totp import step_at, totp_code

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RARE = "ti"
NUMBER_OF_MESSAGES = 8

_BATCH, _HELD = 20_000, 5_000
_LANGUAGES = ("en", "en", "en", "es", "es", "vi", "tl", "zh")
_RULES: tuple[list[str], ...] = (
    ["captive", "withholding_of_wages"],
    ["moved_soon"],
    ["debt_bondage", "deception"],
    [],
)
_SAID = (
    "They keep our papers and lock the door at night, [PERSON 1] has the key. Nobody is paid, and who asks is "
    "told that the debt grows. I can text at night only, call [PHONE 1] or my sister [PERSON 2] if I do not answer."
)
_WAYS = {"hours": "00:00-23:59", "zone": "Europe/Rome", "line": "+15005550006"}
_PASSPHRASE = "seven slow green turtles"  # noqa: S105 - of nobody.
_INES = NewMember("ines", "Ines", "Alba", Role.SUPERVISOR, "main", _PASSPHRASE)
_NOOR = NewMember("noor", "Noor", "Rosa", Role.CASEWORKER, "main", _PASSPHRASE)
_OMAR = NewMember("omar", "Omar", "Lake", Role.CASEWORKER, "main", _PASSPHRASE)


@dataclass
class Desk:
    """A desk with very many open reports, and a browser that is signed in there."""

    hotline: Hotline
    client: FlaskClient
    staff_id: str
    size: int
    sealed: set[str] = field(default_factory=set)

    def opens(self, **asked: str) -> None:
        self.gets(f"/console/?{urlencode(asked)}")

    def gets(self, address: str) -> None:
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"the desk answers {answer.status}")

    def asks_for_news(self) -> None:
        headers = {"If-None-Match": f'"{self.size}"'}
        answer = self.client.get("/console/state?since=0", headers=headers)
        if answer.status_code != 304:
            raise RuntimeError(f"the state answers {answer.status}")

    def seal(self, report_ids: Iterable[str], *, number: int = 1) -> None:
        """Seal what the reports say in *number* messages, and how their people are reached."""
        for report_id in sorted(set(report_ids) - self.sealed):
            envelopes = list(_sealed(self.hotline, report_id, number))
            self.sealed.add(report_id)
            self.hotline.store.write(lambda session: _keep(session, report_id, envelopes))  # noqa: B023 - runs at once.


@contextmanager
def desk(
    folder: Path, url: str, size: int, *, clock: Callable[[], datetime] = lambda: AT
) -> Iterator[Desk]:
    """Found a house on the empty database *url*, and let a desk of it have *size* open reports."""
    (folder / "keys").mkdir()
    store = Store(url)
    migrations.create_all(store)
    founding = ceremony.found(
        store,
        directory=folder / "keys",
        desks=["main"],
        members=[_INES, _NOOR, _OMAR],
        at=AT,
        profile=CHEAPEST,
    )
    store.close()
    config = Config(
        public_url="http://localhost",
        database_url=url,
        keys=folder / "keys",
        twilio=TwilioSettings(account_sid="AC" + "0" * 32, auth_token="x" * 8, sms_number=""),
        offer_locales=State.DRAFTED,
    )
    hotline = build(config, clock=clock, profile=CHEAPEST)
    secret = base64.b32decode(founding.staff[0].totp_secret)
    entrance = hotline.door.sign_in(
        hotline.store,
        username=_INES.username,
        passphrase=_PASSPHRASE,
        totp=totp_code(secret, step_at(AT)),
        at=AT,
    )
    staff = {member.name: member.id for member in hotline.keyring.members}
    for staff_id, languages in zip(staff.values(), (["en"], ["en", "es"], ["vi"]), strict=True):
        hotline.store.write(lambda session: speak(session, staff_id, "main", languages))  # noqa: B023 - runs at once.
    _fill(hotline.store, size, list(staff.values()))
    client = create_app(hotline).test_client()
    client.set_cookie("key", entrance.cookie)
    yield Desk(hotline, client, staff[_INES.name], size)
    hotline.store.close()


def _fill(store: Store, size: int, staff: list[str]) -> None:
    """Keep *size* reports; the indexes are made afterwards, and ids come in order, because that is quicker."""
    indexes = sorted(reports.indexes, key=lambda index: str(index.name))
    ids = sorted(new_id() for _ in range(size))
    with store.engine.begin() as session:
        for index in indexes:
            index.drop(session)
        for done in range(0, size, _BATCH):
            _insert(session, [_report(one, staff) for one in ids[done : done + _BATCH]])
        ranks = [{"desk": "main", "urgency": rank, "open": size // 4} for rank in range(4)]
        session.execute(insert(counters), [{**one, "came": size // 4} for one in ranks])
        for index in indexes:
            index.create(session)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        session.exec_driver_sql(
            "VACUUM ANALYZE" if session.dialect.name == "postgresql" else "SELECT 1"
        )


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    """Hand the rows to the driver as they are: a million would take minutes otherwise."""
    names = list(rows[0])
    cursor = session.connection.cursor()
    if session.dialect.name == "postgresql":
        with cursor.copy(f"COPY reports ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(list(row.values()))
        return
    for row in rows:
        row |= {name: _naive(row[name]) for name in ("waiting_since", "claimed_until")}
    marks = ", ".join("?" for _ in names)
    into = f"INSERT INTO reports ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names.
    cursor.executemany(into, [tuple(row.values()) for row in rows])


def _naive(at: datetime | None) -> str | None:
    return f"{at:%Y-%m-%d %H:%M:%S.%f}" if at else None


def _report(report_id: str, staff: list[str]) -> dict[str, Any]:
    since = AT - timedelta(minutes=random.randrange(100_000))
    is_held = random.randrange(_HELD) == 0
    return {
        "id": report_id,
        "reference": reference(report_id),
        "desk": "main",
        "channel": random.choice((Channel.SMS, Channel.WHATSAPP, Channel.WEB)).value,
        "locale": "en",
        "locale_is_chosen": False,
        "language": RARE if random.randrange(10_000) == 0 else random.choice(_LANGUAGES),
        "country": "US",
        "day": day(since),
        "status": Status.OPEN.value,
        "urgency": random.choice((0, 1, 1, 2, 2, 3)),
        "minor": random.randrange(20) == 0,
        "bystander": random.randrange(10) == 0,
        "needs": '["shelter"]',
        "indicators": "[]",
        "rules": json.dumps(random.choice(_RULES)),
        "messages": 1,
        "unanswered": random.randrange(4) > 0,
        "claimed_by": random.choice(staff) if is_held else None,
        "claimed_until": AT + timedelta(minutes=20) if is_held else None,
        "waiting_since": since,
        "duress": False,
        "is_opened": random.randrange(1_000) > 0,
        "restricted": random.randrange(10_000) == 0,
        "outcome": "",
    }


def _sealed(hotline: Hotline, report_id: str, number: int) -> Iterator[Envelope]:
    address, keyring = Address(Channel.SMS, "+15005550142"), hotline.keyring
    its: dict[str, Any] = {"keyring": keyring, "desk": "main", "report_id": report_id}
    who = Identity(_SAID, "+15005550142", (("[PERSON 1]", "Ramon"), ("[PHONE 1]", "500 555 0142")))
    for seq in range(1, number + 1):
        yield from seal_message(**its, seq=seq, account=Account(_SAID), preview=_SAID, identity=who)
    yield seal_contact(**its, address=address, ways=_WAYS)


def _keep(session: Session, report_id: str, envelopes: list[Envelope]) -> None:
    keep(session, envelopes)
    kinds = (Direction.FROM_REPORTER, Direction.TO_REPORTER, Direction.NOTE)
    rows = [
        {
            "report_id": report_id,
            "seq": seq,
            "direction": kinds[(seq - 1) % len(kinds)].value,
            "channel": Channel.SMS.value,
            "day": day(AT),
            "at": AT,
        }
        for seq in sorted({one.seq for one in envelopes if one.seq})
    ]
    session.execute(insert(messages), rows)
    session.execute(insert(conversations), {"report_id": report_id, "last_at": AT})


def place(store: Store, number: int) -> str:
    """Return where the page begins that has *number* open reports before it (behind it, where negative)."""
    rows = reports.c
    order: tuple[ColumnElement[Any], ...] = (rows.urgency.desc(), rows.waiting_since, rows.id)
    if number < 0:
        order = (rows.urgency, rows.waiting_since.desc(), rows.id.desc())
    its = select(rows.urgency, rows.id).where(rows.desk == "main", rows.status == Status.OPEN)
    with store.read() as session:
        found = session.execute(its.order_by(*order).offset(abs(number)).limit(1)).one()
    return f"{found.urgency}-{found.id}"
