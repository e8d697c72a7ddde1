"""A lead leaves only with consent or from a bystander, and exactly as it was shown."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from hotline.leads import agencies
from hotline.leads.tables import leads, stix_objects
from tests.cast import Member, Texter
from tests.console.agreeing import GROWN, agrees
from tests.console.test_markup import faults_in
from tests.house import House

LEAD = {
    "country": "US",
    "seen": "2026-02",
    "exploitation": ["ForcedLabour"],
    "indicators": ["ilo-retention-of-identity-documents"],
    "summary": "A worker is kept in a house. The alleged employer holds the papers.",
    "headline": "Papers held in a house",
    "language": "en",
    "could_know": "5+",
}
SAW = "My neighbour never lets the maid go out. I saw that he keeps her passport and hits her."


@pytest.fixture
def report(maria: Texter, at_desk: Member) -> str:
    maria.texts(GROWN)
    its = at_desk.first_report()
    at_desk.reviews(its)
    return its


def without_names(found: dict[str, Any]) -> str:
    """Return an object as text without what is random in it: its own name, those it refers to, that of its lead."""
    text = json.dumps(found, sort_keys=True)
    return re.sub(
        r"name lead [A-Z0-9-]+|--[0-9a-f-]{36}|\"[A-Z0-9]{2,}-[A-Z0-9]+\"|\b[0-9a-f]{32}\b",
        "",
        text,
    )


def left(house: House) -> list[Any]:
    with house.hotline.store.read() as session:
        return list(session.execute(select(leads)).all())


def test_without_consent_it_is_shown_and_cannot_leave(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **LEAD).text
    assert "No consent" in page
    assert "Cannot leave yet" in page
    refused = at_desk.sends(f"/console/report/{report}/lead/publish", expect=422, to=agency, **LEAD)
    assert "The person has not agreed." in refused.text
    assert left(house) == []


def test_with_consent_what_was_shown_is_what_leaves(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report)
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **LEAD).text
    assert "Exactly what they will see" in page
    shown = json.loads(page.split("<code>")[1].split("</code>")[0].replace("&#34;", '"'))
    at_desk.sends(f"/console/report/{report}/lead/publish", to=agency, **LEAD)
    (lead,) = left(house)
    assert lead.told["summary"] == LEAD["summary"]
    with house.hotline.store.read() as session:
        kept = session.execute(select(stix_objects.c.body)).scalars().all()
    assert set(map(without_names, shown)) <= set(map(without_names, map(json.loads, kept)))
    assert "1 lead left before" in at_desk.opens(f"/console/report/{report}/lead")


def test_a_bystanders_report_needs_no_consent(
    house: House, at_desk: Member, supervisor: Member, maria: Texter, agency: str
) -> None:
    maria.texts(SAW)
    report = at_desk.first_report()
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **LEAD).text
    assert "Told by a bystander" in page
    at_desk.reviews(report)
    at_desk.sends(f"/console/report/{report}/lead/publish", to=agency, **LEAD, saw_only="1")
    assert len(left(house)) == 1
    assert "a bystander told it" in supervisor.opens("/console/audit")


def test_a_bystanders_report_leaves_only_once_somebody_confirmed_that_it_is_one(
    house: House, at_desk: Member, maria: Texter, agency: str
) -> None:
    maria.texts(SAW)
    report = at_desk.first_report()
    path = f"/console/report/{report}/lead"
    # It is asked for where the lead leaves, and keeps nobody from looking before.
    (box,) = re.findall(r'<input[^>]*name="saw_only"[^>]*>', at_desk.opens(path))
    assert "required" not in box
    at_desk.reviews(report)
    page = at_desk.sends(path, expect=200, **LEAD).text
    assert "Nobody has confirmed that a bystander told it." in page
    assert "Publish the lead" not in page
    refused = at_desk.sends(f"{path}/publish", expect=422, to=agency, **LEAD).text
    assert "Not published" in refused
    assert "Nobody has confirmed that a bystander told it." in refused
    assert left(house) == []
    sure = at_desk.sends(path, expect=200, **LEAD, saw_only="1").text
    assert "Publish the lead" in sure
    assert '<input type="hidden" name="saw_only" value="1">' in sure


def test_with_consent_nobody_is_asked_who_saw_it(at_desk: Member, report: str, agency: str) -> None:
    assert 'name="saw_only"' not in at_desk.opens(f"/console/report/{report}/lead")
    agrees(at_desk, report)
    assert 'name="saw_only"' not in at_desk.opens(f"/console/report/{report}/lead")


AGAINST: list[tuple[dict[str, Any], str]] = [
    ({"summary": "Call +1 500 555 0100"}, "A long number stands in it."),
    ({"summary": "[PERSON 1] holds the papers"}, "A placeholder stands in it."),
    ({"summary": "See https://ad.example/42"}, "An address stands in it."),
    ({"summary": ""}, "It is missing."),
    ({"country": ""}, "Choose a country."),
    ({"exploitation": []}, "It is missing."),
    (
        {"summary": "He has a passport and locks the door at night. My notes say so."},
        "It repeats the account.",
    ),
]


def test_what_may_not_stand_in_it_is_said_at_the_field(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report)
    for change, said in AGAINST:
        form = {**LEAD, **change}
        page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **form).text
        assert "What stands against it" in page
        assert said in page
        assert "Publish the lead" not in page
        at_desk.sends(f"/console/report/{report}/lead/publish", expect=422, to=agency, **form)
        assert left(house) == []


def test_what_was_typed_is_kept_and_never_markup(at_desk: Member, report: str) -> None:
    form = {**LEAD, "headline": "<script>alert(1)</script>", "summary": "</textarea><b>x"}
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **form).text
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_taking_consent_back_recalls_the_lead(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report)
    at_desk.sends(f"/console/report/{report}/lead/publish", to=agency, **LEAD)
    page = at_desk.opens(f"/console/report/{report}/consent")
    (address,) = re.findall(r'action="([^"]+/revoke)"', page)
    at_desk.sends(address)
    (lead,) = left(house)
    assert lead.recalled_day
    assert "taken back" in at_desk.opens(f"/console/report/{report}/consent")
    assert "recalled on" in at_desk.opens(f"/console/report/{report}/lead")


def test_a_lead_is_recalled_from_its_own_report_only(
    house: House, at_desk: Member, report: str, agency: str, amina: Texter
) -> None:
    agrees(at_desk, report)
    at_desk.sends(f"/console/report/{report}/lead/publish", to=agency, **LEAD)
    amina.texts("He keeps my passport.")
    other = next(
        found.split('"')[0]
        for found in at_desk.opens("/console/").split("/console/report/")[1:]
        if not found.startswith(report)
    )
    (lead,) = left(house)
    at_desk.sends(f"/console/report/{other}/lead/{lead.id}/recall", expect=404)
    at_desk.sends(f"/console/report/{report}/lead/{lead.id}/recall")
    assert left(house)[0].recalled_day


def test_consent_covers_what_it_names_and_no_more(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report, fields=["lead country", "lead summary", "lead exploitation"])
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **LEAD).text
    assert "The person did not agree that this is told." in page


def test_whom_it_must_not_reach_is_struck_out_and_not_told(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report)
    at_desk.sends(
        f"/console/report/{report}/exclusions", reason="asked", means=f"agency {agency}", words=""
    )
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **LEAD).text
    assert '<s><bdi dir="auto">National unit</bdi></s>' in page
    assert "the person said that it must not reach them" in page
    assert "There is nobody whom it may be told." in page
    at_desk.sends(f"/console/report/{report}/lead/publish", expect=422, to=agency, **LEAD)
    assert left(house) == []


def test_one_agency_is_shut_out_and_the_other_is_told(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    at = house.clock()
    house.hotline.store.write(lambda session: agencies.admit(session, "Port unit", ["US"], at=at))
    with house.hotline.store.read() as session:
        other = next(one.id for one in agencies.everyone(session) if one.id != agency)
    agrees(at_desk, report)
    path = f"/console/report/{report}"
    at_desk.sends(f"{path}/exclusions", reason="involved", means=f"agency {other}", words="")
    page = at_desk.sends(f"{path}/lead", expect=200, **LEAD).text
    assert f'name="to" value="{agency}" checked' in page
    assert f'name="to" value="{other}"' not in page
    assert "an official of theirs is involved" in page
    at_desk.sends(f"{path}/lead/publish", expect=422, to=[agency, other], **LEAD)
    assert left(house) == []
    at_desk.sends(f"{path}/lead/publish", to=agency, **LEAD)
    assert len(left(house)) == 1
    # Named afterwards, the one who was told is taken from it at once.
    at_desk.sends(f"{path}/exclusions", reason="asked", means=f"agency {agency}", words="")
    assert left(house)[0].recalled_day


def test_words_and_facts_that_were_not_agreed_to_are_said_at_once_and_nobody_is_ticked(
    at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report, fields=["lead country", "lead summary", "lead month"])
    draft = {**LEAD, "summary": "Call +1 555 000 1234 for a worker who is kept in a house."}
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **draft).text
    against = page.partition('id="problems"')[2].partition("</div>")[0]
    assert "A long number stands in it" in against
    assert "Kind of exploitation" in against
    assert "Indicators" in against
    assert "did not agree that this is told" in against
    whom = page.partition("Whom it could be told")[2].partition("</ol>")[0]
    assert "National unit" in whom
    assert "state--yes" not in whom
    assert "state--no" in whom


def test_after_it_left_the_page_says_to_whom(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report)
    path = f"/console/report/{report}/lead"
    where = at_desk.sends(f"{path}/publish", to=agency, **LEAD).headers["Location"]
    page = at_desk.opens(where)
    (lead,) = left(house)
    assert where.endswith(f"?left={lead.id}")
    assert "It left to National unit" in page
    assert "National unit" in page.partition('id="left"')[2]
    assert faults_in(page) == []
    assert "It left to" not in at_desk.opens(path)


def test_where_a_link_leads_away_from_what_is_typed_that_is_said(
    maria: Texter, at_desk: Member
) -> None:
    maria.texts(GROWN)
    page = at_desk.opens(f"/console/report/{at_desk.first_report()}/lead")
    assert "Review what is masked</a> What you typed here is not kept." in page
