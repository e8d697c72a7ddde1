"""An agency's own tool subscribes, looks after its webhooks and ends them; nobody else's."""

import socket
import ssl
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline import audit
from hotline.leads.tables import webhooks as rows
from hotline.leads.webhooks import subscribing
from hotline.leads.webhooks.views import webhooks
from hotline.store import new_id
from tests.leads.desk import ORIGIN, Reader, serving
from tests.leads.webhooks.post import Hook, Post
from tests.leads.webhooks.receiver import HERE, Receiver, caller

HOOKS = "/feeds/webhooks"
PUBLIC = "https://hooks.unit.example/leads"


@pytest.fixture
def app(post: Post) -> Flask:
    app = serving(post.store)
    parts = vars(app.extensions["hotline"])
    app.extensions["hotline"] = SimpleNamespace(
        **{
            **parts,
            "config": SimpleNamespace(public_url=ORIGIN, webhook_networks=HERE),
            "relay_public": post.relay.public,
            "clock": lambda: post.at,
        }
    )
    app.register_blueprint(webhooks)
    return app


def knows_places(post: Post, authority: ssl.SSLContext) -> None:
    """Let the worker find some names."""
    places = {"outside.example": ["93.184.215.14"], "inside.example": ["10.0.0.1"]}
    post.caller = caller(authority, resolve=lambda host, _port: places.get(host, []))


@pytest.fixture
def unit(post: Post) -> Reader:
    return post.desk.admits("National unit", "RO")


def does(
    app: Flask, reader: Reader | None, method: str, path: str = "", body: Any = None
) -> TestResponse:
    headers = {"Authorization": f"Bearer {reader.token}"} if reader else {}
    with pytest.MonkeyPatch.context() as patch:
        # No request waits for a name server.
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
        return app.test_client().open(HOOKS + path, method=method, json=body, headers=headers)


def test_a_tool_subscribes_and_is_shown_its_secret_once(
    app: Flask, post: Post, unit: Reader, receiver: Receiver
) -> None:
    made = does(app, unit, "POST", body={"url": receiver.url})
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "private, no-store"
    hook = Hook(made.json["id"], made.json["secret"])
    assert hook.secret.startswith("whsec_")
    assert (made.json["url"], made.json["state"]) == (receiver.url, "checking")
    listed = does(app, unit, "GET")
    assert [one["id"] for one in listed.json["webhooks"]] == [hook.id]
    assert hook.secret not in listed.text

    lead_id = post.releases(unit)
    post.works()
    assert receiver.taken[0].opened(hook.secret)["type"] == "lead.released"
    receipts = does(app, unit, "GET", f"/{hook.id}/receipts").json["receipts"]
    assert [(one["webhook_id"], one["status"]) for one in receipts] == [(receiver.taken[0].id, 204)]
    assert receipts[0]["lead"].startswith("report--")
    assert receipts[0]["lead"].replace("-", "").endswith(lead_id)

    # It has everything brought again,
    assert does(app, unit, "POST", f"/{hook.id}/replay", {"since": 0}).status_code == 200
    post.works()
    assert len(receiver.taken) == 2
    # has a new secret made,
    renewed = does(app, unit, "POST", f"/{hook.id}/secret", {})
    post.passes(seconds=1)
    post.releases(unit)
    post.works()
    assert receiver.taken[-1].opened(renewed.json["secret"])
    # pauses, goes on, and ends it.
    assert does(app, unit, "POST", f"/{hook.id}/pause", {}).json["state"] == "off"
    assert does(app, unit, "POST", f"/{hook.id}/resume", {}).json["state"] == "on"
    assert does(app, unit, "DELETE", f"/{hook.id}").status_code == 204
    assert does(app, unit, "GET", f"/{hook.id}").status_code == 404
    with post.store.read() as session:
        assert session.execute(select(rows)).first() is None
        lines = [line for line in audit.page(session, limit=50) if line.did.startswith("webhook")]
    assert {line.did for line in lines} == {
        "webhook_added",
        "webhook_replayed",
        "webhook_renewed",
        "webhook_paused",
        "webhook_resumed",
        "webhook_ended",
    }
    assert {(line.who, line.what) for line in lines} == {(unit.id, hook.id)}


def test_nobody_reaches_the_webhooks_of_others(app: Flask, post: Post, unit: Reader) -> None:
    hook = post.subscribes(unit, PUBLIC)
    other = post.desk.admits("Second unit", "RO")
    asked = (
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/pause", {}),
        ("POST", "/resume", {}),
        ("POST", "/secret", {}),
        ("POST", "/replay", {"since": 0}),
        ("GET", "/receipts", None),
    )
    for method, tail, body in asked:
        for reader, hook_id in ((other, hook.id), (unit, new_id())):
            answer = does(app, reader, method, f"/{hook_id}{tail}", body)
            assert answer.status_code == 404, (method, tail)
            assert answer.content_type == "application/problem+json"
        stranger = does(app, None, method, f"/{hook.id}{tail}", body)
        assert stranger.status_code == 401
        assert stranger.content_type == "application/problem+json"
    assert does(app, other, "GET").json == {"webhooks": []}
    assert post.hook(unit, hook).state == "on"


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://10.0.0.1/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://user@hooks.unit.example/", "form"),
        ("ftp://hooks.unit.example/", "form"),
        ("http://93.184.215.14/", "http"),
        ("https://93.184.215.14:22/", "port"),
    ],
)
def test_what_is_written_of_an_address_is_refused_at_once(
    app: Flask, post: Post, unit: Reader, url: str, fault: str
) -> None:
    answer = does(app, unit, "POST", body={"url": url})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json(force=True)
    assert (problem["status"], problem["fault"]) == (400, fault)
    assert "example" not in answer.text
    with post.store.read() as session:
        assert session.execute(select(rows)).first() is None


def test_a_house_that_calls_no_network_of_its_own_refuses_more_at_once(
    app: Flask, unit: Reader
) -> None:
    app.extensions["hotline"].config.webhook_networks = ()
    for url, fault in (
        ("http://outside.example/", "http"),
        ("https://outside.example:22/", "port"),
        ("https://127.0.0.1/", "private"),
    ):
        answer = does(app, unit, "POST", body={"url": url})
        assert answer.get_json(force=True)["fault"] == fault


@pytest.mark.parametrize(
    ("url", "state", "why"),
    [
        ("https://outside.example/", "on", ""),
        ("https://inside.example/", "off", "private"),
        ("https://nowhere.example/", "off", "private"),
        ("http://outside.example/", "off", "http"),
        ("https://outside.example:22/", "off", "port"),
    ],
)
def test_the_worker_looks_where_an_address_leads_before_anything_is_brought(
    app: Flask,
    post: Post,
    unit: Reader,
    authority: ssl.SSLContext,
    url: str,
    state: str,
    why: str,
) -> None:
    knows_places(post, authority)
    its = does(app, unit, "POST", body={"url": url}).json["id"]
    post.works()
    shown = does(app, unit, "GET", f"/{its}").json
    assert (shown["state"], shown["why"]) == (state, why)
    # Who asks for it has it looked up again.
    again = does(app, unit, "POST", f"/{its}/resume", {}).json["state"]
    assert again == ("checking" if why else "on")
    post.works()
    assert does(app, unit, "GET", f"/{its}").json["state"] == state


def test_what_is_released_before_the_address_was_looked_at_is_not_lost(
    app: Flask, post: Post, unit: Reader, receiver: Receiver
) -> None:
    does(app, unit, "POST", body={"url": receiver.url})
    post.passes(seconds=1)
    post.releases(unit)
    post.works()
    assert [one.type for one in receiver.taken] == ["lead.released"]


@pytest.mark.parametrize(
    "body", [None, [], {}, {"url": 1}, {"url": PUBLIC, "secret": "mine"}, "x", {"url": None}]
)
def test_what_is_no_subscription_is_refused(app: Flask, unit: Reader, body: Any) -> None:
    assert does(app, unit, "POST", body=body).status_code == 400


@pytest.mark.parametrize("since", [-1, 1.5, "0", True, None, 2**60])
def test_what_is_no_cursor_is_refused(app: Flask, post: Post, unit: Reader, since: Any) -> None:
    hook = post.subscribes(unit, PUBLIC)
    answer = does(app, unit, "POST", f"/{hook.id}/replay", {"since": since})
    assert answer.status_code == 400


def test_a_page_of_another_site_changes_nothing(app: Flask, post: Post, unit: Reader) -> None:
    hook = post.subscribes(unit, PUBLIC)
    client = app.test_client()
    for tail in ("", f"/{hook.id}/pause", f"/{hook.id}/secret"):
        answer = client.post(
            HOOKS + tail, data='{"url": "x"}', headers=unit.basic(), content_type="text/plain"
        )
        assert answer.status_code == 400
    large = client.post(HOOKS, json={"url": "a" * 5000}, headers=unit.basic())
    assert large.status_code == 413
    assert post.hook(unit, hook).state == "on"


def test_an_agency_has_no_more_webhooks_than_there_may_be(
    app: Flask, post: Post, unit: Reader
) -> None:
    for _ in range(subscribing.MOST):
        post.subscribes(unit, PUBLIC)
    answer = does(app, unit, "POST", body={"url": PUBLIC})
    assert answer.status_code == 403
    assert len(does(app, unit, "GET").json["webhooks"]) == subscribing.MOST


def test_receipts_are_read_page_by_page(
    app: Flask, post: Post, unit: Reader, receiver: Receiver
) -> None:
    hook = post.subscribes(unit, receiver.url)
    for _ in range(5):
        post.releases(unit)
        post.works()
        post.passes(seconds=1)
    found: list[str] = []
    query = "?limit=2"
    while query:
        page = does(app, unit, "GET", f"/{hook.id}/receipts{query}").json
        found += [one["webhook_id"] for one in page["receipts"]]
        query = f"?limit=2&before={page['before']}" if "before" in page else ""
    assert found == receiver.ids()[::-1]
    for wrong in ("?limit=0", "?limit=x", "?limit=-1"):
        assert does(app, unit, "GET", f"/{hook.id}/receipts{wrong}").status_code == 400
    assert does(app, unit, "GET", f"/{hook.id}/receipts?before=msg_x").status_code == 404
