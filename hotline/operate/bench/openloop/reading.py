"""Who reads while the texts come in: caseworkers at the desk, and an agency's tool at the feed."""

import base64
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from itertools import cycle

from hotline.errors import Unavailable
from hotline.operate.bench.leads.reading import Reader
from hotline.operate.bench.leads.shelf import Filled
from hotline.operate.bench.rig import NOOR, Rig
from hotline.store import Store
from hotline.vault.argon import DEMO
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.staff import StaffDoor
from hotline.vault.totp import step_at, totp_code

_PAUSE = 0.5
_REPORT = re.compile(r'/console/report/[0-9a-f]{32}(?=["?#])')


@dataclass
class Read:
    """Seconds that each page took, by what it was, and how many did not come."""

    took: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0


def sign_in(served: Rig) -> str:
    """Return the cookie of Noor, who reads the queue of the desk."""
    keys = KeyFolder(served.folder / "keys")
    with closing(Store(served.database_url)) as store:
        keyring = Keyring.open(store, root_public=keys.root_public(), pin=keys.pin)
        at = datetime.now(UTC)
        entrance = StaffDoor(keyring, Locks(keys.locks), DEMO).sign_in(
            store,
            username=NOOR.username,
            passphrase=NOOR.passphrase,
            totp=totp_code(base64.b32decode(served.totp_secret), step_at(at)),
            at=at,
        )
    return entrance.cookie


@contextmanager
def readers(served: Rig, cookie: str, feed: Filled) -> Iterator[Read]:
    """Let a caseworker and an agency's tool read, a page after the other with a pause between, until this ends."""
    read, over = Read(), threading.Event()
    threads = [
        threading.Thread(target=_at_the_desk, args=(served, cookie, read, over)),
        threading.Thread(target=_at_the_feed, args=(served, feed, read, over)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield read
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _at_the_desk(served: Rig, cookie: str, read: Read, over: threading.Event) -> None:
    """Look at the queue, and open one of the reports on it."""
    headers = {"Cookie": f"key={cookie}"}
    while not over.wait(_PAUSE):
        page = _get(served, "/console/", headers, "queue", read)
        if reports := _REPORT.findall(page):
            _get(served, random.choice(reports), headers, "report", read)


def _at_the_feed(served: Rig, feed: Filled, read: Read, over: threading.Event) -> None:
    with Reader(served.port, "/taxii2/leads/collections/", feed.token) as dele:
        for asked in cycle(feed.asked.values()):
            if over.wait(_PAUSE):
                return
            start = time.perf_counter()
            try:
                dele.asks(asked)
            except (OSError, HTTPException, Unavailable):
                read.failed += 1
            else:
                read.took.setdefault("feed", []).append(time.perf_counter() - start)


def _get(served: Rig, address: str, headers: dict[str, str], what: str, read: Read) -> str:
    start = time.perf_counter()
    try:
        with closing(HTTPConnection("127.0.0.1", served.port, timeout=30)) as connection:
            connection.request("GET", address, headers=headers)
            with connection.getresponse() as answer:
                page = answer.read().decode()
    except (OSError, HTTPException):
        read.failed += 1
        return ""
    if answer.status != 200:
        read.failed += 1
        return ""
    read.took.setdefault(what, []).append(time.perf_counter() - start)
    return page
