"""For a child two members of the desk decide, each with reasons; the machine never, and nobody alone."""

import pytest

from hotline import consent, handoff
from hotline.consent import minors
from hotline.triage.alerts import Kind, open_alerts
from tests.cast import Member
from tests.city import give_city
from tests.console.agreeing import LEAD, agrees, until
from tests.console.test_markup import faults_in
from tests.house import House

CHILD = {"replaces": "", "reasons": "She understands it, and asked for it."}


def interests(house: House, report: str) -> list[minors.BestInterest]:
    with house.hotline.store.read() as session:
        return minors.of_report(session, report)


def path(report: str, rest: str = "") -> str:
    return f"/console/report/{report}/child{rest}"


@pytest.fixture
def proposed(house: House, at_desk: Member, report: str) -> str:
    at_desk.sends(path(report), **{**LEAD, **CHILD, "until": until(at_desk)})
    return interests(house, report)[0].id


def test_a_child_is_not_asked_before_two_have_decided(at_desk: Member, report: str) -> None:
    terms = {**LEAD, "until": until(at_desk)}
    page = at_desk.sends(f"/console/report/{report}/consent/look", expect=200, **terms).text
    assert "May not be asked now" in page
    assert "Two of you must first agree" in page
    assert "Propose it as best for the child" in page
    agrees(at_desk, report, expect=422)


def test_the_page_says_from_which_age_somebody_may_agree_alone(
    at_desk: Member, report: str
) -> None:
    page = at_desk.opens(f"/console/report/{report}/consent")
    assert "May agree alone from" in page
    assert "18 years" in page


def test_one_proposes_and_another_agrees(
    house: House, at_desk: Member, supervisor: Member, report: str, proposed: str, agency: str
) -> None:
    page = at_desk.opens(f"/console/report/{report}/consent")
    assert CHILD["reasons"] in page
    assert "you cannot agree to what you propose" in page
    alone = at_desk.sends(path(report, f"/{proposed}/agree"), expect=409, reasons="I do").text
    assert "Somebody else must agree" in alone
    assert (
        "Say why first"
        in supervisor.sends(path(report, f"/{proposed}/agree"), expect=422, reasons=" ").text
    )
    assert interests(house, report)[0].agreed_day == ""
    supervisor.sends(path(report, f"/{proposed}/agree"), reasons="I talked to her.")
    assert "decided by two" in at_desk.opens(f"/console/report/{report}/consent")
    assert "I talked to her." in at_desk.opens(f"/console/report/{report}/consent")
    # Agreed a second time, by whoever clicked at the same moment, it changes nothing.
    supervisor.sends(path(report, f"/{proposed}/agree"), expect=409, reasons="Again.")
    # Now the child's own yes counts.
    agrees(at_desk, report)
    assert "The person agreed" in at_desk.opens(f"/console/report/{report}/lead")


def test_what_two_decide_may_stand_in_the_place_of_a_yes(
    house: House, at_desk: Member, supervisor: Member, report: str, agency: str
) -> None:
    form = {**LEAD, **CHILD, "replaces": "1", "until": until(at_desk)}
    at_desk.sends(path(report), **form)
    its_id = interests(house, report)[0].id
    assert "No consent" in at_desk.opens(f"/console/report/{report}/lead") or "child" in (
        at_desk.opens(f"/console/report/{report}/lead")
    )
    supervisor.sends(path(report, f"/{its_id}/agree"), reasons="She is seven.")
    page = at_desk.opens(f"/console/report/{report}/lead")
    assert "Two of you decided that it is best for the child" in page


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({"reasons": ""}, 422, "Say why first."),
        ({"fields": []}, 422, "Say what may be told."),
        ({"to": ""}, 422, "Say who may be told."),
        ({"to": "fun x"}, 400, ""),
    ],
)
def test_what_is_not_whole_is_not_proposed(
    house: House, at_desk: Member, report: str, more: dict[str, str], status: int, words: str
) -> None:
    form = {**LEAD, **CHILD, "until": until(at_desk), **more}
    assert words in at_desk.sends(path(report), expect=status, **form).text
    assert interests(house, report) == []


def test_nobody_of_another_desk_decides(house: House, report: str, proposed: str) -> None:
    tala = Member(house, "tala")
    tala.signs_in()
    tala.sends(path(report, f"/{proposed}/agree"), expect=404, reasons="yes")
    tala.sends(path(report), expect=404, **{**LEAD, **CHILD, "until": until(tala)})
    assert interests(house, report)[0].agreed_day == ""


def alerts(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return [one.kind for one in open_alerts(session, "main")]


def test_supervisors_hear_that_a_second_one_is_missing_until_somebody_answered(
    house: House, supervisor: Member, report: str, proposed: str
) -> None:
    assert Kind.INTEREST_PROPOSED in alerts(house)
    page = supervisor.opens("/console/alerts")
    assert "What is best for a child waits for a second one of you" in page
    assert f'href="/console/report/{report}/consent#child"' in page
    supervisor.sends(path(report, f"/{proposed}/agree"), reasons="I talked to her.")
    assert Kind.INTEREST_PROPOSED not in alerts(house)


def test_a_colleague_may_not_agree_and_says_why(
    house: House, at_desk: Member, supervisor: Member, report: str, proposed: str
) -> None:
    its = path(report, f"/{proposed}/decline")
    page = supervisor.sends(its, expect=422, reasons=" ").text
    assert "Say why first" in page
    assert faults_in(page) == []
    supervisor.sends(its, reasons="Her uncle works there.")
    page = at_desk.opens(f"/console/report/{report}/consent")
    assert "not agreed to" in page
    assert "Her uncle works there." in page
    assert faults_in(page) == []
    assert Kind.INTEREST_PROPOSED not in alerts(house)
    for act in ("agree", "decline", "end"):
        supervisor.sends(path(report, f"/{proposed}/{act}"), expect=409, reasons="After all.")
    agrees(at_desk, report, expect=422)


def test_what_two_decided_ends_with_a_reason_and_what_it_let_out_is_taken_back(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    at = house.clock()
    give_city(house.hotline.store)
    page = at_desk.sends(f"/console/report/{report}/referral", expect=200, need="shelter").text
    chosen = page.split('name="offer" value="')[1].split('"')[0]
    at_desk.sends(f"/console/report/{report}/referral/offer", offer=chosen, need="shelter")
    with house.hotline.store.read() as session:
        (offer,) = handoff.offers(session, report)
    form = {"to": f"handoff {offer.organization_id}", "fields": ["handoff need"], **CHILD}
    at_desk.sends(path(report), **{**form, "replaces": "1", "until": until(at_desk)})
    its_id = interests(house, report)[0].id
    end = path(report, f"/{its_id}/end")
    at_desk.sends(end, expect=409, reasons="Nothing was decided yet.")
    supervisor.sends(path(report, f"/{its_id}/agree"), reasons="She is seven.")
    at_desk.sends(f"/console/report/{report}/referral/{offer.id}/told", fields=["need"])
    page = at_desk.sends(end, expect=422, reasons="").text
    assert "Say why first" in page
    at_desk.sends(end, reasons="She said no on the phone.")
    page = at_desk.opens(f"/console/report/{report}/consent")
    assert "She said no on the phone." in page
    assert "ended it on" in page
    with house.hotline.store.read() as session:
        (offer,) = handoff.offers(session, report)
        case = consent.case_of(session, report)
    assert offer.status == "withdrawn"
    assert not case.may(handoff.whom(offer.organization_id), ("need",), at=at)
    assert "ended what was decided for a child" in supervisor.opens("/console/audit")


def test_nobody_of_another_desk_ends_or_declines(house: House, report: str, proposed: str) -> None:
    tala = Member(house, "tala")
    tala.signs_in()
    for act in ("decline", "end"):
        tala.sends(path(report, f"/{proposed}/{act}"), expect=404, reasons="no")
    assert interests(house, report)[0].ended_day == ""
