"""The rota as a page: one's own hours, languages and pager; everybody's for supervisors; and who was paged."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.config import Mail
from hotline.triage.languages import languages_of
from hotline.triage.tables import pagers, rota
from tests.cast import Member
from tests.console.conftest import HELD
from tests.house import ORIGIN, SMS_LINE, House
from tests.triage.shift import Shift

PAGE = "/console/rota"
PHONE = "+15005550021"
NIGHT = {"day": ["0", "6"], "from": "22:00", "to": "06:00"}


def mine(member: Member) -> str:
    return f"{PAGE}/{member.house.staff[member.username].member_id}"


def test_an_empty_rota_says_so(at_desk: Member) -> None:
    page = at_desk.opens(PAGE)
    assert "Nobody is on duty" in page
    assert "No hours are said yet" in page
    assert "Nobody here reads:" in page


def test_she_says_her_hours_and_languages_and_takes_them_back(
    house: House, at_desk: Member, auditor: Member
) -> None:
    at_desk.sends(f"{mine(at_desk)}/hours", **NIGHT)
    at_desk.sends(f"{mine(at_desk)}/hours", day=["0"], **{"from": "09:00", "to": "17:00"})
    at_desk.sends(f"{mine(at_desk)}/languages", language=["es", "ti", "xx", "en"])
    # It is Monday noon.
    page = at_desk.opens(PAGE)
    assert re.search(r"<b><bdi[^>]*>Noor</bdi></b>.*you.*English · Spanish · Tigrinya", page)
    assert "22:00–06:00" in page
    assert "next day" in page
    assert "cannot be paged" in page
    # Who reads Spanish is not there on Tuesday, nor anybody; on Monday morning the night of Sunday ends.
    row = page[page.index("the hours without anybody") :]
    assert "06:00–09:00" in row
    assert "17:00–22:00" in row
    assert "all day" in row
    at_desk.sends(f"{mine(at_desk)}/hours/remove", span="0 540")
    assert "Nobody is on duty" in at_desk.opens(PAGE)
    with house.hotline.store.read() as session:
        staff_id = house.staff["noor"].member_id
        assert languages_of(session, staff_id) == ("en", "es", "ti")
        assert len(session.execute(select(rota)).all()) == 2
    log = auditor.opens("/console/audit")
    for words in ("put somebody on duty", "took somebody off duty", "which languages"):
        assert words in log


def test_a_week_that_is_whole_says_that_it_is(at_desk: Member) -> None:
    hours = {"day": list("0123456"), "from": "00:00", "to": "00:00"}
    at_desk.sends(f"{mine(at_desk)}/hours", **hours)
    assert "Every hour is covered" in at_desk.opens(PAGE)


def test_others_hours_are_for_supervisors(
    house: House, at_desk: Member, supervisor: Member
) -> None:
    omar, tala, ivo = (house.staff[who].member_id for who in ("omar", "tala", "ivo"))
    for path in (f"{PAGE}/{omar}/hours", f"{PAGE}/{omar}/languages"):
        at_desk.sends(path, expect=404, **NIGHT)
    assert at_desk.client.get(f"{PAGE}/{omar}", base_url=ORIGIN).status_code == 404
    supervisor.sends(f"{PAGE}/{omar}/hours", **NIGHT)
    page = supervisor.opens(f"{PAGE}/{omar}")
    assert "Hours and languages of" in page
    # How a colleague is paged is theirs alone to say and to see.
    assert "How you are paged" not in page
    assert "22:00–06:00" in at_desk.opens(PAGE)
    # Nobody of another desk, and nobody who answers no report.
    for whom in (tala, ivo, "0" * 32):
        supervisor.sends(f"{PAGE}/{whom}/hours", expect=404, **NIGHT)


@pytest.mark.parametrize(
    "form",
    [{"from": "09:00", "to": "17:00"}, {"day": "1", "from": "", "to": "9"}, {"day": "9", **NIGHT}],
)
def test_hours_that_are_none_are_explained(at_desk: Member, form: dict[str, str]) -> None:
    form = {**form, "day": form["day"] if isinstance(form.get("day"), str) else ""}
    page = at_desk.sends(f"{mine(at_desk)}/hours", expect=422, **form).text
    assert "Choose at least one day" in page
    assert 'id="hours-fault" role="alert"' in page


def test_her_phone_is_masked_and_sealed(house: House, at_desk: Member, supervisor: Member) -> None:
    at_desk.sends(f"{PAGE}/pager", way="sms", number="+1 (500) 555-00 21")
    page = at_desk.opens(mine(at_desk))
    assert "•••••••••21" in page
    assert PHONE[1:8] not in page
    # This house sends no mail.
    assert "Page me by mail" not in page
    assert "•" not in supervisor.opens(PAGE)
    with house.hotline.store.read() as session:
        (row,) = session.execute(select(pagers)).all()
    assert PHONE.encode() not in row.sealed + row.own
    at_desk.sends(f"{PAGE}/pager/end")
    assert "not at all" in at_desk.opens(mine(at_desk))


@pytest.mark.parametrize(
    ("number", "said"),
    [("help", "no number with a country"), (SMS_LINE, "hotline itself"), ("+34600000000", "write to phones of that country")],
)  # fmt: skip
def test_a_phone_that_cannot_be_written_to_is_explained(
    at_desk: Member, number: str, said: str
) -> None:
    page = at_desk.sends(f"{PAGE}/pager", expect=422, way="sms", number=number).text
    assert said in page
    assert f'value="{number}"' not in page


def test_a_mail_address_is_masked_or_explained(house: House) -> None:
    mail = Mail("mail.example", 465, "", "", "line@x.example")
    house.hotline = replace(house.hotline, config=replace(house.hotline.config, mail=mail))
    noor = Member(house, "noor")
    noor.signs_in()
    for wrong in ("noor", "noor@home", "a@b.example,c@d.example", "n\n@home.example"):
        page = noor.sends(f"{PAGE}/pager", expect=422, way="mail", mail=wrong).text
        assert "This is no mail address" in page
    noor.sends(f"{PAGE}/pager", way="mail", mail=" noor@home.example ")
    page = noor.opens(mine(noor))
    assert "n•••@•••.example" in page
    assert "noor@home" not in page


def test_who_was_paged_sees_it_on_every_page_and_says_that_they_look(
    house: House, at_desk: Member, supervisor: Member
) -> None:
    shift = Shift.of(house)
    shift.wears("noor")
    shift.works("noor")
    report = shift.texts("He has a knife and will kill me tonight, help me")
    shift.runs()
    at_desk.signs_in()
    supervisor.signs_in()
    page = at_desk.opens(PAGE)
    assert "You were paged for 1 report." in page
    # Nobody else is called to it by a banner, and all may see that it waits.
    assert "You were paged" not in supervisor.opens(PAGE)
    assert report in supervisor.opens("/console/pages")
    at_desk.sends("/console/pages")
    assert "No page waits" in at_desk.opens("/console/pages")
    assert "You were paged" not in at_desk.opens(PAGE)
    shift.runs(minutes=3)
    assert shift.told() == ["noor"]


def test_opening_the_report_answers_its_page_and_is_written_down(
    house: House, at_desk: Member, auditor: Member
) -> None:
    shift = Shift.of(house)
    shift.wears("noor")
    shift.works("noor")
    report = shift.texts(HELD)
    shift.says(report, urgency=3)
    shift.runs()
    assert shift.told() == ["noor"]
    at_desk.signs_in()
    for _ in range(2):
        at_desk.opens(f"/console/report/{report}")
    shift.runs(minutes=3)
    assert shift.told() == ["noor"]
    auditor.signs_in()
    log = auditor.opens("/console/audit")
    assert log.count("opened it as the first") == 1
    assert log.count("looked after being paged for it") == 1


def test_a_report_that_is_not_shown_is_not_opened(house: House, at_desk: Member) -> None:
    shift = Shift.of(house)
    report = shift.texts(HELD)
    shift.says(report, restricted=True)
    at_desk.signs_in()
    assert at_desk.client.get(f"/console/report/{report}", base_url=ORIGIN).status_code == 404
    shift.runs(hours=4, minutes=1)
    assert shift.alerts() == [("unopened", report)]
