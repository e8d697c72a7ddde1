"""What a client need not read again, and what it hears where nothing is to be read."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from referral.capacity import say_free
from referral.door import Door
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_api import NOBODY, client_of

AT = datetime(2026, 11, 25, 21, tzinfo=UTC)
TOKEN = "a-token-of-thirty-two-characters-"


@pytest.fixture
def reader(ansel):
    return client_of(ansel)


@pytest.mark.parametrize("path", ["services?full=true", f"services/{key('One')}", ""])
def test_what_did_not_change_is_not_sent_again(directory, tmp_path, path):
    rows = {"organization": [organization()], "service": [service("One")]}
    directory.load(write_package(tmp_path / "p", **rows))
    reader = client_of(directory)
    first = reader.get(f"/directory/{path}")
    known = {"If-None-Match": first.headers["ETag"]}

    again = reader.get(f"/directory/{path}", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"

    rows["service"][0] |= {"alert": "Closed today"}
    directory.load(write_package(tmp_path / "q", **rows))
    changed = reader.get(f"/directory/{path}", headers=known).status_code
    assert changed == (200 if path else 304)


def test_a_stream_that_did_not_change_is_not_sent_again(directory, tmp_path):
    beds = {
        "unit": [{"id": key("bed"), "name": "bed"}],
        "service_capacity": [
            {
                "id": key("beds"),
                "service_id": key("One"),
                "unit_id": key("bed"),
                "available": 3,
                "updated": "2026-11-25T08:00:00Z",
            }
        ],
    }
    rows = {"organization": [organization()], "service": [service("One")]} | beds
    directory.load(write_package(tmp_path / "p", **rows))
    reader = client_of(directory)

    def ask(query, known=""):
        return reader.get(
            f"/directory/services?format=ndjson{query}", headers={"If-None-Match": known}
        )

    mark = ask("").headers["ETag"]
    assert ask("", mark).status_code == 304
    assert ask("&full=true", mark).status_code == 200
    with directory.engine.begin() as connection:
        say_free(connection, key("One"), key("beds"), 2, by="service", at=AT)
    assert ask("", mark).status_code == 200


@pytest.mark.parametrize("query", ["full=true&per_page=100", "format=ndjson"])
def test_a_long_answer_is_packed_for_who_asks(reader, query):
    plain = reader.get(f"/directory/services?{query}")
    packed = reader.get(f"/directory/services?{query}", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("path", ["", "services", "services?format=ndjson", "openapi.json"])
def test_head_is_get_without_its_body(reader, path):
    head, get = reader.head(f"/directory/{path}"), reader.get(f"/directory/{path}")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.content_type == get.content_type


def test_where_nothing_is_or_is_to_be_written_a_problem_says_so(reader):
    for method, path, status in (
        ("GET", "nonsense", 404),
        ("DELETE", "nonsense/deep", 404),
        ("PUT", "services", 405),
        ("DELETE", f"services/{NOBODY}", 405),
        ("POST", f"services/{NOBODY}", 405),
    ):
        answer = reader.open(f"/directory/{path}", method=method)
        assert answer.status_code == answer.get_json()["status"] == status
        assert answer.content_type == "application/problem+json"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    allowed = reader.options("/directory/services").headers["Allow"]
    assert allowed == "GET, HEAD, OPTIONS, POST"


def test_a_posted_query_is_a_form_and_is_kept_by_nobody(reader):
    answer = reader.post("/directory/services?search=nothing", data={"search": "harbor night"})

    assert answer.get_json()["total_items"] == 1
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    refused = reader.post("/directory/services", json={"search": "harbor"})
    assert (refused.status_code, refused.get_json()["title"]) == (415, "Unsupported Media Type")


def test_where_tokens_are_set_one_must_be_shown(ansel):
    reader = client_of(ansel, Door.of([TOKEN, TOKEN[::-1]], origin="https://line.example"))

    for shown in ("", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x"):
        for path in ("services", "services?format=ndjson", f"services/{NOBODY}", "nonsense"):
            refused = reader.get(f"/directory/{path}", headers={"Authorization": shown})
            assert refused.status_code == 401
            assert refused.headers["WWW-Authenticate"] == "Bearer"
            assert set(refused.get_json()) == {"type", "title", "status", "detail"}
    for shown in (f"Bearer {TOKEN}", f"bearer {TOKEN[::-1]}"):
        assert reader.get("/directory/services", headers={"Authorization": shown}).json["size"]

    # What this is, and how to ask, is told to everybody; browsers ask before they show a token.
    where = reader.get("/directory/").get_json()["openapi_url"]
    assert where == "https://line.example/directory/openapi.json"
    described = reader.get("/directory/openapi.json").get_json()
    assert described["security"] == [{"token": []}]
    asked = reader.options("/directory/services")
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert TOKEN not in repr(Door.of([TOKEN]))


def test_a_fault_tells_nothing(reader):
    class Broken:
        def read(self):
            raise RuntimeError("14 Wren Close")

    broken = client_of(Broken())
    broken.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = broken.get("/directory/services")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert json.loads(answer.text) == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
    }
