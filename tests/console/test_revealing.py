"""Who someone is opens one field at a time, for a purpose that is written down first, and closes again."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from hotline import audit
from hotline.domain.report import Channel, IncomingMessage
from hotline.vault.attachments import HeldFile
from hotline.vault.envelope import SealBroken
from hotline.vault.opening import Keyholder
from tests.cast import Member, Texter
from tests.house import House

REVEAL = {"what": "1 words", "purpose": "life", "why": "movement tonight"}
SAID = "My boss took my passport and locks the door at night. I am 16. My name is Maria Lopez"


def lines(house: House) -> list[tuple[str, str, str]]:
    with house.hotline.store.read() as session:
        return [(line.did, line.what, line.purpose) for line in audit.page(session)]


def reveals(member: Member, report: str, expect: int = 200, **form: str) -> TestResponse:
    return member.sends(f"/console/report/{report}/reveal", expect=expect, **{**REVEAL, **form})


def test_a_purpose_opens_the_original_words_alone(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
    page = reveals(at_desk, report)
    assert "Maria Lopez" in page.text
    assert maria.number not in page.text
    assert lines(house)[0] == ("reveal", "1 words", "life")


def test_whoever_looks_at_what_was_sent_says_just_that(at_desk: Member, report: str) -> None:
    assert "To understand what was sent" in at_desk.opens(f"/console/report/{report}")
    reveals(at_desk, report, purpose="understanding")
    told = at_desk.opens(f"/console/report/{report}").partition("trail__reveal")[2]
    assert "To understand what was sent" in told.partition("</li>")[0]


def test_the_sender_opens_alone(at_desk: Member, report: str, maria: Texter) -> None:
    page = reveals(at_desk, report, what="1 sender")
    assert maria.number in page.text
    assert "Maria" not in page.text


def test_one_placeholder_opens_alone_as_it_was_written(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
    page = reveals(at_desk, report, what="1 PERSON 1")
    assert "Maria Lopez" in page.text
    assert "passport and locks" not in page.text.partition('id="opened"')[2].partition("</li>")[0]
    assert maria.number not in page.text
    assert lines(house)[0][:2] == ("reveal", "1 PERSON 1")


def test_a_placeholder_in_the_account_leads_to_where_it_is_asked_for(
    at_desk: Member, report: str
) -> None:
    page = at_desk.opens(f"/console/report/{report}")
    (link,) = re.findall(r'class="span-ask" href="([^"]*PERSON[^"]*)"', page)
    asked = at_desk.opens(unescape(link).partition("#")[0])
    assert re.search(r'<option value="1 PERSON 1" selected>\s*Person 1', asked)
    assert '<option value="1 words" selected>' not in asked


def test_the_supervisor_reads_why_in_the_same_minute(
    at_desk: Member, supervisor: Member, report: str
) -> None:
    reveals(at_desk, report)
    page = supervisor.opens("/console/audit")
    assert "Original words of message 1" in page
    assert "movement tonight" in page


def test_it_closes_by_itself_and_stands_in_no_address(at_desk: Member, report: str) -> None:
    page = reveals(at_desk, report)
    assert page.headers["Refresh"] == f"60; url=/console/report/{report}"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Maria" not in at_desk.opens(f"/console/report/{report}")


@pytest.mark.parametrize("why", ["", "  "])
def test_without_words_nothing_opens_and_nothing_is_written(
    house: House, at_desk: Member, report: str, why: str
) -> None:
    page = reveals(at_desk, report, expect=422, why=why)
    assert "Say why first" in page.text
    assert "Maria" not in page.text
    assert not [did for did, _, _ in lines(house) if did == "reveal"]


@pytest.mark.parametrize(
    "form",
    [{"purpose": "fun"}, {"purpose": ""}, {"what": "1 everything"}, {"what": "1 [PERSON 1]"}],
)
def test_a_purpose_or_a_field_that_is_none_of_ours_opens_nothing(
    house: House, at_desk: Member, report: str, form: dict[str, str]
) -> None:
    reveals(at_desk, report, expect=400, **form)
    assert not [did for did, _, _ in lines(house) if did == "reveal"]


def test_the_line_is_there_before_it_opens(
    house: House, at_desk: Member, report: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_first: list[bool] = []

    def looks(_self: Keyholder, *_args: object) -> None:
        seen_first.append("reveal" in [did for did, _, _ in lines(house)])
        raise SealBroken

    # Only the moment of opening itself can tell what was kept before it.
    monkeypatch.setattr(Keyholder, "open_identity", looks)
    reveals(at_desk, report, expect=500)
    assert seen_first == [True]
    assert "reveal" in [did for did, _, _ in lines(house)]


def test_a_message_that_is_not_there_is_not_found(at_desk: Member, report: str) -> None:
    reveals(at_desk, report, expect=404, what="9 words")
    reveals(at_desk, report, expect=404, what="1 PERSON 9")
    reveals(at_desk, "0" * 32, expect=404)
    at_desk.sends(f"/console/report/{'0' * 32}/emergency", expect=404)


@pytest.mark.parametrize("seq", ["9" * 30, "-1", "x", str(2**31), ""])
def test_a_number_that_no_message_can_have_is_not_looked_for_and_not_written_down(
    house: House, at_desk: Member, report: str, seq: str
) -> None:
    for what in ("reveal", "attachment"):
        form = {**REVEAL, "what": f"{seq} words"}
        at_desk.sends(f"/console/report/{report}/{what}", expect=400, **form)
    assert "reveal" not in [did for did, _, _ in lines(house)]


def test_what_was_revealed_is_never_markup(house: House, at_desk: Member, maria: Texter) -> None:
    maria.texts("<img src=x onerror=alert(1)> he keeps my passport")
    page = reveals(at_desk, at_desk.first_report())
    assert "<img" not in page.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text


def test_an_attachment_is_handed_out_as_a_file_and_each_look_is_written_down(
    house: House, at_desk: Member
) -> None:
    content = b"<html><script>alert(1)</script></html>"
    held = HeldFile("<b>.html", "text/html")
    held.add(content)
    held.finish()
    message = IncomingMessage(Channel.WEB, "See the photo", "en", media=1)
    reception = house.hotline.reception
    report = reception.receive(message, at=house.clock(), files=[held]).report_id
    what = {**REVEAL, "what": "1 attachments"}
    shown = reveals(at_desk, report, what="1 attachments")
    assert 'name="file" value="1"' in shown.text
    path = f"/console/report/{report}/attachment"
    file = at_desk.sends(path, expect=200, **what, file="1")
    assert file.data == content
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    at_desk.sends(path, expect=404, **what, file="2")
    assert [did for did, _, _ in lines(house)].count("reveal") == 3
    at_desk.sends(path, expect=422, **{**what, "why": ""}, file="1")
    at_desk.sends(path, expect=400, **REVEAL, file="1")


def test_a_message_without_files_offers_none(at_desk: Member, report: str) -> None:
    assert "1 attachments" not in at_desk.opens(f"/console/report/{report}")


def test_an_emergency_opens_number_and_place_at_once(
    house: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts("he comes back soon, we are at 12 Quay Street. My name is Maria Lopez")
    report = at_desk.first_report()
    page = at_desk.sends(f"/console/report/{report}/emergency", expect=200)
    assert maria.number in page.text
    assert "12 Quay Street" in page.text
    assert "Maria Lopez" not in page.text
    assert page.headers["Refresh"] == f"300; url=/console/report/{report}"
    assert page.headers["Cache-Control"] == "no-store"
    assert lines(house)[0] == ("emergency", "", "life")
    assert maria.number not in at_desk.opens(f"/console/report/{report}")


def test_a_report_that_is_urgent_leads_straight_to_the_emergency(
    at_desk: Member, maria: Texter
) -> None:
    maria.texts("he is hitting me right now, he has a knife, please help")
    page = at_desk.opens(f"/console/report/{at_desk.first_report()}")
    assert 'class="act act--immediate" href="#emergency"' in page
    assert re.search(r'<form[^>]* id="emergency"', page)
