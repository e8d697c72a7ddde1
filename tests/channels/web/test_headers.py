"""Whatever is answered to reporters, it leaves with the same headers: pages, faults, ways out, files."""

import pytest
from flask.testing import FlaskClient

from tests.channels.web.reading import STORY
from tests.house import House

EVERYWHERE = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "web",
}
BACK = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
ASKED = {
    "the first page": ("GET", "/", 200),
    "a page": ("GET", "/en/again", 200),
    "its head": ("HEAD", "/en/new", 200),
    "what may be asked of it": ("OPTIONS", "/en/new", 200),
    "a form": ("POST", "/en/new", 200),
    "a form that says nothing": ("POST", "/en/again", 422),
    "the way out": ("GET", "/leave", 303),
    "the script's way out": ("POST", "/leave", 204),
    "a language that is none": ("GET", "/xx/new", 404),
    "a page that is none": ("GET", "/en/nothing", 404),
    "a way that is none": ("DELETE", "/en/new", 405),
    "a proof that is none": ("GET", "/log/proof", 400),
    "the stylesheet": ("GET", "/page.css", 200),
    "the script": ("GET", "/page.js", 200),
    "the icon": ("GET", "/favicon.ico", 200),
    "the rules for robots": ("GET", "/robots.txt", 200),
    "the log": ("GET", "/log/", 200),
    "its key": ("GET", "/log/key", 200),
}
FILES = {
    "a file": ("GET", "/static/tokens.css", 200),
    "a file that is none": ("GET", "/static/nothing.css", 404),
    "whether we are well": ("GET", "/healthz", 200),
}


@pytest.mark.parametrize("name", [*ASKED, *FILES])
def test_it_leaves_with_every_header(sam: FlaskClient, name: str) -> None:
    method, path, status = {**ASKED, **FILES}[name]
    data = {"account": STORY} if status == 200 and method == "POST" else None
    with sam.open(path, method=method, data=data) as answer:
        assert answer.status_code == status
        for header, value in EVERYWHERE.items():
            assert answer.headers.getlist(header) == [value], header
        assert "geolocation=()" in answer.headers["Permissions-Policy"]
        assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "report" not in policy
        for telling in ("Report-To", "Reporting-Endpoints", "NEL", "X-Powered-By", "ETag"):
            assert telling not in answer.headers or name in FILES


@pytest.mark.parametrize("name", ASKED)
def test_what_is_for_reporters_is_kept_nowhere_and_builds_nothing_from_text(
    sam: FlaskClient, name: str
) -> None:
    method, path, _ = ASKED[name]
    with sam.open(path, method=method) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-DNS-Prefetch-Control"] == "off"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.endswith("require-trusted-types-for 'script'; trusted-types 'none'")


def test_what_may_be_asked_instead_is_said(sam: FlaskClient) -> None:
    for path in ("/en/new", "/directory/"):
        assert "GET, HEAD, OPTIONS" in sam.open(path, method="QUERY").headers["Allow"]


@pytest.mark.parametrize("cookie", ["away", ""], ids=["while leaving", "brought back"])
def test_who_is_led_away_is_told_no_more(house: House, sam: FlaskClient, cookie: str) -> None:
    if cookie:
        sam.set_cookie(cookie, "1")
    away = sam.get("/en/new", headers=BACK)
    assert away.headers["Location"] == house.hotline.config.leave_to
    for header, value in EVERYWHERE.items():
        assert away.headers[header] == value
    assert away.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in away.headers


def test_a_fault_of_ours_leaves_with_them_too(
    house: House, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError

    monkeypatch.setitem(house.app.view_functions, "web.robots", fails)
    answer = sam.get("/robots.txt")
    assert answer.status_code == 500
    for header, value in EVERYWHERE.items():
        assert answer.headers[header] == value
    assert answer.headers["Cache-Control"] == "no-store"
