"""The worker brings what is released: at once, beside the rest, and one thing after the other however many work."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from pathlib import Path

import pytest

from hotline import jobs, worker
from hotline.leads.webhooks.calling import Caller
from hotline.migrations import create_all
from hotline.store import Store
from hotline.vault.keys import PrivateKey
from hotline.vault.relay import RelayKey
from tests.house import Clock, House, found_house
from tests.leads.desk import Desk
from tests.leads.webhooks.post import Post
from tests.leads.webhooks.receiver import HERE, Receiver, certificate_of, listening
from tests.servers import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]

LOCALHOST = (*HERE, ip_network("::1/128"))


@pytest.fixture
def nearby(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Receiver]:
    """A receiver that this machine finds and trusts as it would any other."""
    certificate = certificate_of("localhost", tmp_path_factory.mktemp("certificates"))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(certificate) as receiver:
        yield receiver


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = found_house(
        tmp_path,
        clock=Clock(datetime.now(UTC)),
        adjust=lambda config: replace(config, webhook_networks=LOCALHOST),
    )
    yield house
    house.close()


@pytest.fixture
def working(house: House) -> Iterator[worker.Embedded]:
    embedded = worker.Embedded(house.hotline)
    house.hotline.store.on_jobs(embedded.ring)
    embedded.start()
    yield embedded
    embedded.stop()


def test_what_is_released_arrives_and_holds_up_nothing_else(
    house: House,
    working: worker.Embedded,
    nearby: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hotline = house.hotline
    post = Post(Desk(hotline.store), hotline.relay, Caller(), at=house.clock())
    unit = post.desk.admits("National unit", "RO")
    hook = post.subscribes(unit, f"https://localhost:{nearby.port}/leads")
    arrived, other_done = threading.Event(), threading.Event()

    def waits(handler: BaseHTTPRequestHandler) -> None:
        arrived.set()
        assert other_done.wait(60)
        handler.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    nearby.talk = waits
    monkeypatch.setitem(worker.WORK, "price", lambda _hotline, _ref: other_done.set())
    post.releases(unit)
    assert arrived.wait(60)
    # While the receiver takes its time the worker goes on.
    hotline.store.write(lambda session: jobs.later(session, jobs.Job("price", at=post.at)))
    assert other_done.wait(60)
    while post.jobs():
        threading.Event().wait(0.01)
    assert nearby.taken[0].opened(hook.secret)["type"] == "lead.released"
    assert [one.status for one in post.receipts(unit, hook)] == [204]


def test_slow_receivers_of_two_agencies_hold_up_no_third(
    house: House, working: worker.Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotline = house.hotline
    post = Post(Desk(hotline.store), hotline.relay, Caller(), at=house.clock())
    units = [post.desk.admits(f"Unit {number}", "RO") for number in range(3)]
    slow = [post.subscribes(unit, "https://localhost/").id for unit in units[:2] for _ in range(9)]
    quick = post.subscribes(units[2], "https://localhost/").id
    go, quick_done = threading.Event(), threading.Event()
    begun: list[str] = []

    def delivers(_hotline: object, ref: str) -> None:
        begun.append(ref)
        if ref == quick:
            quick_done.set()
        elif not go.is_set():
            assert go.wait(60)

    monkeypatch.setitem(worker.WORK, "deliver_webhook", delivers)
    for unit in units[:2]:
        for _ in range(5):
            post.releases(unit)
    while len(begun) < 4:
        threading.Event().wait(0.01)
    post.releases(units[2])
    assert quick_done.wait(60)
    # Each of the slow has two threads, and what else is theirs was given back.
    assert len([ref for ref in begun if ref in slow]) == 4
    go.set()
    while post.jobs():
        house.clock.passes(seconds=1)
        working.ring()
        threading.Event().wait(0.01)
    assert set(begun) == {*slow, quick}
    # What is asked for again and again is done once.
    assert len(begun) < 5 * len(slow)


def test_many_workers_bring_everything_in_order(
    postgres_url: str, receiver: Receiver, post: Post
) -> None:
    store = Store(postgres_url)
    create_all(store)
    busy = Post(Desk(store), RelayKey(PrivateKey.fresh()), post.caller)
    unit = busy.desk.admits("National unit", "RO")
    hook = busy.subscribes(unit, receiver.url)
    released: list[str] = []
    is_over = threading.Event()

    def works() -> None:
        while not (is_over.is_set() and not busy.works()):
            busy.works()

    workers = [threading.Thread(target=works) for _ in range(3)]
    for thread in workers:
        thread.start()
    released += [busy.releases(unit) for _ in range(20)]
    is_over.set()
    for thread in workers:
        thread.join()
    arrived = [one.opened(hook.secret)["data"]["id"] for one in receiver.taken]
    assert arrived == [f"report--{lead_id}" for lead_id in released]
    assert busy.hook(unit, hook).failures == 0
    store.close()
