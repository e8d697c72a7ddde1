"""What someone says on the telephone or at the door is kept like any report, and they get the code."""

import re

import pytest

from hotline import triage
from hotline.vault.codes import parse
from tests.cast import Member
from tests.house import House

SAID = {
    "channel": "walk_in",
    "account": "She came in. Her name is Amina Haddad, the lady keeps her passport, no pay.",
    "safe": "yes",
    "young": "no",
    "need": ["papers", "pay"],
    "number": "+1 500 555 0143",
    "how": "here",
    "language": "en",
}


def test_it_is_kept_redacted_claimed_and_answered_by_code(house: House, at_desk: Member) -> None:
    page = at_desk.sends("/console/new", expect=200, **SAID).text
    digits = "".join(re.findall(r"<li>(\d{3})</li>", page))
    words = re.findall(r"<li>([a-z]+)</li>", page)
    code = parse(digits)
    assert code is not None
    assert parse(" ".join(words)) == code

    report = at_desk.first_report()
    read = at_desk.opens(f"/console/report/{report}")
    assert "Came in person" in read
    assert "Amina" not in read
    assert "Yours for" in read
    assert "their code, on the web page" in read

    at_desk.sends(f"/console/report/{report}/reply", words="Come on Thursday.")
    with house.hotline.store.read() as session:
        from hotline.vault.reporters import open_answers

        key = house.hotline.codes.derive(code)
        authors = house.hotline.authors
        answers = open_answers(session, key, authors=authors, unread_only=True)
    assert [account.text for account in answers.genuine.values()] == ["Come on Thursday."]


def test_the_code_comes_also_when_the_claim_fails(
    at_desk: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object, **__: object) -> None:
        raise triage.Held

    monkeypatch.setattr(triage, "claim", held)
    page = at_desk.sends("/console/new", expect=200, **SAID).text
    assert parse("".join(re.findall(r"<li>(\d{3})</li>", page))) is not None


def test_the_code_is_shown_once(at_desk: Member, supervisor: Member) -> None:
    page = at_desk.sends("/console/new", expect=200, **SAID).text
    digits = re.findall(r"<li>(\d{3})</li>", page)
    report = at_desk.first_report()
    for path in ("/console/", f"/console/report/{report}", "/console/audit"):
        assert " ".join(digits) not in supervisor.opens(path)
        assert digits[0] + digits[1] not in supervisor.opens(path)


def test_an_empty_account_is_asked_for_and_the_rest_is_kept(at_desk: Member) -> None:
    page = at_desk.sends("/console/new", expect=422, **{**SAID, "account": "  "}).text
    assert "Nothing is kept yet" in page
    assert 'value="+1 500 555 0143"' in page
    assert 'name="need" value="pay" checked' in page
    assert "Nobody is waiting" in at_desk.opens("/console/")


def test_a_channel_that_staff_cannot_take_becomes_a_call(at_desk: Member) -> None:
    at_desk.sends("/console/new", expect=200, **{**SAID, "channel": "sms"})
    assert "Call taken by staff" in at_desk.opens("/console/")
