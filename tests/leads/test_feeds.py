"""The same leads as a JSON feed, for whoever reads without STIX tools."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.leads.desk import ORIGIN, Desk, Reader

FEED = "/feeds/leads.json"


def read(dele: Reader, app: Flask, address: str = FEED) -> dict[str, Any]:
    answer = dele.asks(app, address)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def test_a_lead_is_an_item(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(headline="Workers at a car wash", area="RO-CT")
    answer = dele.asks(app, FEED)
    assert answer.mimetype == "application/feed+json"
    feed = json.loads(answer.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert "next_url" not in feed
    assert feed["feed_url"] == ORIGIN + FEED
    (item,) = feed["items"]
    assert item["id"].replace("-", "").endswith(lead_id)
    assert item["title"] == "Workers at a car wash"
    assert item["content_text"].startswith("Workers at a car wash sleep")
    assert item["date_published"] == "2026-11-25T00:00:00.000Z"
    assert item["_lead"]["seen_month"] == "2026-11"
    assert (item["_lead"]["country"], item["_lead"]["area"]) == ("RO", "RO-CT")


def test_the_newest_comes_first_and_pages_make_the_whole(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    published = []
    for _ in range(7):
        published.append(desk.publishes())
        desk.at += timedelta(seconds=1)
    found, address = [], f"{FEED}?limit=3"
    while address:
        page = read(dele, app, address)
        found += [item["id"].replace("-", "")[-32:] for item in page["items"]]
        address = page.get("next_url", "").removeprefix(ORIGIN)
    assert found == published[::-1]


def test_an_unchanged_feed_is_not_sent_again(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    headers = {"Authorization": f"Bearer {dele.token}"}
    first = app.test_client().get(FEED, headers=headers)
    headers["If-None-Match"] = first.headers["ETag"]
    again = app.test_client().get(FEED, headers=headers)
    assert (again.status_code, again.data) == (304, b"")
    desk.recalls(lead_id)
    changed = app.test_client().get(FEED, headers=headers)
    assert changed.status_code == 200


def test_a_recalled_lead_rises_to_the_top_and_tells_nothing(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    desk.publishes()
    desk.recalls(lead_id)
    first, _ = read(dele, app)["items"]
    assert first["id"].replace("-", "").endswith(lead_id)
    assert first["_lead"]["recalled"]
    assert "car wash" not in json.dumps(first)


def test_the_next_page_is_at_our_own_address_whatever_host_is_asked_for(
    desk: Desk, app: Flask
) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    desk.publishes()
    headers = {"Authorization": f"Bearer {dele.token}", "Host": "evil.example"}
    feed = json.loads(app.test_client().get(f"{FEED}?limit=1", headers=headers).data)
    assert feed["next_url"].startswith(f"{ORIGIN}{FEED}?")


def test_it_has_the_scope_of_the_token(desk: Desk, app: Flask) -> None:
    desk.admits("National unit", "RO")
    other = desk.admits("Elsewhere", "BG")
    desk.publishes()
    assert read(other, app)["items"] == []


def test_without_a_token_it_asks_for_one(app: Flask, desk: Desk) -> None:
    answer = app.test_client().get(FEED)
    assert answer.status_code == 401
    assert len(answer.headers.getlist("WWW-Authenticate")) == 2


def test_one_agencys_etag_is_not_anothers(desk: Desk, app: Flask) -> None:
    tags = {desk.admits(name, "RO").asks(app, FEED).headers["ETag"] for name in ("One", "Two")}
    assert len(tags) == 2


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "before=-1", "before=" + "9" * 30])
def test_what_cannot_be_read_is_refused(desk: Desk, app: Flask, query: str) -> None:
    dele = desk.admits("National unit", "RO")
    assert dele.asks(app, f"{FEED}?{query}").status_code == 400


def test_a_filter_leaves_the_agencys_other_leads_out(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO", "BG")
    other = desk.publishes(exploitation=("SexualExploitation",))
    desk.publishes(country="BG")
    desk.publishes()

    def shown(query: str) -> int:
        return len(read(dele, app, f"{FEED}?{query}")["items"])

    assert shown("") == 3
    assert shown("country=RO") == 2
    assert shown("theme=labour") == 2
    assert shown("country=RO&theme=labour") == 1
    (found,) = read(dele, app, f"{FEED}?country=RO&theme=sexual")["items"]
    assert found["id"].replace("-", "").endswith(other)
    # What it was not admitted for, and what there is not, is empty and not an error:
    assert shown("country=DE") == shown("country=ro") == shown("theme=none") == 0
    # and the next page is asked for with the same filter.
    page = read(dele, app, f"{FEED}?country=RO&limit=1")
    assert "country=RO" in page["next_url"]
    following = read(dele, app, page["next_url"].removeprefix(ORIGIN))
    assert len(following["items"]) == 1
    assert "next_url" not in following


def test_who_asks_again_since_the_last_time_gets_what_came_since(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    first = desk.publishes()
    since = read(dele, app)["_leads"]["since"]
    again = read(dele, app, f"{FEED}?since={since}")
    assert (again["items"], again["_leads"]["since"]) == ([], since)
    desk.at += timedelta(minutes=1)
    desk.publishes()
    desk.recalls(first)
    newer = read(dele, app, f"{FEED}?since={since}")["items"]
    assert [item["_lead"]["recalled"] for item in newer] == [True, False]


def test_an_item_says_every_fact_its_marking_and_how_it_is_handled(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes(plates=("CT 01 ABC",), numbers=("+40 700 000 000",), handles=("@boss",))
    (item,) = read(dele, app)["items"]
    lead = item["_lead"]
    assert lead["tlp"] == "amber+strict"
    assert {"CT 01 ABC", "+40 700 000 000", "@boss"} <= set(
        lead["vehicle_plates"] + lead["phone_numbers"] + lead["handles"]
    )
    for words in ("not evidence", "immigration enforcement", "who told us", lead["lead_ref"]):
        assert any(words in sentence for sentence in lead["handling"])
        assert words in item["content_text"]
    assert "Withholds documents" in item["content_text"]
    assert {"htcds:ForcedLabour", "ilo:retention-of-identity-documents"} <= set(item["tags"])
