"""Each role sees its rooms and no others."""

import pytest

from tests.cast import Member
from tests.house import ORIGIN

FOR_CASEWORK = (
    "/console/report/{}",
    "/console/report/{}/lead",
    "/console/report/{}/consent",
    "/console/report/{}/referral",
    "/console/new",
)


@pytest.mark.parametrize("who", ["at_desk", "supervisor"])
def test_casework_is_open_to_caseworkers_and_supervisors(
    request: pytest.FixtureRequest, report: str, who: str
) -> None:
    member: Member = request.getfixturevalue(who)
    for path in ("/console/", *FOR_CASEWORK):
        assert member.opens(path.format(report))
    audit = member.client.get("/console/audit", base_url=ORIGIN)
    assert audit.status_code == (200 if who == "supervisor" else 403)


def test_an_auditor_reads_the_audit_and_nothing_of_a_report(auditor: Member, report: str) -> None:
    for path in FOR_CASEWORK:
        refused = auditor.client.get(path.format(report), base_url=ORIGIN)
        assert refused.status_code == 403, path
        assert "passport" not in refused.text
    for act in ("claim", "let-go", "close", "note", "reply", "reveal", "lead", "consent"):
        refused = auditor.client.post(f"/console/report/{report}/{act}", base_url=ORIGIN)
        assert refused.status_code == 403, act
    assert auditor.opens("/console/audit")


def test_an_auditor_who_arrives_is_shown_on_to_the_audit(auditor: Member) -> None:
    arrived = auditor.client.get("/console/", base_url=ORIGIN)
    assert arrived.headers["Location"] == "/console/audit"


def test_a_refusal_is_a_page_that_says_what_to_do(auditor: Member, report: str) -> None:
    page = auditor.client.get(f"/console/report/{report}", base_url=ORIGIN)
    assert "<h1>This is not yours to do</h1>" in page.text
