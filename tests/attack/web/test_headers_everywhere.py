"""Whatever is answered, to whomever, in whatever way it is asked: it is framed by nobody, kept by nobody, guessed at by nobody."""

import re
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.attack.web.asking import ENDS_A_SESSION, EVIL, Way, asks, raw, ways
from tests.cast import Member
from tests.house import ORIGIN, House

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "web",
}
FOR_ALL = ("/static/", "/transparency", "/directory/", "/twilio/voice/sound/")
"""What is the same for everybody, so that others may keep it, too."""

NAMED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Prefix": "//evil.example",
    "X-Forwarded-Proto": "javascript",
    "X-Original-URL": "/console/staff",
    "X-Rewrite-URL": "/console/staff",
    "Forwarded": 'host="evil.example";proto=http',
    "X-Host": "evil.example",
    "Referer": f"{EVIL}/",
    "X-Forwarded-For": "198.51.100.9",
}
"""What a request may say of where it was sent."""

LEADING = "&".join(
    f"{name}=https%3A%2F%2Fevil.example"
    for name in ("next", "url", "return", "return_to", "redirect", "back", "to", "done", "leave_to")
)


_LEADS_THERE = re.compile(rb"""["'(](?:https?:)?[/\\]{2}evil""")
"""An address on a page; that what was asked is kept in the query of its own links leads nobody away."""


def assert_hardened(answer: TestResponse, way: Way) -> None:
    for name, value in ALWAYS.items():
        assert answer.headers.getlist(name) == [value], (way, name)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'"), way
    assert "frame-ancestors 'none'" in policy, way
    assert not any(loose in policy for loose in ("unsafe", "*", "data:", "http")), way
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"], way
    kept = answer.headers["Cache-Control"]
    if "no-store" not in kept and kept != "private, no-cache":
        assert way.path.startswith(FOR_ALL), (way, kept)
        assert "Set-Cookie" not in answer.headers, way
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert_bound(cookie, way)


def assert_bound(cookie: str, way: Way) -> None:
    """See that a cookie comes by https alone, is out of scripts' reach, and goes with no other site's request."""
    facts = {fact.strip().partition("=")[0]: fact.partition("=")[2] for fact in cookie.split(";")}
    assert {"Secure", "HttpOnly"} <= set(facts), (way, cookie)
    assert "Domain" not in facts, (way, cookie)
    if cookie.startswith(("__Host-", "desk-")):
        assert facts["SameSite"] == "Strict", (way, cookie)
    else:
        assert cookie.startswith(("away=1;", "page=1;")), (way, cookie)
    assert facts["Path"] == ("/console" if cookie.startswith("desk-") else "/"), (way, cookie)


@pytest.mark.parametrize("who", ["", "ines"])
def test_every_answer_is_hardened_and_leads_to_nobody_else(house: House, who: str) -> None:
    """In every way that an address can be asked, by a request that says it was sent to somebody else."""
    member = Member(house, who) if who else None
    if member:
        member.signs_in()
    walked = 0
    for way in ways(house.app):
        is_walked = way.is_of_the_desk if member else way.method != "HEAD"
        if not is_walked or way.endpoint in ENDS_A_SESSION or way.method == "HEAD":
            continue
        headers = NAMED if way.method == "GET" else {"Sec-Fetch-Site": "same-origin"}
        answer = asks(house, way, member, query_string=LEADING, headers=headers)
        assert_hardened(answer, way)
        to = answer.headers.get("Location", "/")
        assert to == house.hotline.config.leave_to or is_here(to), (way, to)
        assert "evil.example" not in f"{answer.headers}", way
        assert not _LEADS_THERE.search(answer.data), way
        walked += 1
    assert walked > (400 if member else 100)


def is_here(to: str) -> bool:
    """Tell whether an address is one of ours, for a browser that reads it as browsers do."""
    its = urlsplit(to.replace("\\", "/"))
    return not its.scheme and not its.netloc and to.startswith("/") and not to.startswith("//")


ASTRAY = (
    "/en",
    "//evil.example",
    "///evil.example/..",
    "/%2fevil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/%5c%5cevil.example",
    "/\\evil.example",
    "/%09/evil.example",
    "/en%0d%0aSet-Cookie:a=b",
    "/en%0d%0a%0d%0a<svg>",
    "/%E5%98%8D%E5%98%8AX:y",
    "/handoff//evil.example",
    "/transparency//evil.example",
    "/log/tile/0//evil.example",
    "/directory//evil.example",
    "/taxii2",
    "/taxii2/leads",
    "/feeds",
    "/console//evil.example",
)


@pytest.mark.parametrize("target", ASTRAY)
def test_an_address_that_is_put_right_stays_ours(house: House, target: str) -> None:
    for base in (ORIGIN, "http://evil.example"):
        said = {"PATH_INFO": raw(target)}
        answer = house.app.test_client().get("/", base_url=base, environ_overrides=said)
        assert is_here(answer.headers.get("Location", "/")), answer.headers["Location"]
        assert not any(name in answer.headers for name in ("Set-Cookie", "X"))
        assert "<svg>" not in answer.text
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"]


def test_files_and_what_is_none_are_hardened_too(house: House) -> None:
    files = (
        "base.css",
        "tokens.css",
        "icon.png",
        "console/live.js",
        "..%2f..%2fstore.py",
        "a%00b",
    )
    for name in (*files, "../store.py", "console/", ".", "%2e%2e/hotline.db", "....//store.py"):
        way = Way("GET", f"/static/{name}", "static")
        with asks(house, way) as answer:
            assert_hardened(answer, way)
            assert answer.status_code == (200 if name in files[:4] else 404), name
    for target in ("/console/nothing", "/nothing/at/all", "/taxii2/x/y", "/feeds/x", "/handoff/x"):
        for method in ("GET", "POST", "DELETE", "QUERY", "TRACE", "PROPFIND", "OPTIONS"):
            way = Way(method, target, "")
            assert_hardened(asks(house, way), way)


def test_a_fault_of_ours_is_hardened_and_says_nothing(
    house: House, noor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: object) -> None:
        raise RuntimeError("a secret of ours")

    noor.signs_in()
    views = ("queue.show_queue", "health", "taxii.discovery", "directory.describe", "sms.receive")
    for endpoint in views:
        monkeypatch.setitem(house.app.view_functions, endpoint, fails)
    for way in ways(house.app, "GET", "POST"):
        if way.endpoint in views:
            answer = asks(house, way, noor, headers={"X-Request-Id": "evil.example"})
            assert answer.status_code in (500, 401, 415), way
            assert "evil" not in f"{answer.headers}", way
            assert_hardened(answer, way)
            assert not any(word in answer.text for word in ("secret", "Runtime", "Traceback")), way


def test_what_is_not_asked_for_changes_no_answer_that_others_keep(house: House) -> None:
    """Whoever puts something in between that keeps answers keeps one for all: it must be the same for all."""
    others = {**NAMED, "Cookie": "__Host-key=x; page=1", "User-Agent": "x", "Accept": "text/x"}
    for path in ("/transparency", "/directory/", "/directory/services", "/static/base.css"):
        answers = []
        for headers in ({}, {name: its for name, its in others.items() if name != "Host"}):
            with house.app.test_client(use_cookies=False).get(
                path, base_url=ORIGIN, headers=headers
            ) as answer:
                its = {k: v for k, v in answer.headers.items() if k not in ("Date", "Expires")}
                answers.append((answer.status_code, answer.data, its))
        assert answers[0] == answers[1], path
    spoken = house.app.test_client().get("/transparency", base_url=ORIGIN).headers
    assert "Accept-Language" in spoken["Vary"]
    asked = house.app.test_client().get("/directory/services", base_url=ORIGIN).headers
    assert "Authorization" in asked["Vary"]
