"""A lead leaves only with consent or from a bystander, and exactly as it was shown."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline.leads.tables import leads, stix_objects
from tests.cast import Member, Texter
from tests.house import ORIGIN, House

LEAD = {
    "country": "US",
    "seen": "2026-02",
    "exploitation": ["ForcedLabour"],
    "indicators": ["ilo-retention-of-identity-documents"],
    "summary": "A worker is kept in a house. The alleged employer holds the papers.",
    "headline": "Papers held in a house",
    "language": "en",
}
CONSENT = {
    "to": "lead investigators",
    "fields": "*",
    "given_how": "sms",
    "words_locale": "en",
    "words_version": "1",
}
SAW = "My neighbour never lets the maid go out. I saw that he keeps her passport and hits her."


def agrees(member: Member, report: str, **more: Any) -> None:
    until = (member.house.clock() + timedelta(days=60)).date().isoformat()
    member.sends(f"/console/report/{report}/consent", **{**CONSENT, "until": until, **more})


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
    told = {found["type"]: found for found in map(json.loads, kept)}
    for one in shown:
        same = {name for name in one if name not in ("id", "object_refs", "extensions", "modified")}
        assert {name: told[one["type"]][name] for name in same} == {n: one[n] for n in same}
    assert "1 lead left before" in at_desk.opens(f"/console/report/{report}/lead")


def test_a_bystanders_report_needs_no_consent(
    house: House, at_desk: Member, supervisor: Member, maria: Texter, agency: str
) -> None:
    maria.texts(SAW)
    report = at_desk.first_report()
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **LEAD).text
    assert "Told by a bystander" in page
    at_desk.sends(f"/console/report/{report}/lead/publish", to=agency, **LEAD, saw_only="1")
    assert len(left(house)) == 1
    assert "a bystander told it" in supervisor.opens("/console/audit")


def test_a_bystanders_report_leaves_only_once_somebody_confirmed_that_it_is_one(
    house: House, at_desk: Member, maria: Texter, agency: str
) -> None:
    maria.texts(SAW)
    report = at_desk.first_report()
    path = f"/console/report/{report}/lead"
    assert 'name="saw_only"' in at_desk.opens(path)
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


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"summary": "Call +1 500 555 0100"}, "A long number stands in it."),
        ({"summary": "[PERSON 1] holds the papers"}, "A placeholder stands in it."),
        ({"summary": "See https://ad.example/42"}, "An address stands in it."),
        ({"summary": ""}, "It is missing."),
        ({"country": ""}, "Choose a country."),
        ({"exploitation": []}, "It is missing."),
        (
            {"summary": "He keeps a passport and locks the door at night. I am told so."},
            "It repeats the account.",
        ),
    ],
)
def test_what_may_not_stand_in_it_is_said_at_the_field(
    house: House, at_desk: Member, report: str, agency: str, change: dict[str, Any], said: str
) -> None:
    agrees(at_desk, report)
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
    page = at_desk.client.get(f"/console/report/{report}/consent", base_url=ORIGIN).text
    at_desk.sends(page.split('action="')[2].split('"')[0].replace("&amp;", "&"))
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
    agrees(at_desk, report, fields=["country", "summary", "exploitation"])
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **LEAD).text
    assert "The person did not agree that this is told." in page


def test_who_was_left_out_is_not_told(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report, excluded=agency)
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **LEAD).text
    assert "There is nobody whom it may be told." in page
    at_desk.sends(f"/console/report/{report}/lead/publish", expect=422, to=agency, **LEAD)
    assert left(house) == []


def test_spoken_consent_needs_somebody_else_who_heard_it(
    house: House, at_desk: Member, report: str
) -> None:
    until = (house.clock() + timedelta(days=7)).date().isoformat()
    path = f"/console/report/{report}/consent"
    form = {**CONSENT, "given_how": "call", "until": until}
    assert "second member of staff" in at_desk.sends(path, expect=422, **form).text
    at_desk.sends(path, **{**form, "witness": house.staff["ines"].member_id})


@pytest.mark.parametrize(
    "form", [{"to": "fun investigators"}, {"until": "soon"}, {"given_how": ""}]
)
def test_a_consent_that_cannot_be_read_is_not_written_down(
    at_desk: Member, report: str, form: dict[str, str]
) -> None:
    whole = {**CONSENT, "until": "2026-04-01", **form}
    at_desk.sends(f"/console/report/{report}/consent", expect=400, **whole)
