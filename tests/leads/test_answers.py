"""How feeds answer: only what changed, compressed when asked, written down before it leaves, errors as RFC 9457 says."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline.leads import agencies
from hotline.leads.tables import fetches
from tests.leads.desk import Desk, Reader

FEED, TABLE, MANIFEST = "/feeds/leads.json", "/feeds/leads.csv", "/feeds/misp/manifest.json"
EVERY = (FEED, TABLE, MANIFEST, "/feeds/bundle", "/feeds/misp/hashes.csv")


def asks(dele: Reader, app: Flask, path: str, method: str = "GET", **headers: str) -> TestResponse:
    sent = {"Authorization": f"Bearer {dele.token}", **headers}
    return app.test_client().open(path, method=method, headers=sent)


def read_by(desk: Desk) -> list[Any]:
    with desk.store.read() as session:
        return list(session.execute(select(fetches.c.way, fetches.c.first, fetches.c.last)))


@pytest.mark.parametrize("path", EVERY)
def test_it_is_sent_once_and_told_apart_by_who_asks_and_in_which_coding(
    desk: Desk, app: Flask, path: str
) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(links=("https://ads.example.com/1",))
    plain, zipped = asks(dele, app, path), asks(dele, app, path, **{"Accept-Encoding": "gzip"})
    assert plain.status_code == 200
    assert plain.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept-Encoding"} <= set(plain.vary)
    if zipped.headers.get("Content-Encoding") == "gzip":
        assert gzip.decompress(zipped.data) == plain.data
        assert plain.headers["ETag"] != zipped.headers["ETag"]
    seen = len(read_by(desk))
    again = asks(dele, app, path, **{"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    # Nothing was sent, so nobody read it;
    assert len(read_by(desk)) == seen
    # and what is recalled is sent again.
    desk.at += timedelta(seconds=2)
    desk.recalls(lead_id)
    assert asks(dele, app, path, **{"If-None-Match": plain.headers["ETag"]}).status_code == 200


def test_what_leaves_is_written_down_first_and_what_holds_no_lead_is_not(
    desk: Desk, app: Flask
) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Elsewhere", "BG")
    desk.publishes()
    for path in (FEED, TABLE, MANIFEST):
        asks(other, app, path)
        asks(dele, app, path, "HEAD")
    assert read_by(desk) == []
    for path in (FEED, TABLE, "/feeds/bundle", MANIFEST):
        asks(dele, app, path)
    ways = [way for way, _, _ in read_by(desk)]
    assert sorted(ways) == ["bundle", "csv", "json", "misp"]
    with desk.store.read() as session:
        added = session.execute(select(fetches.c.first, fetches.c.last).distinct()).all()
    (found,) = added
    assert found.first == found.last > 0


def test_the_head_tells_what_the_answer_would_weigh(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    head, whole = asks(dele, app, FEED, "HEAD"), asks(dele, app, FEED)
    assert head.data == b""
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(whole.data))


def test_a_large_answer_is_compressed_for_whom_takes_it(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    for coding, expected in (("gzip", "gzip"), ("br", None), ("gzip;q=0", None)):
        answer = asks(dele, app, FEED, **{"Accept-Encoding": coding})
        assert answer.headers.get("Content-Encoding") == expected


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/feeds/", 404),
        ("GET", "/feeds/none", 404),
        ("GET", "/feeds/misp/00000000-0000-4000-8000-000000000000.json", 404),
        ("GET", "/feeds/misp/word/manifest.json", 404),
        ("GET", "/feeds/misp/2026-13/manifest.json", 404),
        ("POST", FEED, 405),
        ("DELETE", "/feeds/word", 405),
        ("GET", f"{FEED}?word=1", 400),
        ("GET", f"{FEED}?limit=word", 400),
        ("GET", f"{FEED}?limit=1&limit=2", 400),
        ("GET", f"{FEED}?since=word", 400),
        ("GET", "/feeds/bundle?before=3", 400),
        ("GET", "/feeds/bundle", 404),
    ],
)
def test_an_error_is_a_problem_in_fixed_words(
    desk: Desk, app: Flask, method: str, path: str, status: int
) -> None:
    answer = asks(desk.admits("National unit", "RO"), app, path, method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = json.loads(answer.data)
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["title"]
    assert "word" not in answer.text + str(answer.headers)


def test_without_a_token_the_problem_says_how_to_show_one(desk: Desk, app: Flask) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = app.test_client().get(FEED, headers=headers)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert len(answer.headers.getlist("WWW-Authenticate")) == 2


def test_who_asks_too_often_is_told_when_to_ask_again(desk: Desk, app: Flask) -> None:
    token = desk.store.write(
        lambda session: agencies.admit(session, "National unit", ["RO"], at=desk.at, rate=1)
    )
    dele = Reader("", token)
    answers = [asks(dele, app, FEED) for _ in range(30)]
    refused = answers[-1]
    assert answers[0].status_code == 200
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert int(refused.headers["Retry-After"]) > 0
