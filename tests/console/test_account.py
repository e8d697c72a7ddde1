"""Noor looks after her own way in."""

import base64
import re
from html import unescape

from hotline.vault.totp import step_at, totp_code
from tests.cast import Member
from tests.house import ORIGIN, House

OLD = "correct horse battery noor"
NEW = "nine paper boats in may"


def listed(page: str) -> list[str]:
    found = re.search(r'<ol class="code-words once".*?</ol>', page, re.DOTALL)
    assert found
    return re.findall(r"<li>(.*?)</li>", found.group(0))


def signs_in_again(noor: Member, passphrase: str = OLD, totp: str = "") -> int:
    other = Member(noor.house, "noor")
    return other.signs_in(passphrase=passphrase, totp=totp).status_code


def test_the_page_shows_sessions_browsers_and_codes_left(at_desk: Member) -> None:
    page = at_desk.opens("/console/account")
    assert page.count("this one") == 2
    assert "0 codes are left" in page
    assert "Outside your desk you are" in page


def test_a_new_passphrase_asks_the_old_one(at_desk: Member) -> None:
    form = {"passphrase": NEW, "again": NEW}
    wrong = at_desk.sends("/console/account/passphrase", expect=422, old="guess", **form)
    assert "This is not your passphrase" in unescape(wrong.text)
    weak = {"passphrase": "password1234", "again": "password1234"}
    refused = at_desk.sends("/console/account/passphrase", expect=422, old=OLD, **weak)
    assert "<meter" in refused.text
    differ = {"passphrase": NEW, "again": "nine boats"}
    at_desk.sends("/console/account/passphrase", expect=422, old=OLD, **differ)
    done = at_desk.sends("/console/account/passphrase", expect=200, old=OLD, **form)
    assert len(listed(done.text)) == 10
    assert "10 codes are left" in at_desk.opens("/console/account")
    assert signs_in_again(at_desk) == 403
    assert signs_in_again(at_desk, NEW) == 303
    assert signs_in_again(at_desk, NEW, listed(done.text)[0]) == 303


def test_too_many_wrong_passphrases_ask_for_a_pause(at_desk: Member) -> None:
    for _ in range(5):
        at_desk.sends("/console/account/codes", expect=422, old="guess")
    slowed = at_desk.sends("/console/account/codes", expect=429, old=OLD)
    assert "Wait a minute" in slowed.text


def test_a_new_authenticator_is_shown_and_tried_before_it_counts(
    house: House, at_desk: Member
) -> None:
    page = at_desk.sends("/console/account/authenticator", expect=200).text
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    spelled = re.search(r'class="reference qr__text"[^>]*>([A-Z2-7 ]+)<', page)
    assert offer
    assert spelled
    secret = base64.b32decode(spelled.group(1).replace(" ", ""))

    def confirms(expect: int, **form: str) -> str:
        whole = {"offer": unescape(offer.group(1)), "old": OLD, **form}
        answer = at_desk.sends("/console/account/authenticator/confirm", expect=expect, **whole)
        return unescape(answer.text)

    assert "Those are not its digits" in confirms(422, totp="1")
    code = totp_code(secret, step_at(house.clock()))
    assert "This is not your passphrase" in confirms(422, totp=code, old="guess")
    confirms(400, totp=code, offer="AAAA")
    confirms(400, totp=code, offer="not base64")
    confirms(303, totp=code)
    assert signs_in_again(at_desk) == 403
    house.clock.passes(seconds=30)
    code = totp_code(secret, step_at(house.clock.at) + 1)
    assert signs_in_again(at_desk, totp=code) == 303


def test_a_new_browser_is_told_of_on_the_next_page_until_it_is_seen(
    house: House, at_desk: Member
) -> None:
    thief = Member(house, "noor")
    thief.signs_in()
    said = "A browser that did not know you before signed in as you"
    for path in ("/console/", "/console/audit", "/console/account"):
        if path != "/console/audit":
            assert said in at_desk.opens(path), path
    # At the new browser it cannot be taken down,
    page = thief.opens("/console/account")
    assert "taken down at a browser that knew you before" in page
    assert "It was me" not in page
    page = at_desk.opens("/console/account")
    notices = re.findall(r'name="notice" value="([^"]+)"', page)
    thief.sends("/console/account/seen", notice=notices)
    assert said in at_desk.opens("/console/")
    # at the one that knew her it can.
    at_desk.sends("/console/account/seen", notice=notices)
    assert said not in at_desk.opens("/console/")


def test_noor_ends_one_session_or_all(house: House, at_desk: Member) -> None:
    other = Member(house, "noor")
    other.signs_in()
    page = at_desk.opens("/console/account")
    handle = re.search(r'name="session" value="([^"]+)"', page)
    assert handle
    at_desk.sends("/console/account/session/end", session=handle.group(1))
    assert other.client.get("/console/", base_url=ORIGIN).status_code == 303
    at_desk.sends("/console/account/session/end", expect=404, session="00" * 32)
    other.signs_in()
    left = at_desk.sends("/console/account/signout")
    assert left.headers["Location"] == "/console/signin"
    for member in (at_desk, other):
        answer = member.client.get("/console/", base_url=ORIGIN)
        assert answer.headers["Location"] == "/console/signin"


def test_a_browser_is_named_from_a_list_and_forgotten(house: House, at_desk: Member) -> None:
    other = Member(house, "noor")
    other.signs_in()
    page = at_desk.opens("/console/account")
    devices = re.findall(r'name="device" value="([^"]+)"', page)
    at_desk.sends("/console/account/device/label", device=devices[0], label="laptop")
    assert 'value="laptop" selected' in at_desk.opens("/console/account")
    at_desk.sends("/console/account/device/label", expect=400, device=devices[0], label="mine")
    forgettable = re.search(r'<button class="act act--small" name="device" value="([^"]+)"', page)
    assert forgettable
    at_desk.sends("/console/account/device/forget", device=forgettable.group(1))
    assert other.client.get("/console/", base_url=ORIGIN).status_code == 303
    at_desk.sends("/console/account/device/forget", expect=404, device=forgettable.group(1))


def test_the_browser_keeps_by_what_it_is_known_for_a_year(noor: Member) -> None:
    response = noor.signs_in()
    kept = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("__Host-device="))
    for flag in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=31536000"):
        assert flag in kept
    assert "Domain" not in kept


def test_wrong_tries_at_her_name_are_told_to_noor(house: House, at_desk: Member) -> None:
    for _ in range(2):
        house.app.test_client().post(
            "/console/signin",
            data={"name": "noor", "passphrase": "x", "totp": "1"},
            base_url=ORIGIN,
        )
    assert "typed your name 2 times in vain" in at_desk.opens("/console/account")
