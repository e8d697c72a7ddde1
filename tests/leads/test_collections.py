"""An agency reads everything, or one country, or one theme; every answer is written down, and none is guessed at."""

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from hotline import audit
from hotline.leads import rescoping
from hotline.leads.codes import Theme
from hotline.leads.disclose import CouldKnow
from hotline.leads.tables import fetches
from tests.leads.desk import COLLECTION, TAXII, Desk, Reader

ROOT = "/taxii2/leads/collections/"
LINK = "https://ads.example.com/post"


@pytest.fixture
def dele(desk: Desk) -> Reader:
    """Dele reads leads of two countries and two themes; two of them tell one page."""
    dele = desk.admits("Both", "BG", "RO")
    told: dict[str, Any] = {"links": (LINK,), "could_know": CouldKnow.MANY}
    desk.publishes(**told)
    desk.publishes(country="BG", **told)
    desk.publishes(exploitation=("ForcedMarriage",))
    return dele


def collections(app: Flask, dele: Reader) -> dict[str, str]:
    """Return the address of each collection by its title."""
    listed = dele.asks(app, ROOT).get_json(force=True)["collections"]
    return {one["title"]: f"{ROOT}{one['id']}/" for one in listed}


def read(app: Flask, dele: Reader, path: str, **query: Any) -> list[dict[str, Any]]:
    return dele.asks(app, path + "objects/", **query).get_json(force=True).get("objects", [])


def notes(desk: Desk) -> int:
    with desk.store.read() as session:
        return len([line for line in audit.page(session) if line.did == "leads_fetched"])


def test_there_is_a_collection_for_each_country_and_theme_and_ids_are_as_the_standard_says(
    dele: Reader, app: Flask
) -> None:
    listed = dele.asks(app, ROOT).get_json(force=True)["collections"]
    assert len(listed) == 1 + 2 + len(Theme)
    assert listed[0]["alias"] == "leads"
    assert {uuid.UUID(one["id"]).version for one in listed} == {4}
    for one in listed:
        assert dele.asks(app, f"{ROOT}{one['id']}/").get_json(force=True) == one
        assert dele.asks(app, f"{ROOT}{one['id'].upper()}/objects/").status_code == 200


def test_a_view_holds_its_leads_and_all_they_refer_to(dele: Reader, app: Flask) -> None:
    everything = {one["id"]: one for one in dele.reads(app)}
    held = {}
    for title, path in collections(app, dele).items():
        found = {one["id"]: one for one in read(app, dele, path)}
        assert found.items() <= everything.items()
        listed = dele.asks(app, path + "manifest/").get_json(force=True).get("objects", [])
        assert [record["id"] for record in listed] == list(found)
        assert bool(found) == ("report" in {one["type"] for one in found.values()})
        for one in found.values():
            needed = [*one.get("object_refs", []), one.get("created_by_ref")]
            needed += one.get("object_marking_refs", [])
            assert set(needed) - {None} <= set(found), title
        held[title] = [one["type"] for one in found.values()].count("report")
    assert held == {
        "Leads for Both": 3,
        "Leads of Bulgaria": 1,
        "Leads of Romania": 2,
        "Leads of the theme child": 0,
        "Leads of the theme labour": 2,
        "Leads of the theme sexual": 0,
        "Leads of the theme marriage": 1,
        "Leads of the theme other": 0,
    }


def test_what_leads_of_two_countries_tell_comes_anew_to_who_follows_one(
    desk: Desk, dele: Reader, app: Flask
) -> None:
    path = collections(app, dele)["Leads of Romania"]
    (before,) = read(app, dele, path, **{"match[type]": "url"})
    one = dele.asks(app, f"{path}objects/{before['id']}/")
    assert one.get_json(force=True)["objects"] == [before]
    marriage = collections(app, dele)["Leads of the theme marriage"]
    assert read(app, dele, marriage, **{"match[type]": "url"}) == []
    assert dele.asks(app, f"{marriage}objects/{before['id']}/").status_code == 404
    last = dele.asks(app, marriage + "objects/").headers["X-TAXII-Date-Added-Last"]
    desk.publishes(exploitation=("ForcedMarriage",), links=(LINK,), could_know=CouldKnow.MANY)
    news = read(app, dele, marriage, added_after=last)
    assert before in news


def test_who_follows_an_empty_view_by_the_clock_gets_all_that_its_first_lead_refers_to(
    desk: Desk, dele: Reader, app: Flask
) -> None:
    path = collections(app, dele)["Leads of the theme other"]
    empty = dele.asks(app, path + "objects/")
    assert empty.data == b"{}"
    for tail in ("objects/", "manifest/"):
        known = dele.reads(app)[0]["id"]
        assert dele.asks(app, path + tail, **{"match[id]": known}).data == b"{}"
        assert dele.asks(app, f"{path}objects/{known}/").status_code == 404
    for country in ("RO", "BG"):
        last = dele.asks(app, COLLECTION + "objects/", limit=1000)
        after = last.headers["X-TAXII-Date-Added-Last"]
        desk.publishes(country=country, exploitation=("Surrogacy",))
        news = read(app, dele, path, added_after=after)
        kinds = {one["type"] for one in news}
        assert {"report", "note", "location", "identity", "marking-definition"} <= kinds
        assert [one["country"] for one in news if one["type"] == "location"] == [country]
    desk.publishes(country="BG", exploitation=("Surrogacy",))
    again = read(
        app,
        dele,
        path,
        added_after=dele.asks(app, path + "objects/").headers["X-TAXII-Date-Added-Last"],
    )
    assert again == []


def test_a_collection_of_another_and_one_that_never_was_are_answered_alike(
    desk: Desk, dele: Reader, app: Flask
) -> None:
    other = desk.admits("Elsewhere", "MT")
    theirs = [*collections(app, other).values()]
    guessed = [f"{ROOT}{uuid.uuid4()}/", f"{ROOT}theme:child/", f"{ROOT}RO/"]
    for tail in ("", "manifest/", "objects/", "objects/x/", "objects/x/versions/"):
        answers = {}
        for path in (*theirs, *guessed):
            with statements(desk) as asked:
                answer = dele.asks(app, path + tail)
            answers[answer.status_code, answer.data, str(answer.headers), tuple(asked)] = path
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404


class statements:  # noqa: N801 - it is used like a function.
    """What is asked of the database meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self._engine = desk.store._reader
        self._asked: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "before_cursor_execute", self._keep)
        return self._asked

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._keep)

    def _keep(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._asked.append(statement)


def test_every_answer_that_holds_something_is_written_down_before_it_leaves(
    desk: Desk, dele: Reader, app: Flask
) -> None:
    (lead, *_) = dele.reads(app, **{"match[type]": "report"})
    before = notes(desk)
    for tail in (
        "manifest/",
        "objects/",
        f"objects/{lead['id']}/",
        f"objects/{lead['id']}/versions/",
    ):
        assert dele.asks(app, COLLECTION + tail).status_code == 200
    assert notes(desk) == before + 4
    page = dele.asks(app, COLLECTION + "objects/")
    for silent in (
        dele.asks(app, COLLECTION + "objects/", added_after="2100-01-01T00:00:00Z"),
        dele.asks(app, COLLECTION + "objects/x/"),
        dele.asks(app, COLLECTION),
        again(app, dele, page.headers["ETag"]),
    ):
        assert silent.status_code in (200, 304, 404)
    assert notes(desk) == before + 5
    with desk.store.read() as session:
        last = next(line for line in audit.page(session) if line.did == "leads_fetched")
        row = session.execute(select(fetches).order_by(fetches.c.at.desc())).first()
    assert (last.who, row.agency_id, row.way) == (dele.id, dele.id, "taxii")


def again(app: Flask, dele: Reader, etag: str, tail: str = "objects/") -> Any:
    headers = {"Authorization": f"Bearer {dele.token}", "Accept": TAXII, "If-None-Match": etag}
    return app.test_client().get(COLLECTION + tail, headers=headers)


def test_what_has_not_changed_is_not_sent_again(desk: Desk, dele: Reader, app: Flask) -> None:
    for tail in ("objects/", "manifest/"):
        page = dele.asks(app, COLLECTION + tail)
        same = again(app, dele, page.headers["ETag"], tail)
        assert (same.status_code, same.data) == (304, b"")
        assert same.headers["ETag"] == page.headers["ETag"]
        assert "Authorization" in same.headers["Vary"]
    etag = page.headers["ETag"]
    lead_id = desk.publishes()
    assert again(app, dele, etag).status_code == 200
    etag = dele.asks(app, COLLECTION + "objects/").headers["ETag"]
    desk.recalls(lead_id)
    assert again(app, dele, etag).status_code == 200
    etag = dele.asks(app, COLLECTION + "objects/").headers["ETag"]
    desk.store.write(
        lambda session: rescoping.rescope(session, dele.id, ["RO"], at=desk.at, by="system")
    )
    assert again(app, dele, etag).status_code == 200


@pytest.mark.parametrize("limit", ["1001", "999999999", "9" * 300])
def test_a_huge_limit_is_cut(dele: Reader, app: Flask, limit: str) -> None:
    answer = dele.asks(app, COLLECTION + "objects/", limit=limit)
    assert answer.get_json(force=True)["objects"] == dele.reads(app)


@pytest.mark.parametrize("forged", ["0", "fff", "ffffffffffff", "1"])
def test_a_forged_next_shows_nothing_but_ones_own(
    desk: Desk, dele: Reader, app: Flask, forged: str
) -> None:
    other = desk.admits("Elsewhere", "MT")
    desk.publishes(country="MT")
    own = {one["id"] for one in dele.reads(app)}
    found = dele.asks(app, COLLECTION + "objects/", next=forged).get_json(force=True)
    assert {one["id"] for one in found.get("objects", [])} <= own
    assert other.reads(app)


@pytest.mark.parametrize("forged", ["f" * 13, "-1", "0x1", "1 or 1=1", "1%00", "é", "1,2"])
def test_a_next_that_is_none_is_refused(dele: Reader, app: Flask, forged: str) -> None:
    assert dele.asks(app, COLLECTION + "objects/", next=forged).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"match[id]": ",".join(["report--x"] * 400)},
        {"match[id]": "' OR 1=1 --"},
        {"match[type]": "%"},
        {"match[type]": "\x00"},
        {"match[version]": "2026-11-25T00:00:00.000000000Z"},
        {"match[unknown]": "x"},
        {"added_after": "0001-01-01T00:00:00Z"},
        {"added_after": "9999-12-31T23:59:59.999999999Z"},
    ],
)
def test_strange_filters_find_nothing_or_are_refused(
    dele: Reader, app: Flask, query: dict[str, str]
) -> None:
    for path in collections(app, dele).values():
        answer = dele.asks(app, path + "objects/", **query)
        assert answer.status_code in (200, 400)
        assert answer.content_type == TAXII
