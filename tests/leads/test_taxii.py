"""Investigators' tools read leads over TAXII 2.1."""

from datetime import timedelta

import pytest
from flask import Flask

from hotline.leads import agencies, rescoping
from tests.leads.desk import COLLECTION, TAXII, Desk, Reader

ROOT = "/taxii2/leads/"


@pytest.fixture
def dele(desk: Desk) -> Reader:
    """Dele reads for an agency with two leads."""
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    desk.at += timedelta(seconds=1)
    desk.publishes(area="RO-CT")
    return dele


def test_the_way_from_discovery_to_objects(dele: Reader, app: Flask) -> None:
    discovery = dele.asks(app, "/taxii2/").get_json(force=True)
    root = dele.asks(app, discovery["default"])
    assert root.content_type == TAXII
    listed = dele.asks(app, discovery["default"] + "collections/").get_json(force=True)
    collection = listed["collections"][0]
    assert (collection["can_read"], collection["can_write"]) == (True, False)
    path = f"{ROOT}collections/{collection['id']}/"
    assert dele.asks(app, path).get_json(force=True) == collection
    assert dele.asks(app, path + "objects/").get_json(force=True)["objects"]
    assert dele.asks(app, path.rstrip("/")).status_code == 200


def test_each_way_to_show_a_token_is_understood(dele: Reader, app: Flask) -> None:
    for given in (f"Bearer {dele.token}", f"Token {dele.token}"):
        answer = app.test_client().get("/taxii2/", headers={"Authorization": given})
        assert answer.status_code == 200
    assert app.test_client().get("/taxii2/", headers=dele.basic()).status_code == 200
    assert app.test_client().get("/taxii2/", headers=dele.basic("")).status_code == 200


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer x", "Basic x", "Basic eDp5", "Digest a=b", "Bearer ÿ"]
)
def test_without_a_token_every_address_asks_for_one(dele: Reader, app: Flask, given: str) -> None:
    for path in ("/taxii2/", ROOT, ROOT + "collections/", COLLECTION + "objects/", "/taxii2/none/"):
        answer = app.test_client().get(path, headers={"Authorization": given} if given else {})
        assert answer.status_code == 401
        assert answer.content_type == TAXII
        assert len(answer.headers.getlist("WWW-Authenticate")) == 2
        assert answer.get_json(force=True)["http_status"] == "401"


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (TAXII, 200),
        ("application/taxii+json", 200),
        ("application/taxii+json; version=2.1", 200),
        ("application/taxii+json;version=2.1,application/stix+json;version=2.1", 200),
        ("*/*", 200),
        ("text/html, */*;q=0.1", 200),
        ("", 200),
        ("application/taxii+json;version=2.0", 406),
        ("application/vnd.oasis.taxii+json;version=2.0", 406),
        ("text/html", 406),
        ("application/taxii+json;q=0", 406),
        ("application/taxii+json;q=0.000", 406),
    ],
)
def test_accept_is_negotiated(dele: Reader, app: Flask, accept: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {dele.token}", "Accept": accept}
    answer = app.test_client().get("/taxii2/", headers=headers)
    assert (answer.status_code, answer.content_type) == (status, TAXII)


def test_another_agencys_collection_does_not_exist(desk: Desk, dele: Reader, app: Flask) -> None:
    other = desk.admits("Elsewhere", "BG", "RO")
    with desk.store.read() as session:
        theirs = agencies.find(session, other.id).collection
    unknown = "0d6f2f5e-1111-4222-8333-444455556666"
    for tail in ("", "manifest/", "objects/", "objects/x/", "objects/x/versions/"):
        answers = [
            dele.asks(app, f"{ROOT}collections/{collection}/{tail}")
            for collection in (theirs, unknown)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].data == answers[1].data
    assert other.reads(app) == []


def test_nobody_writes(dele: Reader, app: Flask) -> None:
    client, headers = app.test_client(), {"Authorization": f"Bearer {dele.token}"}
    assert client.post(COLLECTION + "objects/", headers=headers).status_code == 403
    assert client.delete(COLLECTION + "objects/x/", headers=headers).status_code == 403
    assert client.put(COLLECTION + "objects/x/", headers=headers).status_code == 405
    assert client.post("/taxii2/leads/", headers=headers).status_code == 405


def test_what_is_not_there_is_said_in_taxii(dele: Reader, app: Flask) -> None:
    for path in ("/taxii2/none/", ROOT + "status/x/", COLLECTION + "objects/report--x/"):
        answer = dele.asks(app, path)
        assert (answer.status_code, answer.content_type) == (404, TAXII)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "limit=٣",
        "next=no-such-cursor",
        "next=",
        "added_after=yesterday",
        "added_after=2026-02-30T00:00:00Z",
        "added_after=2026-11-25T00:00:00",
        "match[version]=all,first",
        "match[version]=newest",
        "match[type]="
        + ",".join("abcdefghi")
        + "&match[version]="
        + ",".join(f"2026-11-0{day}T00:00:00Z" for day in range(1, 10)),
        "match[type]=report&match[type]=note",
        "next=1&next=2",
    ],
)
def test_what_cannot_be_read_is_refused(dele: Reader, app: Flask, query: str) -> None:
    answer = dele.asks(app, f"{COLLECTION}objects/?{query}")
    assert (answer.status_code, answer.content_type) == (400, TAXII)


def test_filters_narrow(dele: Reader, app: Flask) -> None:
    everything = dele.reads(app)
    reports = dele.reads(app, **{"match[type]": "report"})
    assert [found["type"] for found in reports] == ["report", "report"]
    two = dele.reads(app, **{"match[type]": "note,report"})
    assert two == [found for found in everything if found["type"] in ("note", "report")]
    one = reports[0]
    assert dele.reads(app, **{"match[id]": one["id"]}) == [one]
    assert dele.reads(app, **{"match[id]": one["id"], "match[type]": "note"}) == []
    assert dele.reads(app, **{"match[spec_version]": "2.0"}) == []
    assert dele.reads(app, **{"match[spec_version]": "2.0,2.1"}) == everything
    assert len(dele.reads(app, **{"match[version]": one["modified"]})) >= 4
    assert dele.reads(app, **{"match[version]": "2020-01-01T00:00:00Z"}) == []
    assert dele.reads(app, **{"match[version]": "first"}) == everything


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_pages_of_any_size_make_the_whole(dele: Reader, app: Flask, limit: int) -> None:
    everything = dele.reads(app)
    assert dele.reads(app, limit=limit) == everything
    both = {"match[type]": "note,report"}
    assert dele.reads(app, limit=limit, **both) == dele.reads(app, **both)


def test_a_cursor_outlives_its_limit(dele: Reader, app: Flask) -> None:
    everything = dele.reads(app)
    first = dele.asks(app, COLLECTION + "objects/", limit=2).get_json(force=True)
    rest = dele.reads(app, limit=5, next=first["next"])
    assert first["objects"] + rest == everything


def test_what_comes_between_two_pages_is_not_missed(desk: Desk, dele: Reader, app: Flask) -> None:
    first = dele.asks(app, COLLECTION + "objects/", limit=4).get_json(force=True)
    desk.publishes()
    rest = dele.reads(app, next=first["next"])
    assert first["objects"] + rest == dele.reads(app)


def test_paging_by_the_date_headers_misses_nothing(dele: Reader, app: Flask) -> None:
    everything, found, after = dele.reads(app), [], {}
    while True:
        page = dele.asks(app, COLLECTION + "objects/", limit=2, **after)
        if not (objects := page.get_json(force=True).get("objects")):
            break
        found += objects
        # Some clients cut the time to milliseconds.
        after = {"added_after": page.headers["X-TAXII-Date-Added-Last"][:23] + "Z"}
    assert found == everything


def test_the_manifest_lists_what_the_objects_are(dele: Reader, app: Flask) -> None:
    page = dele.asks(app, COLLECTION + "manifest/")
    listed = page.get_json(force=True)["objects"]
    everything = dele.reads(app)
    assert [record["id"] for record in listed] == [found["id"] for found in everything]
    dates = [record["date_added"] for record in listed]
    assert dates == sorted(set(dates))
    assert len({date[:23] for date in dates}) == len(dates)
    assert page.headers["X-TAXII-Date-Added-First"] == dates[0]
    assert page.headers["X-TAXII-Date-Added-Last"] == dates[-1]
    versions = {found["id"]: found.get("modified", found.get("created")) for found in everything}
    assert all(record["version"] == versions[record["id"]] for record in listed)


def test_one_object_and_its_versions(dele: Reader, app: Flask) -> None:
    (report, _) = dele.reads(app, **{"match[type]": "report"})
    path = f"{COLLECTION}objects/{report['id']}/"
    assert dele.asks(app, path).get_json(force=True)["objects"] == [report]
    assert dele.asks(app, path + "versions/").get_json(force=True)["versions"] == [
        report["modified"]
    ]
    later = dele.asks(app, path, added_after="2100-01-01T00:00:00Z")
    assert (later.status_code, later.get_json(force=True)) == (200, {})


def test_an_empty_page_leaves_its_list_out(desk: Desk, app: Flask) -> None:
    empty = desk.admits("New unit", "RO").asks(app, COLLECTION + "objects/")
    assert empty.data == b"{}"
    assert "X-TAXII-Date-Added-First" not in empty.headers


def test_a_renewed_token_closes_the_old_one(desk: Desk, dele: Reader, app: Flask) -> None:
    renewed = desk.store.write(lambda s: agencies.renew(s, dele.id, at=desk.at, by="system"))
    assert dele.asks(app, "/taxii2/").status_code == 401
    assert Reader(dele.id, renewed).reads(app)


def test_what_an_agency_may_no_longer_see_is_gone(desk: Desk, app: Flask) -> None:
    dele = desk.admits("Both", "BG", "RO")
    desk.publishes()
    desk.publishes(country="BG")
    desk.store.write(lambda s: rescoping.rescope(s, dele.id, ["BG"], at=desk.at, by="system"))
    everything = [found for found in dele.reads(app) if not found.get("revoked")]
    assert {found["country"] for found in everything if found["type"] == "location"} == {"BG"}
    assert [found["type"] for found in everything].count("report") == 1
    items = dele.asks(app, "/feeds/leads.json").get_json(force=True)["items"]
    assert [item["_lead"].get("country", "") for item in items] == ["", "BG"]


def test_a_dismissed_agency_reads_nothing(desk: Desk, dele: Reader, app: Flask) -> None:
    desk.store.write(lambda s: agencies.dismiss(s, dele.id, at=desk.at, by="system"))
    assert dele.asks(app, "/taxii2/").status_code == 401
