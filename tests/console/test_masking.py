"""Masked is masked in every view: list, page, search, export, notification, audit, print; for each role, in each address.

What the machine found stands twice in the words, once inside something longer, and in capitals; what it missed a person
marks.
"""

import re

import pytest

from hotline.worker import work_off
from tests.cast import Member, Texter
from tests.console.everywhere import ids_in, pages
from tests.house import ORIGIN, House

NAME, PHONE, MAIL = "Ramona Quillfeather", "+1 500 555 0177", "ramona.quillfeather@mail.example"
SAID = (
    f"My boss {NAME} took my passport and locks the door at night. Her number is {PHONE}, "
    f"write {MAIL}. {NAME.upper()} beats us when the thin teacher tells her to, Ramona says nobody will believe me."
)
CANARIES = ("quillfeather", "ramona", "5550177", "555 0177", "mail.example")
MISSED = ("thin teacher", "teacher")
ROLES = ("noor", "ines", "omar", "ivo", "abel", "enzo", "ada", "isa", "tala")


@pytest.fixture
def report(maria: Texter, at_desk: Member) -> str:
    maria.texts(SAID)
    return at_desk.first_report()


def test_no_page_shows_what_was_masked(
    house: House, report: str, at_desk: Member, supervisor: Member, agency: str
) -> None:
    path = f"/console/report/{report}"
    at_desk.sends(f"{path}/claim")
    at_desk.sends(f"{path}/note", text="Ask again tomorrow.")
    at_desk.sends(f"{path}/reply", words="We hear you.")
    work_off(house.hotline)

    # Noor masks what the machine missed, twice and overlapping: at once it is nowhere any more,
    assert MISSED[0] in at_desk.opens(path)
    for words in ("thin teacher", "teacher", "the thin teacher"):
        page = at_desk.opens(path)
        seen = re.search(r'name="text" value="(\w+)"', page)
        assert seen
        form = {"do": "mark", "words": words, "label": "PERSON", "text": seen[1]}
        answer = at_desk.client.post(f"{path}/spans/1", data=form, base_url=ORIGIN)
        assert answer.status_code in (303, 422), answer.status
    assert not shown_to(house, report, ROLES[:1])

    # and so it stays once the review is done and it is sealed.
    at_desk.reviews(report)
    assert not shown_to(house, report, ROLES)
    for words in (*CANARIES, *MISSED):
        found = at_desk.sends("/console/search", expect=200, words=words).text.casefold()
        assert "took my" not in found, words
    custody = supervisor.sends(f"{path}/custody", expect=200, format="html")
    assert b"uillfeather" not in custody.data
    # What goes to people beside the desk says nothing of it either.
    assert not [
        sent for sent in house.carrier.sent if any(c in str(sent).casefold() for c in CANARIES)
    ]


def shown_to(house: House, report: str, roles: tuple[str, ...]) -> set[str]:
    """Return what some page of the desk shows, in words, address or headers, of what nobody may see."""
    ids = {**ids_in(house), "report_id": report}
    found, accounts = set(), 0
    for who in roles:
        member = Member(house, who)
        member.signs_in()
        for address in pages(house, ids):
            answer = member.client.get(address, base_url=ORIGIN)
            told = f"{answer.text} {answer.headers}".casefold()
            found |= {canary for canary in (*CANARIES, *MISSED) if canary in told}
            accounts += "took my passport" in told
    # Some of them show the account: what is shown nowhere proves nothing.
    assert accounts >= min(len(roles), 3)
    return found
