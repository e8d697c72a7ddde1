"""Ines answers for her desk, Ada for everybody's way in; neither for what is not theirs."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.vault.tables import candidates
from tests.cast import Member
from tests.house import ORIGIN, House, found_house

FORM = {"username": "ruth", "name": "Ruth", "pseudonym": "Reed", "role": "caseworker"}


@pytest.fixture
def ada(house: House) -> Member:
    ada = Member(house, "ada")
    ada.signs_in()
    return ada


def id_of(house: House, username: str) -> str:
    return next(m.id for m in house.hotline.keyring.members if m.username == username)


def is_in(member: Member) -> bool:
    answer = member.client.get("/console/account", base_url=ORIGIN)
    return answer.status_code == 200


def test_a_supervisor_sees_her_desk_and_an_administrator_everybody(
    supervisor: Member, ada: Member
) -> None:
    desk, everybody = supervisor.opens("/console/staff"), ada.opens("/console/staff")
    for name in ("Noor", "Ines", "Abel"):
        assert name in desk
        assert name in everybody
    for name in ("Tala", "Mira", "Isa", "Ada"):
        assert name not in desk
        assert name in everybody
    # No act of hers reaches herself.
    assert id_of(supervisor.house, "ines") not in desk
    assert "/block" not in desk


def test_ending_someones_sessions_signs_them_out_everywhere(
    house: House, supervisor: Member, ada: Member, at_desk: Member
) -> None:
    noor = id_of(house, "noor")
    supervisor.sends(f"/console/staff/{noor}/sessions")
    assert not is_in(at_desk)
    at_desk.signs_in()
    ada.sends(f"/console/staff/{noor}/sessions")
    assert not is_in(at_desk)
    at_desk.signs_in()
    assert is_in(at_desk)


def test_who_is_blocked_neither_stays_nor_comes_in(
    house: House, ada: Member, at_desk: Member, supervisor: Member
) -> None:
    noor = id_of(house, "noor")
    ada.sends(f"/console/staff/{noor}/block")
    assert not is_in(at_desk)
    refused = at_desk.signs_in()
    assert refused.status_code == 403
    assert "do not fit together" in refused.text
    assert "blocked" in ada.opens("/console/staff")
    supervisor.sends(f"/console/staff/{noor}/unblock", expect=403)
    ada.sends(f"/console/staff/{noor}/unblock")
    assert at_desk.signs_in().status_code == 303
    ada.sends(f"/console/staff/{id_of(house, 'ada')}/block", expect=403)
    ada.sends(f"/console/staff/{'0' * 32}/block", expect=404)


def test_who_is_let_go_is_out_at_once(house: House, supervisor: Member, at_desk: Member) -> None:
    noor = id_of(house, "noor")
    supervisor.sends(f"/console/staff/{noor}/dismiss")
    assert not is_in(at_desk)
    assert at_desk.signs_in().status_code == 403
    assert noor not in supervisor.opens("/console/staff")
    for gone in (noor, id_of(house, "tala")):
        supervisor.sends(f"/console/staff/{gone}/dismiss", expect=404)
    supervisor.sends(f"/console/staff/{id_of(house, 'ines')}/dismiss", expect=403)


def test_what_is_wrong_with_an_invitation_is_said_and_what_was_typed_stays(
    supervisor: Member,
) -> None:
    taken = supervisor.sends("/console/staff/invite", expect=409, **{**FORM, "username": "NOOR"})
    assert "Someone has this sign-in name already" in taken.text
    assert 'value="Ruth"' in taken.text
    for wrong in ({"name": ""}, {"role": "supervisor"}, {"role": "administrator"}, {"half": "a"}):
        supervisor.sends("/console/staff/invite", expect=422, **{**FORM, **wrong})


def test_an_administrator_invites_to_the_house_only(ada: Member) -> None:
    page = ada.opens("/console/staff")
    offered = re.findall(r'<option value="([a-z]+)"', page)
    assert set(offered) == {"investigator", "auditor"}
    ada.sends("/console/staff/invite", expect=422, **FORM)
    ada.sends("/console/staff/invite", expect=200, **{**FORM, "role": "investigator"})
    assert "Ruth" in ada.opens("/console/staff")


def test_an_invitation_is_shown_once_and_can_be_taken_back(supervisor: Member) -> None:
    page = supervisor.sends("/console/staff/invite", expect=200, **FORM).text
    digits = re.findall(r"<li>(\d{3})</li>", page)
    assert len(digits) == 7
    staff = supervisor.opens("/console/staff")
    assert "Did not begin yet" in staff
    assert " ".join(digits) not in staff
    found = re.search(r"/console/staff/candidate/([0-9a-f]{32})/withdraw", staff)
    assert found
    supervisor.sends(found.group(0))
    assert "Ruth" not in supervisor.opens("/console/staff")
    supervisor.sends(found.group(0), expect=404)


def test_nobody_is_let_in_whose_words_were_not_compared(supervisor: Member) -> None:
    supervisor.sends("/console/staff/invite", expect=200, **FORM)
    staff = supervisor.opens("/console/staff")
    found = re.search(r"/console/staff/candidate/([0-9a-f]{32})/withdraw", staff)
    assert found
    supervisor.sends(f"/console/staff/candidate/{found.group(1)}/admit", expect=404, shown="")


def test_a_lost_passphrase_is_an_invitation_under_the_same_name(
    house: House, supervisor: Member
) -> None:
    noor = id_of(house, "noor")
    page = supervisor.sends(f"/console/staff/{noor}/readmit", expect=200).text
    assert "Noor" in page
    assert "comes back with new keys" in supervisor.opens("/console/staff")
    for nobody in (id_of(house, "tala"), id_of(house, "ines"), "0" * 32):
        supervisor.sends(f"/console/staff/{nobody}/readmit", expect=404)


def test_at_a_desk_with_four_eyes_an_invitation_says_which_half(tmp_path: Path) -> None:
    house = found_house(tmp_path, four_eyes=True)
    ines = Member(house, "ines")
    ines.signs_in()
    assert "Which half of identities" in ines.opens("/console/staff")
    ines.sends("/console/staff/invite", expect=422, **{**FORM, "half": "c"})
    ines.sends("/console/staff/invite", expect=200, **{**FORM, "half": "a"})
    with house.hotline.store.read() as session:
        assert session.execute(select(candidates.c.half)).scalars().all() == ["a"]
    house.close()
