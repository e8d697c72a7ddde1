"""A colleague who holds the other half sees what is asked and why, decides, and sees nothing of who it is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.domain.report import Channel, IncomingMessage
from hotline.domain.staff import Role
from hotline.vault.argon import CHEAPEST
from hotline.vault.attachments import HeldFile
from hotline.vault.house import House as Keys
from hotline.vault.member import NewMember
from hotline.worker import WORK
from tests.cast import Member, Texter
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House, found_house

ASK = {"what": "1 PERSON 1", "purpose": "handoff", "why": "to tell the shelter who comes"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = found_house(tmp_path, four_eyes=True)
    yield house
    house.close()


@pytest.fixture
def asked(at_desk: Member, report: str) -> str:
    """What Noor asked of what María texted."""
    at_desk.sends(f"/console/report/{report}/reveal", **ASK)
    return report


def requests_on(page: str) -> list[str]:
    return re.findall(r'id="request-([0-9a-f]{32})"', page)


def test_asking_opens_nothing_and_says_that_a_colleague_decides(
    at_desk: Member, asked: str
) -> None:
    page = at_desk.opens(f"/console/report/{asked}")
    assert "waits for a colleague" in page
    assert "Maria" not in page
    assert "Write it down, then ask a colleague" in page
    assert faults_in(page) == []


def test_the_colleague_is_told_what_and_why_but_not_who(
    at_desk: Member, supervisor: Member, asked: str
) -> None:
    page = supervisor.opens("/console/")
    assert "1 reveal waits for your approval" in page
    assert "1 alert needs a supervisor's eyes" in page
    page = supervisor.opens("/console/approvals")
    for told in ("Noor", "Person 1", "Handoff they agreed to", ASK["why"], asked):
        assert told in page
    assert "Maria" not in page
    assert faults_in(page) == []
    assert "waits for your approval" not in at_desk.opens("/console/")


def test_who_approves_sees_nothing_of_it_and_who_asked_sees_that_alone(
    at_desk: Member, supervisor: Member, asked: str, maria: Texter
) -> None:
    (request,) = requests_on(supervisor.opens("/console/approvals"))
    supervisor.approves(request)
    for path in ("/console/approvals", f"/console/report/{asked}", "/console/audit"):
        assert "Maria" not in supervisor.opens(path)
    assert "supervisor's eyes" not in supervisor.opens("/console/")
    path = f"/console/report/{asked}"
    assert "Ines" in at_desk.opens(path).partition("seal__answers")[2]
    page = at_desk.sends(f"{path}/reveal/granted", expect=200, request=request)
    assert "Maria Lopez" in page.text
    assert maria.number not in page.text
    assert page.headers["Refresh"] == f"60; url={path}"
    assert faults_in(page.text) == []


def test_a_refusal_says_why(at_desk: Member, supervisor: Member, asked: str) -> None:
    (request,) = requests_on(supervisor.opens("/console/approvals"))
    path = f"/console/approvals/{request}/refuse"
    again = supervisor.sends(path, expect=422, why="")
    assert "Say why first" in again.text
    assert faults_in(again.text) == []
    supervisor.sends(path, why="they did not agree yet")
    page = at_desk.opens(f"/console/report/{asked}")
    assert "Ines</bdi> refused it" in page
    assert "they did not agree yet" in page
    granted = f"/console/report/{asked}/reveal/granted"
    at_desk.sends(granted, expect=403, request=request)


def test_what_changed_since_the_page_was_read_is_not_approved(
    at_desk: Member, supervisor: Member, asked: str
) -> None:
    (request,) = requests_on(supervisor.opens("/console/approvals"))
    path = f"/console/approvals/{request}/approve"
    for shown in ({}, {"shown": "0" * 64}):
        page = supervisor.sends(path, expect=409, **shown)
        assert "It changed while you read it" in page.text
    assert requests_on(supervisor.opens("/console/approvals")) == [request]


def test_files_are_handed_out_by_an_approval(
    house: House, at_desk: Member, supervisor: Member
) -> None:
    held = HeldFile("door.png", "image/png")
    held.add(b"a red door")
    held.finish()
    message = IncomingMessage(Channel.WEB, "See the photo", "en", media=1)
    reception = house.hotline.reception
    report = reception.receive(message, at=house.clock(), files=[held]).report_id
    path = f"/console/report/{report}"
    at_desk.sends(f"{path}/reveal", **{**ASK, "what": "1 attachments"})
    (request,) = requests_on(supervisor.opens("/console/approvals"))
    supervisor.approves(request)
    shown = at_desk.sends(f"{path}/reveal/granted", expect=200, request=request)
    assert 'name="file" value="1"' in shown.text
    assert f'name="request" value="{request}"' in shown.text
    file = at_desk.sends(f"{path}/attachment", expect=200, request=request, file="1")
    assert file.data == b"a red door"
    at_desk.sends(f"{path}/attachment", **{**ASK, "what": "1 attachments"}, expect=403, file="1")


def test_what_was_approved_closes_after_fifteen_minutes(
    house: House, at_desk: Member, supervisor: Member, asked: str
) -> None:
    (request,) = requests_on(supervisor.opens("/console/approvals"))
    supervisor.approves(request)
    house.clock.passes(minutes=15)
    granted = f"/console/report/{asked}/reveal/granted"
    at_desk.sends(granted, expect=403, request=request)
    assert request not in at_desk.opens(f"/console/report/{asked}")


def test_a_question_that_nobody_answered_is_over_after_a_day(
    house: House, at_desk: Member, supervisor: Member, asked: str
) -> None:
    house.clock.passes(hours=25)
    WORK["sweep"](house.hotline, "")
    for member in (at_desk, supervisor):
        member.signs_in()
    assert "waits for a colleague" not in at_desk.opens(f"/console/report/{asked}")
    page = supervisor.opens("/console/alerts")
    assert "Nothing to look at" in page
    assert "supervisor's eyes" not in page


def test_colleagues_of_the_same_half_and_strangers_decide_nothing(
    house: House, at_desk: Member, supervisor: Member, auditor: Member, asked: str
) -> None:
    (request,) = requests_on(supervisor.opens("/console/approvals"))
    vera = Member(house, "vera")
    vera.signs_in()
    for colleague in (at_desk, vera):
        assert requests_on(colleague.opens("/console/approvals")) == []
        for act in ("approve", "refuse"):
            colleague.sends(f"/console/approvals/{request}/{act}", expect=403, why="no")
    assert auditor.client.get("/console/approvals", base_url=ORIGIN).status_code == 403
    auditor.sends(f"/console/approvals/{request}/approve", expect=403)
    supervisor.sends(f"/console/approvals/{'0' * 32}/approve", expect=404)


def test_an_approval_opens_nothing_on_another_report(
    at_desk: Member, supervisor: Member, asked: str, amina: Texter
) -> None:
    amina.texts("My name is Amina Haddad, they hold my passport")
    queue = at_desk.opens("/console/")
    (other,) = set(re.findall(r"/console/report/([0-9a-f]{32})", queue)) - {asked}
    (request,) = requests_on(supervisor.opens("/console/approvals"))
    supervisor.approves(request)
    at_desk.sends(f"/console/report/{other}/reveal/granted", expect=403, request=request)
    supervisor.sends(f"/console/report/{asked}/reveal/granted", expect=403, request=request)


def test_placeholders_are_called_as_the_report_calls_them(
    at_desk: Member, supervisor: Member, maria: Texter
) -> None:
    maria.texts("My boss took my passport. My name is Maria Lopez")
    maria.texts("My sister is called Teresa Quispe and he hits her")
    report = at_desk.first_report()
    page = at_desk.opens(f"/console/report/{report}")
    (shown,) = re.findall(r'<option value="2 PERSON 1">\s*(Person \d+)', page)
    assert shown == "Person 2"
    at_desk.sends(f"/console/report/{report}/reveal", **{**ASK, "what": "2 PERSON 1"})
    assert "Person 2" in supervisor.opens("/console/approvals")


def test_a_newcomer_gets_the_half_from_who_holds_it_and_wants_them_to(
    house: House, supervisor: Member
) -> None:
    hotline = house.hotline
    vera = Member(house, "vera")
    vera.signs_in()
    keyholder = hotline.door.resume(
        hotline.store,
        next(c.value for c in vera.client._cookies.values() if len(c.value) == 43),
        at=house.clock(),
    )
    new = NewMember("sol", "Sol", "Moss", Role.CASEWORKER, "main", "correct horse sol", half="b")
    keys = Keys(hotline.store, hotline.keyring, hotline.door.locks)
    sol = keys.add_member(keyholder, new, at=house.clock(), profile=CHEAPEST)
    # Vera admitted Sol, and holds the other half: she is not asked, Ines is.
    assert "Give it to" not in vera.opens("/console/approvals")
    page = supervisor.opens("/console/approvals")
    assert "Sol" in page
    assert faults_in(page) == []
    with hotline.store.read() as session:
        assert [m.id for m in keys.without_half(session, keyholder)] == []
    supervisor.sends(f"/console/approvals/half/{sol.member_id}")
    assert "Give it to" not in supervisor.opens("/console/approvals")
    supervisor.sends("/console/approvals/half/nobody", expect=404)
