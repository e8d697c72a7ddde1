"""A page of somebody else does nothing here in the name of whoever looks at it: no form, of no role, by no browser."""

import pytest

from tests.attack.web.asking import ENDS_A_SESSION, EVIL, asks, ways
from tests.cast import Member, Texter
from tests.console.everywhere import pages
from tests.console.test_desks import everything
from tests.house import ORIGIN, House

FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": ORIGIN},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Origin": f"{ORIGIN}.evil.example"},
    {"Origin": f"{ORIGIN}:444"},
    {"Origin": ORIGIN.replace("https", "http")},
    {"Origin": ORIGIN.upper()},
    {"Referer": f"{EVIL}/{ORIGIN}/console/"},
    {"Referer": f"{ORIGIN}.evil.example/console/"},
    {"Referer": ORIGIN.replace("//", "//user@")},
)
"""What a browser says of a form on another page; old ones say the last three alone."""

ROLES = ("noor", "ines", "ivo", "abel", "ada", "isa")
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("who", ROLES)
def test_no_form_of_the_desk_is_taken_from_another_page(house: House, who: str) -> None:
    member = Member(house, who)
    member.signs_in()
    before, walked = everything(house), 0
    for way in ways(house.app, *_CHANGING):
        if way.is_of_the_desk:
            # Which of them says what matters to no address by itself; together they meet all.
            foreign = FOREIGN[walked % len(FOREIGN)]
            assert asks(house, way, member, headers=foreign).status_code == 403, (way, foreign)
            walked += 1
    assert walked > 150
    assert everything(house) == before
    assert member.client.get("/console/account", base_url=ORIGIN).status_code == 200


@pytest.mark.parametrize("foreign", FOREIGN, ids=str)
def test_the_door_takes_nobody_in_from_another_page(
    house: House, noor: Member, foreign: dict[str, str]
) -> None:
    # Whoever were signed in as the attacker would write down what they know for them.
    form = {"name": "noor", "passphrase": "correct horse battery noor", "totp": noor.code()}
    for path in ("/console/signin", "/console/signout", "/console/join"):
        refused = house.app.test_client().post(path, data=form, headers=foreign, base_url=ORIGIN)
        assert (refused.status_code, "Set-Cookie" in refused.headers) == (403, False)


def test_a_page_of_ours_is_known_in_every_browser(noor: Member) -> None:
    noor.signs_in()
    for ours in (
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": ORIGIN},
        {"Referer": f"{ORIGIN}/console/settings"},
        {},
    ):
        kept = noor.client.post("/console/keys", headers=ours, base_url=ORIGIN)
        assert kept.status_code == 303, ours


REPORTERS = ("come_back", "first_word", "leave", "numbers", "sooner", "write")
"""Forms that no cookie opens: whoever sends one must bring what opens it, as the person would."""


def test_what_is_not_of_the_desk_is_opened_by_no_cookie(house: House, noor: Member) -> None:
    noor.signs_in()
    for way in ways(house.app, *_CHANGING):
        if way.is_of_the_desk or way.endpoint.removeprefix("web.") in REPORTERS:
            continue
        told = asks(house, way, noor, headers={"Sec-Fetch-Site": "cross-site"})
        # Services of the directory are asked by forms that change nothing.
        is_reading = way.endpoint == "directory.listed"
        assert is_reading or told.status_code in (401, 403, 404, 405, 415), (way, told.status_code)


def test_looking_changes_nothing(house: House, maria: Texter, ines: Member) -> None:
    """A link, a picture and a page fetched in advance ask as a page does; they do no more than look."""
    maria.texts("They keep my passport")
    ines.signs_in()
    ids = {"report_id": ines.first_report()}
    # That somebody has opened a report is all that looking leaves, beside lines in the log.
    ines.opens(f"/console/report/{ids['report_id']}")
    before, opened = everything(house), 0
    for path in pages(house, ids):
        opened += ines.client.get(path, base_url=ORIGIN).status_code == 200
    assert opened > 40
    assert everything(house) == before


def test_no_method_stands_for_another(house: House, noor: Member) -> None:
    noor.signs_in()
    before = everything(house)
    said = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}
    for way in ways(house.app, "POST"):
        if way.is_of_the_desk and way.endpoint not in ENDS_A_SESSION:
            for method in ("GET", "TRACE"):
                answer = noor.client.open(
                    f"{way.path}?_method=POST&method=POST",
                    method=method,
                    headers=said,
                    base_url=ORIGIN,
                )
                assert answer.status_code in (200, 303, 403, 404, 405, 501), (way, method)
                assert method == "GET" or answer.status_code in (404, 405), way
    assert everything(house) == before
