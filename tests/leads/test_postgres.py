"""Leads on PostgreSQL, where several processes release at the same time."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from hotline import consent
from hotline.leads import publish
from hotline.migrations import create_all
from hotline.store import Store
from hotline.triage import excluding
from tests.leads.desk import COLLECTION, NOOR, Desk, Reader, draft, serving
from tests.servers import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]


@pytest.fixture
def desk(postgres_url: str) -> Iterator[Desk]:
    store = Store(postgres_url)
    create_all(store)
    yield Desk(store)
    store.close()


@pytest.fixture
def app(desk: Desk) -> Flask:
    return serving(desk.store)


def follow(dele: Reader, app: Flask, is_over: threading.Event, found: list[str]) -> None:
    """Poll as a client does: ask for what came after the last thing seen."""
    after: dict[str, str] = {}
    while True:
        last_round = is_over.is_set()
        page = dele.asks(app, COLLECTION + "objects/", limit=7, **after)
        objects = page.get_json(force=True).get("objects", [])
        found += [one["id"] for one in objects if one["type"] == "report"]
        if objects:
            after = {"added_after": page.headers["X-TAXII-Date-Added-Last"]}
        elif last_round:
            return


def test_a_reader_who_follows_misses_nothing_while_many_release(desk: Desk, app: Flask) -> None:
    readers = [desk.admits("National unit", "RO"), desk.admits("Second unit", "RO")]
    desk.publishes()
    is_over, found = threading.Event(), []
    follower = threading.Thread(target=follow, args=(readers[0], app, is_over, found))
    follower.start()
    many = [threading.Thread(target=lambda: [desk.publishes() for _ in range(6)]) for _ in range(4)]
    for thread in many:
        thread.start()
    for thread in many:
        thread.join()
    is_over.set()
    follower.join()
    assert len(found) == len(set(found)) == 25
    for dele in readers:
        assert len(dele.reads(app, **{"match[type]": "report"})) == 25
        assert len(dele.reads(app, **{"match[type]": "note,report"}, limit=3)) == 75


def test_a_lead_lives_and_ends(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id, until=desk.at.date())
    link = "https://ads.example.com/post"
    lead_id, other = (
        desk.publishes(report_id, links=(link,)),
        desk.publishes(links=(link,)),
    )
    desk.at += timedelta(days=1)
    lapsed = desk.store.write(lambda session: excluding.sweep(session, at=desk.at))
    assert lapsed == [lead_id]
    items = dele.asks(app, "/feeds/leads.json").get_json(force=True)["items"]
    assert [item["_lead"]["recalled"] for item in items] == [True, False]
    feeds = ("leads.csv?country=RO&theme=labour", "misp/manifest.json", "misp/hashes.csv", "bundle")
    for path in (*feeds, f"misp/{uuid.UUID(lead_id)}.json"):
        assert dele.asks(app, f"/feeds/{path}").status_code == 200, path
    assert [found["value"] for found in dele.reads(app, **{"match[type]": "url"})] == [link]
    assert desk.recalls(other)


def test_strange_filters_break_nothing(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    for name in ("match[id]", "match[type]", "match[version]", "added_after", "limit", "next"):
        for given in ("\0", "'", "%", "9" * 40, "-1"):
            answer = dele.asks(app, COLLECTION + "objects/", **{name: given})
            assert answer.status_code in (200, 400), (name, given)
    for path in ("objects/%00/", "objects/%27/versions/", "objects/\N{SNOWMAN}/", "manifest/%00/"):
        assert dele.asks(app, COLLECTION + path).status_code in (400, 404)


def test_consent_cannot_be_taken_back_while_a_lead_leaves_on_it(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report()
    given = desk.consents(report_id)
    taken: list[list[str]] = []

    def take_back() -> None:
        taken.append(desk.takes_back(report_id, given))

    releasing = threading.Thread(target=take_back)

    def release(session):
        consent.case_of(session, report_id, lock=True)
        releasing.start()
        releasing.join(0.3)
        assert releasing.is_alive()
        return publish.publish(session, draft(), report_id=report_id, by=NOOR, at=desk.at)

    lead_id = desk.store.write(release)
    releasing.join()
    assert taken == [[lead_id]]
