"""Nobody is at the desk who did not sign in, and nobody else's page can act in their name."""

import re

import pytest
from flask import Flask

from tests.cast import Member
from tests.house import ORIGIN, House

A_REPORT = "0" * 32


def addresses(app: Flask, method: str) -> list[str]:
    """Every address of the desk but the door's, with ids filled in."""
    return sorted(
        re.sub(r"<[^>]+>", A_REPORT, re.sub(r"<int:[^>]+>", "1", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/console/")
        and method in (rule.methods or ())
        and not rule.endpoint.startswith(("door.", "habits.", "joining."))
    )


def test_signing_in_gives_a_key_that_no_script_and_no_other_site_reaches(noor: Member) -> None:
    response = noor.signs_in()
    assert response.headers["Location"] == "/console/"
    key = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("__Host-key="))
    for flag in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert flag in key
    assert "Domain" not in key


def test_a_wrong_passphrase_keeps_the_name_and_tells_nothing_else(noor: Member) -> None:
    response = noor.signs_in(passphrase="wrong horse")
    assert response.status_code == 403
    assert 'value="noor"' in response.text
    assert "wrong horse" not in response.text
    assert "do not fit together" in response.text
    assert noor.client.get("/console/", base_url=ORIGIN).status_code == 303


def test_digits_count_once(house: House, noor: Member) -> None:
    noor.signs_in()
    digits = noor.code()
    other = house.app.test_client()
    form = {"name": "noor", "passphrase": "correct horse battery noor", "totp": digits}
    assert other.post("/console/signin", data=form, base_url=ORIGIN).status_code == 403


def test_too_many_tries_ask_for_a_pause_and_not_for_an_account(noor: Member) -> None:
    for _ in range(8):
        response = noor.signs_in(passphrase="wrong")
    noor.house.clock.passes(seconds=-29)
    again = noor.client.post(
        "/console/signin", data={"name": "noor", "passphrase": "x", "totp": "1"}, base_url=ORIGIN
    )
    assert {response.status_code, again.status_code} == {403}
    assert "Wait a minute" in again.text


def test_signing_out_ends_the_session_itself(at_desk: Member) -> None:
    key = at_desk.client.get_cookie("__Host-key", domain="line.example")
    at_desk.sends("/console/signout")
    thief = at_desk.house.app.test_client()
    thief.set_cookie("__Host-key", key.value, domain="line.example", secure=True)
    assert thief.get("/console/", base_url=ORIGIN).headers["Location"] == "/console/signin"


def test_a_desk_left_alone_asks_who_is_there(house: House, at_desk: Member) -> None:
    house.clock.passes(minutes=31)
    assert at_desk.client.get("/console/", base_url=ORIGIN).status_code == 303


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_address_of_the_desk_asks_who_is_there(house: House, method: str) -> None:
    client = house.app.test_client()
    paths = addresses(house.app, method)
    assert len(paths) > 5
    for path in paths:
        response = client.open(path, method=method, base_url=ORIGIN)
        assert (response.status_code, response.headers["Location"]) == (303, "/console/signin"), (
            path
        )


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_another_sites_page_does_nothing_in_somebodys_name(
    at_desk: Member, report: str, headers: dict[str, str]
) -> None:
    for path in (*addresses(at_desk.house.app, "POST"), "/console/signin", "/console/signout"):
        path = path.replace(A_REPORT, report)
        refused = at_desk.client.post(path, headers=headers, base_url=ORIGIN)
        assert refused.status_code == 403, path
    assert at_desk.opens("/console/")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": ORIGIN}, {}])
def test_our_own_forms_work_in_old_and_new_browsers(
    at_desk: Member, report: str, headers: dict[str, str]
) -> None:
    path = f"/console/report/{report}/claim"
    assert at_desk.client.post(path, headers=headers, base_url=ORIGIN).status_code == 303


def test_every_answer_is_kept_by_nobody_and_framed_by_nobody(at_desk: Member, report: str) -> None:
    for path in ("/console/", f"/console/report/{report}", "/console/audit", "/console/signin"):
        headers = at_desk.client.get(path, base_url=ORIGIN).headers
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
