"""Ruth was given a code; she makes her own way in, page by page, and Ines lets her in."""

import base64
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.vault.totp import step_at, totp_code
from tests.cast import Member
from tests.house import ORIGIN, House

PASSPHRASE = "an owl sleeps till dusk"
RUTH = {"username": "ruth", "name": "Ruth", "pseudonym": "Reed", "role": "caseworker"}


class Newcomer:
    """Somebody at a browser without scripts who was never here before."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.client: FlaskClient = house.app.test_client()

    def sends(self, path: str, **form: str) -> TestResponse:
        return self.client.post(path, data=form, base_url=ORIGIN)

    def opens(self, path: str) -> str:
        response = self.client.get(path, base_url=ORIGIN)
        assert response.status_code == 200, (path, response.status)
        return unescape(response.text)

    def chooses(self, code: str, passphrase: str = PASSPHRASE) -> TestResponse:
        begun = self.sends("/console/join", code=code)
        assert begun.headers["Location"] == "/console/join/passphrase", begun.text
        return self.sends("/console/join/passphrase", passphrase=passphrase, again=passphrase)

    def digits(self) -> str:
        """Return what an authenticator shows that was told the text on the page."""
        page = self.opens("/console/join/authenticator")
        spelled = re.search(r'class="reference qr__text"[^>]*>([A-Z2-7 ]+)<', page)
        assert spelled
        secret = base64.b32decode(spelled.group(1).replace(" ", ""))
        return totp_code(secret, step_at(self.house.clock()))

    def joins(self, code: str) -> str:
        """Go all the way and return the last page."""
        assert self.chooses(code).headers["Location"] == "/console/join/authenticator"
        answer = self.sends("/console/join/authenticator", totp=self.digits())
        assert answer.status_code == 200
        return unescape(answer.text)


@pytest.fixture
def ruth(house: House) -> Newcomer:
    return Newcomer(house)


def listed(page: str, kind: str) -> list[str]:
    """Return what a list of a page holds."""
    found = re.search(rf'<ol class="{kind}[^>]*>(.*?)</ol>', page, re.DOTALL)
    assert found, f"no {kind}"
    return re.findall(r"<li>(.*?)</li>", found.group(1))


def invites(supervisor: Member, **form: str) -> str:
    page = unescape(supervisor.sends("/console/staff/invite", expect=200, **form).text)
    return " ".join(listed(page, "code-digits"))


def test_ruth_makes_her_way_in_and_works(house: House, supervisor: Member, ruth: Newcomer) -> None:
    code = invites(supervisor, **RUTH)
    last = ruth.joins(code)
    codes, words = listed(last, "code-words once"), listed(last, 'code-words"')
    assert (len(codes), len(words)) == (10, 6)
    # She can look her words up again; the recovery codes never.
    again = ruth.opens("/console/join")
    assert listed(again, "code-words") == words
    assert not any(each in again for each in codes)
    # Ines sees the same words and lets her in.
    staff = supervisor.opens("/console/staff")
    assert listed(staff, "code-words") == words
    found = re.search(r'(/console/staff/candidate/[0-9a-f]{32}/admit).*?value="([^"]+)"', staff)
    assert found
    supervisor.sends(found.group(1), expect=409, shown="something else")
    supervisor.sends(found.group(1), shown=found.group(2))
    form = {"name": "ruth", "passphrase": PASSPHRASE, "totp": codes[0]}
    assert ruth.sends("/console/signin", **form).headers["Location"] == "/console/"
    assert "Ruth, sign out" in re.sub(r"</?bdi[^>]*>", "", ruth.opens("/console/"))
    assert "One of your recovery codes was used" in ruth.opens("/console/account")


def test_the_pages_say_nothing_of_what_they_are_for(supervisor: Member, ruth: Newcomer) -> None:
    code = invites(supervisor, **RUTH)
    pages = [ruth.opens("/console/join")]
    ruth.chooses(code)
    pages += [ruth.opens("/console/join/passphrase"), ruth.opens("/console/join/authenticator")]
    for page in pages:
        shown = re.sub(r"<head>.*?</head>|<svg.*?</svg>|<[^>]+>", " ", page, flags=re.DOTALL)
        for word in ("hotline", "desk", "report", "traffick", "case"):
            assert word not in shown.lower(), word


def test_the_answer_page_shows_how_strong_a_passphrase_is(
    supervisor: Member, ruth: Newcomer
) -> None:
    weak = ruth.chooses(invites(supervisor, **RUTH), "password1234")
    assert weak.status_code == 422
    assert '<meter min="0" max="4"' in weak.text
    assert "among the passwords that everyone tries first" in weak.text
    assert "password1234" not in weak.text
    short = ruth.sends("/console/join/passphrase", passphrase="x7!kQz", again="x7!kQz")
    assert "at least 12 characters" in short.text
    differ = ruth.sends("/console/join/passphrase", passphrase=PASSPHRASE, again="an owl")
    assert "were not the same" in differ.text


def test_wrong_used_and_ended_codes_are_told_apart(
    house: House, supervisor: Member, ruth: Newcomer
) -> None:
    wrong = ruth.sends("/console/join", code="123 456")
    assert (wrong.status_code, "No invitation has this code" in wrong.text) == (404, True)
    used = invites(supervisor, **RUTH)
    ruth.joins(used)
    again = Newcomer(house).sends("/console/join", code=used)
    assert (again.status_code, "was used already" in again.text) == (409, True)
    late = invites(supervisor, **{**RUTH, "username": "rami"})
    house.clock.passes(hours=73)
    over = Newcomer(house).sends("/console/join", code=late)
    assert (over.status_code, "has ended" in over.text) == (410, True)


def test_wrong_digits_ask_for_the_next_ones(supervisor: Member, ruth: Newcomer) -> None:
    ruth.chooses(invites(supervisor, **RUTH))
    wrong = ruth.sends("/console/join/authenticator", totp="12345")
    assert (wrong.status_code, "Those are not its digits" in wrong.text) == (422, True)
    assert ruth.sends("/console/join/authenticator", totp=ruth.digits()).status_code == 200


def test_without_a_code_no_step_opens(house: House, ruth: Newcomer) -> None:
    for path in ("/console/join/passphrase", "/console/join/authenticator"):
        assert ruth.client.get(path, base_url=ORIGIN).status_code == 404
        assert ruth.sends(path, passphrase="x", again="x", totp="1").status_code == 404
    ruth.client.set_cookie("__Host-joining", "x" * 43, domain="line.example", secure=True)
    assert ruth.client.get("/console/join/passphrase", base_url=ORIGIN).status_code == 404


def test_the_picture_is_drawn_in_the_page_and_obeys_its_policy(
    supervisor: Member, ruth: Newcomer
) -> None:
    ruth.chooses(invites(supervisor, **RUTH))
    page = ruth.opens("/console/join/authenticator")
    drawn = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert drawn
    assert "style=" not in drawn.group(0)
    assert "http" not in drawn.group(0).replace("http://www.w3.org/2000/svg", "")
    response = ruth.client.get("/console/join/authenticator", base_url=ORIGIN)
    assert response.headers["Cache-Control"] == "no-store"
    cookie = ruth.client.get_cookie("__Host-joining", domain="line.example")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "Strict")
