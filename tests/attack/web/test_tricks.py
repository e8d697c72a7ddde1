"""However an address is written, nobody reaches a page of the desk without having signed in."""

import pytest
from sqlalchemy import select

from hotline.vault.tables import sessions
from tests.attack.web.asking import NOTHING, raw, ways
from tests.cast import Member
from tests.house import ORIGIN, House

SPELT = (
    "/{0}",
    "//{0}",
    "/./{0}",
    "/static/../{0}",
    "/static/%2e%2e/{0}",
    "/static/..%2f{0}",
    "/static/..;/{0}",
    "/en/..;/{0}",
    "/%2e/{0}",
    "/{0};a=b",
    "/{0}%00",
    "/{0}%00.css",
    "/{0}%20",
    "/{0}.",
    "/{0}/.",
    "/{0}//",
    "/{0}%2f",
    "/{0}.json",
    "/{0}?.css",
    "/{0}#.css",
    "/{0}\\",
    "/%5c{0}",
    "/%63onsole/{1}",
    "/CONSOLE/{1}",
    "/Console/{1}",
    "/console%2f{1}",
    "/console/%2e%2e/console/{1}",
    "/con\u017fole/{1}",
    "/c\u043ensole/{1}",
    "/twilio/../{0}",
    "/healthz/../{0}",
    "/twilio/sms/%2e%2e/%2e%2e/{0}",
)
AS = (
    {},
    {"X-Original-URL": "/{0}", "X-Rewrite-URL": "/{0}"},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "X-Forwarded-User": "ines"},
    {"Authorization": "Basic aW5lczppbmVz", "Remote-User": "ines", "X-Remote-User": "ines"},
    {"Cookie": "__Host-key=; key=ines; session=ines"},
    {"Cookie": "__Host-key=" + "A" * 4096},
    {"Cookie": "__Host-key=%00; __Host-key=\u00ff"},
)


@pytest.mark.parametrize("page", ["console/", "console/staff", f"console/report/{NOTHING}"])
def test_no_spelling_leads_past_the_door(house: House, page: str) -> None:
    client = house.app.test_client()
    for spelt in SPELT:
        target = spelt.format(page, page.removeprefix("console/"))
        for says in AS:
            headers = {name: its.format(page) for name, its in says.items()}
            said = {"PATH_INFO": raw(target)}
            answer = client.get("/", base_url=ORIGIN, headers=headers, environ_overrides=said)
            assert answer.status_code in (303, 308, 404), (target, headers, answer.status_code)
            to = answer.headers.get("Location", "")
            assert "/console/signin" in to or answer.status_code != 303, (target, to)


def test_a_planted_session_is_nobodys_and_each_signing_in_begins_another(
    house: House, noor: Member
) -> None:
    planted = "A" * 43
    thief = house.app.test_client()
    thief.set_cookie("__Host-key", planted, domain="line.example", secure=True)
    given = []
    for _ in range(2):
        house.clock.passes(seconds=30)
        form = {"name": "noor", "passphrase": "correct horse battery noor", "totp": noor.code()}
        thief.post("/console/signin", data=form, base_url=ORIGIN)
        cookie = thief.get_cookie("__Host-key", domain="line.example")
        assert cookie is not None
        given.append(cookie.value)
    assert len({planted, *given}) == 3
    with house.hotline.store.read() as session:
        assert planted.encode() not in b"".join(session.execute(select(sessions.c.id)).scalars())
    # The one that was planted opens nothing afterwards, either,
    assert _is_in(house, given[1])
    assert not _is_in(house, planted)
    # and once somebody signed out, neither the page nor the form takes their cookie.
    thief.post("/console/signout", base_url=ORIGIN)
    assert not _is_in(house, given[1])


def _is_in(house: House, cookie: str) -> bool:
    browser = house.app.test_client()
    browser.set_cookie("__Host-key", cookie, domain="line.example", secure=True)
    return browser.get("/console/account", base_url=ORIGIN).status_code == 200


GIVEN = {
    **dict.fromkeys(("role", "new_role"), "administrator"),
    **dict.fromkeys(("desk", "new_desk"), "north"),
    **dict.fromkeys(("rights", "right"), "oversee"),
    **dict.fromkeys(("id", "member_id", "staff_id", "who", "by", "owner"), NOTHING),
    **dict.fromkeys(("blocked", "is_blocked", "is_admin", "admin"), "0"),
    **dict.fromkeys(("username", "pseudonym"), "root"),
    **dict.fromkeys(("restricted", "claimed_by", "report_id", "status", "urgency"), "1"),
    "verifier": "x",
    "at": "1999-01-01T00:00:00Z",
}
"""Names of columns, in a form that asks for something else."""


@pytest.mark.parametrize("who", ["noor", "ivo", "abel", "isa"])
def test_a_form_gives_nobody_what_it_does_not_ask_for(house: House, who: str) -> None:
    member = Member(house, who)
    member.signs_in()
    before = {one.username: one for one in house.hotline.keyring.members}
    for way in ways(house.app, "POST"):
        if way.is_of_the_desk and "signout" not in way.path and "leave" not in way.endpoint:
            answer = member.client.post(
                f"{way.path}?role=administrator", data=GIVEN, base_url=ORIGIN
            )
            assert answer.status_code in (200, 303, 400, 403, 404, 409, 422), way
    house.hotline.keyring.refresh()
    assert {one.username: one for one in house.hotline.keyring.members} == before
    assert member.client.get("/console/agencies", base_url=ORIGIN).status_code in (303, 403)
