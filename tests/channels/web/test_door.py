"""Sam looks at the first page, chooses a language, and leaves: nothing of it tells anybody anything."""

import re

import pytest
from flask.testing import FlaskClient

from tests.house import House

PAGES = ("/", "/en/", "/ar/", "/languages", "/ru/languages", "/en/new", "/fr/new", "/es/again")
NEVER = re.compile(
    r"traffick|slavery|abus|victim|survivor|hotline|helpline|rescue|police|report", re.IGNORECASE
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_gives_nothing_away_and_is_kept_nowhere(sam: FlaskClient, path: str) -> None:
    page = sam.get(path)
    assert page.status_code == 200
    assert not NEVER.search(page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert page.headers["X-DNS-Prefetch-Control"] == "off"
    assert "max-age=" in page.headers["Strict-Transport-Security"]
    assert "Set-Cookie" not in page.headers


def test_nothing_comes_from_elsewhere_and_nothing_inline_runs(sam: FlaskClient) -> None:
    page = sam.get("/en/new")
    policy = page.headers["Content-Security-Policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert "report" not in policy
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    assert not re.search(r"<style|<script>|style=|\bon\w+=", page.text)


def test_the_browser_suggests_a_language_and_does_not_decide(sam: FlaskClient) -> None:
    asks = {"Accept-Language": "fr-CA, ar;q=0.5"}
    assert '<html lang="fr" dir="ltr">' in sam.get("/", headers=asks).text
    assert '<html lang="ru" dir="ltr">' in sam.get("/ru/", headers=asks).text
    listed = re.findall(r'hreflang="(\w+)"', sam.get("/ru/", headers=asks).text)
    assert listed[:3] == ["ru", "fr", "ar"]


@pytest.mark.parametrize("asks", ["", "*", "xx", ";;;q=,", "en;q=x", "ar" * 5000])
def test_any_wish_for_a_language_gets_a_page(sam: FlaskClient, asks: str) -> None:
    assert sam.get("/", headers={"Accept-Language": asks}).status_code == 200


def test_every_language_stands_under_its_own_name(sam: FlaskClient) -> None:
    page = sam.get("/languages").text
    for name in ("English", "español", "français", "العربية", "русский"):
        assert name in page
    assert '<html lang="ar" dir="rtl">' in sam.get("/ar/languages").text


@pytest.mark.parametrize(
    "path", ["/xx/", "/xx/new", "/%F0%9F%98%80/again", "/nothing/of/ours", "/zz'--/new"]
)
def test_an_unknown_page_is_said_to_be_missing_and_named_nowhere(
    sam: FlaskClient, path: str
) -> None:
    page = sam.get(path, headers={"Accept-Language": "es"})
    assert page.status_code == 404
    assert '<html lang="es"' in page.text
    assert "nothing" not in page.text
    assert "'--" not in page.text
    assert "connect-src" in page.headers["Content-Security-Policy"]


def test_leaving_leads_away_at_once_and_for_a_minute(house: House, sam: FlaskClient) -> None:
    away = house.hotline.config.leave_to
    left = sam.get("/leave")
    assert (left.status_code, left.headers["Location"]) == (303, away)
    assert left.headers["Clear-Site-Data"] == '"storage"'
    cookie = left.headers["Set-Cookie"]
    assert "Max-Age=60" in cookie
    for part in ("Secure", "HttpOnly", "SameSite"):
        assert part in cookie
    for path in PAGES:
        back = sam.get(path)
        assert (back.status_code, back.headers["Location"]) == (303, away)
        assert back.headers["Cache-Control"] == "no-store"
    sam.delete_cookie("away")
    assert sam.get("/").status_code == 200


def test_the_script_that_leaves_only_tells_us(sam: FlaskClient) -> None:
    told = sam.post("/leave", data="")
    assert told.status_code == 204
    assert sam.get("/").status_code == 303


def test_leaving_ends_a_session_of_the_desk(sam: FlaskClient) -> None:
    sam.set_cookie("__Host-key", "x")
    ended = [
        line for line in sam.get("/leave").headers.getlist("Set-Cookie") if "__Host-key" in line
    ]
    assert len(ended) == 1
    assert "Max-Age=0" in ended[0]


def test_the_icon_and_the_rules_for_robots_are_there(sam: FlaskClient) -> None:
    with sam.get("/favicon.ico") as icon:
        assert icon.status_code == 200
    assert "Disallow: /" in sam.get("/robots.txt").text
