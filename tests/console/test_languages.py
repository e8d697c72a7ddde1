"""The desk speaks the reader's language, whole or not at all."""

import re
from pathlib import Path

import pytest

from hotline.assess.rules import REASONS
from tests.cast import Member
from tests.house import ORIGIN, House

ROOT = Path(__file__).parents[2]
PAGES = (
    "/console/signin",
    "/console/",
    "/console/?view=mine",
    "/console/quarantine",
    "/console/report/{}",
    "/console/report/{}/lead",
    "/console/report/{}/consent",
    "/console/report/{}/referral",
    "/console/new",
    "/console/audit",
    "/console/account",
    "/console/join",
    "/console/report/" + "0" * 32,
)


def offered(house: House) -> tuple[str, ...]:
    return house.hotline.languages.complete("console")


def test_arabic_is_whole(house: House) -> None:
    assert offered(house)[0] == "en"
    assert "ar" in offered(house)


def test_every_page_says_its_language_direction_and_a_title_without_anybody(
    house: House, at_desk: Member, report: str
) -> None:
    for locale in offered(house):
        for path in PAGES:
            address = path.format(report)
            join = "&" if "?" in address else "?"
            page = at_desk.client.get(f"{address}{join}lang={locale}", base_url=ORIGIN).text
            direction = "rtl" if locale == "ar" else "ltr"
            assert f'<html lang="{locale}" dir="{direction}">' in page
            title = re.search(r"<title>([^<]+)</title>", page)
            assert title
            assert not re.search(r"[0-9A-Z]{2}-[0-9A-Z]{3}|Maria", title[1])


def test_a_link_chooses_and_a_cookie_of_the_desk_remembers(at_desk: Member) -> None:
    response = at_desk.client.get("/console/?lang=ar", base_url=ORIGIN)
    cookie = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("desk-lang="))
    for flag in ("desk-lang=ar", "HttpOnly", "Secure", "SameSite=Strict", "Path=/console"):
        assert flag in cookie
    assert '<html lang="ar"' in at_desk.opens("/console/new")


def test_the_browser_is_asked_where_nothing_was_chosen(at_desk: Member) -> None:
    headers = {"Accept-Language": "xx, ar-EG;q=0.9, en;q=0.1"}
    page = at_desk.client.get("/console/new", headers=headers, base_url=ORIGIN).text
    assert '<html lang="ar"' in page


@pytest.mark.parametrize("lang", ["xx", "", "../../etc", "ar\r\nSet-Cookie: x=y"])
def test_a_language_that_is_not_offered_changes_nothing(at_desk: Member, lang: str) -> None:
    response = at_desk.client.get("/console/", query_string={"lang": lang}, base_url=ORIGIN)
    assert '<html lang="en"' in response.text
    assert "x=y" not in str(response.headers)


def test_a_link_to_another_language_stays_on_the_page_and_takes_no_orders(
    at_desk: Member, report: str
) -> None:
    page = at_desk.opens(f"/console/report/{report}?_external=1&_scheme=javascript&view=mine")
    assert f'href="/console/report/{report}?view=mine&lang=ar"' in page
    assert "javascript:" not in page


def test_single_keys_can_be_switched_off(at_desk: Member) -> None:
    assert 'data-keys="off"' not in at_desk.opens("/console/")
    at_desk.sends("/console/keys", keys="off")
    assert 'data-keys="off"' in at_desk.opens("/console/")
    at_desk.sends("/console/keys", keys="on")
    assert 'data-keys="off"' not in at_desk.opens("/console/")


def test_every_reason_that_an_assessment_may_give_has_words() -> None:
    source = (ROOT / "hotline" / "templates" / "console" / "codes.html").read_text()
    worded = set(re.findall(r'code == "([a-z_]+)"', source))
    assert {rule.removeprefix("urgency_") for rule in REASONS} - worded == set()
