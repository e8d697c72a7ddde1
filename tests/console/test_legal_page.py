"""Ines writes down what a court asks; Noor sees that there is something, and nothing of what it says."""

import re

import pytest

from hotline.retention import docket, legal
from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House

WHO = "County court, judge Smith: everything"
ASKED = {"kind": "subpoena", "words": WHO, "deadline": "2026-03-12"}


def process_of(house: House, report: str) -> legal.Process:
    with house.hotline.store.read() as session:
        (process,) = docket.processes_of(session, report)
    return process


def is_held(house: House, report: str) -> bool:
    with house.hotline.store.read() as session:
        return legal.is_held(session, report, at=house.clock())


@pytest.fixture
def asked(house: House, supervisor: Member, report: str) -> str:
    """The address of the only process."""
    supervisor.sends(f"/console/report/{report}/legal", **ASKED)
    return f"/console/report/{report}/legal/{process_of(house, report).id}"


def test_what_came_stands_on_the_report_and_on_the_desk(
    supervisor: Member, at_desk: Member, report: str, asked: str
) -> None:
    page = supervisor.opens(f"/console/report/{report}/legal")
    assert WHO in page
    assert "12 Mar 2026" in page
    assert "Subpoena" in supervisor.opens("/console/legal")

    # Noor sees that there is one, with its deadline, and no word of it.
    page = at_desk.opens(f"/console/report/{report}")
    assert "Subpoena" in page
    assert "12 Mar 2026" in page
    assert "The person is still to be told." in page
    assert "judge" not in page
    for address in ("/console/legal", f"/console/report/{report}/legal"):
        assert at_desk.client.get(address, base_url=ORIGIN).status_code == 403
    at_desk.sends(asked, expect=403, step="complied", words="all of it")


def test_a_process_goes_on_step_by_step(
    house: House, supervisor: Member, report: str, asked: str
) -> None:
    supervisor.sends(asked, step="objected", words="too broad")
    supervisor.sends(asked, step="complied", words="the chain of custody")
    page = supervisor.opens(f"/console/report/{report}/legal")
    assert "too broad" in page
    assert "the chain of custody" in page
    assert "Nothing to be answered" in supervisor.opens("/console/legal")

    # It is over, and still somebody must tell the person.
    assert "the person was not told" in supervisor.opens("/console/legal")
    supervisor.sends(asked, step="told", words="by an answer")
    assert "was not told" not in supervisor.opens("/console/legal")
    assert process_of(house, report).told_day == "2026-03-02"
    supervisor.sends(asked, expect=409, step="withdrawn", words="again")


def test_a_hold_is_shown_and_can_be_lifted(
    house: House, supervisor: Member, at_desk: Member, report: str
) -> None:
    address = f"/console/report/{report}/hold"
    supervisor.sends(address, words="a court asks", until="2026-05-01")
    assert is_held(house, report)
    assert "Held until 1 May 2026" in at_desk.opens(f"/console/report/{report}")
    page = supervisor.opens(f"/console/report/{report}/legal")
    assert "a court asks" in page
    (lift,) = re.findall(rf"{address}/[0-9a-f]{{32}}/lift", page)
    supervisor.sends(lift, words="it was withdrawn")
    assert not is_held(house, report)
    assert "Held until" not in at_desk.opens(f"/console/report/{report}")


def test_a_request_can_hold_the_report_at_once(
    house: House, supervisor: Member, report: str
) -> None:
    form = {**ASKED, "kind": "preservation", "until": "2026-05-01"}
    supervisor.sends(f"/console/report/{report}/legal", **form)
    assert is_held(house, report)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"words": "  "}, "Say it in words first"),
        ({"until": "2026-03-02"}, "Choose a day after today"),
        ({"until": "2099-01-01"}, "Choose a day after today"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    house: House, supervisor: Member, report: str, form: dict[str, str], said: str
) -> None:
    page = supervisor.sends(f"/console/report/{report}/legal", expect=422, **{**ASKED, **form}).text
    assert said in page
    assert 'value="subpoena" required checked' in page
    with house.hotline.store.read() as session:
        assert docket.processes_of(session, report) == ()


def test_a_hold_asks_for_reason_and_day(house: House, supervisor: Member, report: str) -> None:
    address = f"/console/report/{report}/hold"
    assert "Say it in words" in supervisor.sends(address, expect=422, until="2026-05-01").text
    assert "Choose a day" in supervisor.sends(address, expect=422, words="why").text
    assert not is_held(house, report)


@pytest.mark.parametrize(
    "form",
    [{"kind": "wish"}, {"deadline": "tomorrow"}, {"until": "2026-02-30"}],
)
def test_what_no_form_sends_is_refused(
    supervisor: Member, report: str, form: dict[str, str]
) -> None:
    supervisor.sends(f"/console/report/{report}/legal", expect=400, **{**ASKED, **form})


def test_a_step_that_is_none_is_refused(supervisor: Member, asked: str) -> None:
    supervisor.sends(asked, expect=400, step="forgotten", words="x")
    supervisor.sends(asked.rpartition("/")[0] + "/" + "0" * 32, 404, step="told", words="x")


def test_pages_are_well_formed(supervisor: Member, report: str, asked: str) -> None:
    supervisor.sends(f"/console/report/{report}/hold", words="why", until="2026-05-01")
    for address in ("/console/legal", f"/console/report/{report}/legal"):
        assert faults_in(supervisor.client.get(address, base_url=ORIGIN).text) == []
    for step in ("told", "objected"):
        assert faults_in(supervisor.sends(asked, expect=422, step=step).text) == []
    supervisor.sends(asked, step="complied", words="all of it")
    assert faults_in(supervisor.client.get("/console/legal", base_url=ORIGIN).text) == []


def test_words_are_never_markup(supervisor: Member, report: str) -> None:
    supervisor.sends(f"/console/report/{report}/legal", **{**ASKED, "words": "<b>court</b>"})
    page = supervisor.client.get(f"/console/report/{report}/legal", base_url=ORIGIN).text
    assert "&lt;b&gt;court" in page


def test_the_audit_tells_it_in_words(supervisor: Member, report: str, asked: str) -> None:
    page = supervisor.opens("/console/audit")
    assert "wrote down a legal process" in page
    assert "received a message" in page
