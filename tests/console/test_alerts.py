"""What a supervisor must look at stands on top of every page, and is settled by someone who did not do it."""

import re

from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House

EMERGENCY = "/console/report/{}/emergency"


def ids(page: str) -> list[str]:
    return re.findall(r'id="alert-([0-9a-f]{32})"', page)


def test_an_emergency_is_on_the_supervisors_every_page_at_once(
    at_desk: Member, supervisor: Member, report: str
) -> None:
    assert "needs a supervisor's eyes" not in supervisor.opens("/console/")
    at_desk.sends(EMERGENCY.format(report), expect=200, why="he is at the door")
    for path in ("/console/", f"/console/report/{report}", "/console/audit", "/console/alerts"):
        assert "1 alert needs a supervisor's eyes" in supervisor.opens(path), path
    assert "supervisor's eyes" not in at_desk.opens("/console/")
    page = supervisor.opens("/console/alerts")
    assert "Number and place were opened in an emergency" in page
    assert "Noor" in page
    assert f"/console/report/{report}" in page
    assert faults_in(page) == []


def test_the_supervisor_settles_it_with_a_remark(
    at_desk: Member, supervisor: Member, report: str
) -> None:
    at_desk.sends(EMERGENCY.format(report), expect=200)
    (alert,) = ids(supervisor.opens("/console/alerts"))
    path = f"/console/alerts/{alert}/settle"
    asked = supervisor.sends(path, expect=422, remark=" ")
    assert "Say what you found first" in asked.text
    assert faults_in(asked.text) == []
    supervisor.sends(path, remark="She rang 112 with it.")
    page = supervisor.opens("/console/alerts")
    assert ids(page) == []
    assert "Nothing to look at" in page
    assert "Ines" in page.partition("Looked at")[2]
    supervisor.sends(path, expect=404, remark="again")
    audit = supervisor.opens("/console/audit")
    assert "looked at an alert" in audit
    assert "She rang 112 with it." in audit


def test_a_supervisor_who_acted_leaves_it_to_another(supervisor: Member, report: str) -> None:
    supervisor.sends(EMERGENCY.format(report), expect=200)
    page = supervisor.opens("/console/alerts")
    (alert,) = ids(page)
    assert "This was you. Another supervisor looks at it." in page
    assert f"/console/alerts/{alert}/settle" not in page
    refused = supervisor.sends(f"/console/alerts/{alert}/settle", expect=403, remark="fine")
    assert "This was you" in refused.text


def test_only_supervisors_see_alerts(at_desk: Member, auditor: Member) -> None:
    for member in (at_desk, auditor):
        assert member.client.get("/console/alerts", base_url=ORIGIN).status_code == 403
        refused = member.client.post(
            f"/console/alerts/{'0' * 32}/settle", data={"remark": "x"}, base_url=ORIGIN
        )
        assert refused.status_code == 403


def test_many_alerts_are_paged(house: House, at_desk: Member, supervisor: Member) -> None:
    from hotline.triage.alerts import Kind, raise_alert

    def rise(session: object) -> None:
        for number in range(52):
            raise_alert(
                session,  # type: ignore[arg-type]
                desk="main",
                kind=Kind.RETENTION_SOON,
                at=house.clock(),
                once=str(number),
            )

    house.hotline.store.write(rise)
    first = supervisor.opens("/console/alerts")
    (rest,) = re.findall(r'href="(/console/alerts\?after=[0-9a-f]{32})"', first)
    second = supervisor.opens(rest)
    assert (len(ids(first)), len(ids(second))) == (50, 2)
    assert not set(ids(first)) & set(ids(second))


def test_at_a_desk_without_four_eyes_nobody_is_asked_to_approve(at_desk: Member) -> None:
    assert "/console/approvals" not in at_desk.opens("/console/")
    assert "Nobody waits for you" in at_desk.opens("/console/approvals")
