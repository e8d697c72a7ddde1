"""The queue at the size of a flood: a whole page of it, by the clock, at the start, in the middle and at the end.

Each page is asked for as a browser does, signed in, over a million open reports: 50 rows with their previews and
contact records opened, what stands beside them, and the number in each view.
"""

import base64
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import insert

from hotline import migrations, triage
from hotline.config import Config, TwilioSettings
from hotline.domain.identity import Address
from hotline.domain.report import Channel, Status, day
from hotline.domain.staff import Role
from hotline.errors import Misconfigured
from hotline.factory import build, create_app
from hotline.operate.bench.chaos.house import postgres
from hotline.parts import Hotline
from hotline.reports.tables import counters, reports
from hotline.store import Store, new_id
from hotline.triage import finding
from hotline.triage.filtering import Filters
from hotline.triage.rows import QueuePage
from hotline.vault import ceremony
from hotline.vault.argon import CHEAPEST
from hotline.vault.contents import Account
from hotline.vault.member import NewMember
from hotline.vault.sealing import keep, seal_contact, seal_message
from hotline.vault.totp import step_at, totp_code

_ROWS, _BATCH, _ROUNDS = 1_000_000, 10_000, 31
_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
_RARE = "ti"
_SAID = "They keep our papers and lock the door at night. Nobody is paid. "
_WAYS = {"hours": "00:00-23:59", "zone": "Europe/Rome", "line": "+15005550006"}
_INES = NewMember("ines", "Ines", "Alba", Role.SUPERVISOR, "main", "seven slow green turtles")


@dataclass
class Desk:
    """A desk with a million open reports, and a browser that is signed in there."""

    hotline: Hotline
    client: FlaskClient

    def opens(self, **asked: str) -> None:
        answer = self.client.get(f"/console/?{urlencode(asked)}")
        if answer.status_code != 200:
            raise RuntimeError(f"the queue answers {answer.status}")

    def asks_for_news(self) -> None:
        answer = self.client.get("/console/state?since=0", headers={"If-None-Match": f'"{_ROWS}"'})
        if answer.status_code != 304:
            raise RuntimeError(f"the state answers {answer.status}")


def measure() -> dict[str, float]:
    """Return the time of whole pages, in milliseconds; on PostgreSQL too where it is installed."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="hotline") as folder:
        figures |= _on("SQLite", Path(folder), f"sqlite:///{Path(folder) / 'hotline.db'}")
    try:
        with postgres() as url, tempfile.TemporaryDirectory(prefix="hotline") as folder:
            figures |= _on("PostgreSQL", Path(folder), url)
    except Misconfigured:
        # Who only runs the hotline has no PostgreSQL of the tests'.
        return figures
    return figures


def _on(database: str, folder: Path, url: str) -> dict[str, float]:
    with _desk(folder, url) as desk:
        places = _places(desk.hotline.store)
        for after in places.values():
            _seal(desk.hotline, after)
        pages = {f"{name} page": partial(desk.opens, after=at) for name, at in places.items()}
        took = {name: _median(page) for name, page in pages.items()}
        others: dict[str, Callable[[], object]] = {
            "one language in 10,000": partial(desk.opens, language=_RARE),
            "nobody opened it yet, one in 1,000": partial(desk.opens, view="unread"),
            "overdue": partial(desk.opens, view="overdue"),
            "may be written to now": partial(desk.opens, view="window"),
            "nothing new": desk.asks_for_news,
            "a search that fits one in 10,000": partial(_search, desk.hotline.store),
        }
        took |= {name: _median(page) for name, page in others.items()}
    first, _, last = list(took.values())[:3]
    head = f"{database}, {_ROWS:,} open"
    figures = {f"{head}: {name}, ms": value for name, value in took.items()}
    return {**figures, f"{head}: last over first": last / first}


@contextmanager
def _desk(folder: Path, url: str) -> Iterator[Desk]:
    (folder / "keys").mkdir()
    store = Store(url)
    migrations.create_all(store)
    founding = ceremony.found(
        store,
        directory=folder / "keys",
        desks=["main"],
        members=[_INES],
        at=_AT,
        profile=CHEAPEST,
    )
    _fill(store)
    store.close()
    config = Config(
        public_url="http://localhost",
        database_url=url,
        keys=folder / "keys",
        twilio=TwilioSettings(account_sid="AC" + "0" * 32, auth_token="x" * 8, sms_number=""),
    )
    hotline = build(config, clock=lambda: _AT, profile=CHEAPEST)
    secret = base64.b32decode(founding.staff[0].totp_secret)
    entrance = hotline.door.sign_in(
        hotline.store,
        username=_INES.username,
        passphrase=_INES.passphrase,
        totp=totp_code(secret, step_at(_AT)),
        at=_AT,
    )
    client = create_app(hotline).test_client()
    client.set_cookie("key", entrance.cookie)
    yield Desk(hotline, client)
    hotline.store.close()


def _fill(store: Store) -> None:
    """Keep a million reports; the indexes are made afterwards, and ids come in order, because that is quicker."""
    indexes = sorted(reports.indexes, key=lambda index: str(index.name))
    ids = sorted(new_id() for _ in range(_ROWS))
    with store.engine.begin() as session:
        for index in indexes:
            index.drop(session)
        for done in range(0, _ROWS, _BATCH):
            session.execute(insert(reports), list(map(_report, ids[done : done + _BATCH])))
        ranks = [{"desk": "main", "urgency": rank, "open": _ROWS // 4} for rank in range(4)]
        session.execute(insert(counters), [{**one, "came": _ROWS // 4} for one in ranks])
        for index in indexes:
            index.create(session)
        session.exec_driver_sql("ANALYZE" if session.dialect.name == "postgresql" else "SELECT 1")


def _report(report_id: str) -> dict[str, object]:
    since = _AT - timedelta(minutes=random.randrange(100_000))
    return {
        "id": report_id,
        "desk": "main",
        "channel": Channel.SMS,
        "locale": "en",
        "locale_is_chosen": False,
        "language": _RARE if random.randrange(10_000) == 0 else "en",
        "country": "US",
        "day": day(since),
        "status": Status.OPEN,
        "urgency": random.choice((0, 1, 1, 2, 2, 3)),
        "minor": False,
        "bystander": False,
        "needs": ["shelter"],
        "indicators": [],
        "rules": ["captive", "withholding_of_wages"],
        "messages": 1,
        "unanswered": True,
        "waiting_since": since,
        "is_opened": random.randrange(1_000) > 0,
    }


def _places(store: Store) -> dict[str, str]:
    """Return where the first, a middle and the last page begin, found by walking in large steps."""
    places = [""]
    while True:
        page = _page(store, places[-1], limit=2000)
        if not page.next:
            break
        places.append(page.next)
    return {"first": "", "middle": places[len(places) // 2], "last": places[-1]}


def _page(store: Store, after: str, limit: int = 50) -> QueuePage:
    with store.read() as session:
        return triage.queue_page(
            session, desk="main", view="open", at=_AT, after=after, limit=limit
        )


def _seal(hotline: Hotline, after: str) -> None:
    """Seal what the reports of a page said, and how their people are reached."""
    address, keyring = Address(Channel.SMS, "+15005550142"), hotline.keyring
    for row in _page(hotline.store, after).rows:
        said = seal_message(
            keyring, desk="main", report_id=row.id, seq=1, account=Account(_SAID), preview=_SAID
        )
        way = seal_contact(keyring, desk="main", report_id=row.id, address=address, ways=_WAYS)
        hotline.store.write(lambda session: keep(session, [*said, way]))  # noqa: B023 - runs at once.


def _search(store: Store) -> None:
    facts = finding.Facts(Filters(languages=(_RARE,)))
    with store.read() as session:
        finding.found_page(session, desk="main", staff_id="", facts=facts)


def _median(call: Callable[[], object]) -> float:
    took = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return statistics.median(took) * 1000
