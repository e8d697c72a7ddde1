"""Each fact of a lead leaves as coarse as it must: the page counts, says why, and shows what was not told coarsely enough."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from hotline.leads import agencies
from hotline.leads.codes import Theme, Tlp
from hotline.reports import reports
from hotline.store import Session
from hotline.triage import reviews
from tests.cast import Member, Texter
from tests.console.agreeing import GROWN, agrees
from tests.console.test_leading import LEAD, left
from tests.console.test_markup import faults_in
from tests.console.test_reviewing import four_eyes, lines
from tests.house import House

__all__ = ["four_eyes"]

OTHERS = 6


@pytest.fixture
def report(house: House, maria: Texter, at_desk: Member) -> str:
    """What María texted, among others who wrote in her language from her country."""
    for number in range(OTHERS):
        Texter(house, f"+1500555018{number}").texts(f"My boss keeps {number} of us in a house.")
    maria.texts(GROWN)
    with house.hotline.store.read() as session:
        named = [one.id for one in session.execute(select(reports.c.id))]
    there = update(reports).values(is_opened=True, country="US", language="en")
    house.hotline.store.write(lambda session: session.execute(there))
    its = next(one for one in named if "passport" in at_desk.opens(f"/console/report/{one}"))
    for number, one in enumerate(sorted({*named} - {its}), 1):
        was_read(house, one, f"2026-02-0{number}")
    agrees(at_desk, its)
    at_desk.reviews(its)
    return its


def was_read(house: House, report_id: str, day: str) -> None:
    """Let a report have come on a day, and each of its messages have been reviewed."""
    its = reports.c.id == report_id

    def keep(session: Session) -> None:
        session.execute(update(reports).where(its).values(day=day))
        for one in reviews.unreviewed(session, report_id):
            reviews.keep(session, report_id, one.seq, by="a" * 32, at=house.clock())

    house.hotline.store.write(keep)


def hidden(page: str) -> list[str]:
    return re.findall(r'<input type="hidden" name="as" value="([^"]*)">', page)


def row(page: str, name: str) -> str:
    """Return what the page says of a fact, without what surrounds it."""
    its = page.partition(f'id="row-{name}"')[2].partition("</tr>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", its))


def test_each_step_is_counted_and_what_was_typed_stays(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    path = f"/console/report/{report}/lead"
    first = at_desk.opens(path)
    assert faults_in(first) == []
    typed: dict[str, Any] = {**LEAD, "person_language": "en", "nationality": "RO", "age": "41"}
    typed["as"] = hidden(first)
    page = at_desk.sends(path, expect=200, step="person_language language", **typed).text
    assert faults_in(page) == []
    # A step is no look: nothing is compared, and nothing is refused.
    assert "What stands against it" not in page
    assert "identity_compared" not in [did for did, _ in lines(house)]
    assert f"{OTHERS + 1} enough share it" in row(page, "person_language")
    assert "1 too few: at least 5 must share it" in row(page, "nationality")
    assert re.search(r'value="nationality region"[^>]* disabled>', page)
    assert 'value="41"' in page
    typed["as"] = hidden(page)
    refused = at_desk.sends(f"{path}/publish", expect=422, to=agency, **typed).text
    assert "All this together fits only 1 person that we know of; at least 5 must be meant" in (
        refused
    )
    assert left(house) == []
    page = at_desk.sends(path, expect=200, cheapest="1", **typed).text
    assert "Chosen. Each step that was taken says why, in its row." in page
    assert "before, only 1 person could be meant" in row(page, "nationality")
    assert "nothing of it leaves" not in row(page, "person_language")
    assert '<option value="RO" selected>' in page
    typed["as"] = hidden(page)
    ready = at_desk.sends(path, expect=200, look="1", **typed).text
    assert f"{OTHERS + 1} of at least 5" in ready
    at_desk.sends(f"{path}/publish", to=agency, **typed)
    (lead,) = left(house)
    assert (lead.told["person_language"], lead.told["nationality"], lead.k) == (
        "en",
        "",
        OTHERS + 1,
    )


def test_where_nothing_must_be_coarser_or_no_way_is_enough_that_is_said(
    at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}/lead"
    said = at_desk.sends(path, expect=200, cheapest="1", **LEAD).text
    assert "Nothing of it needs to be told more coarsely." in said
    child = {**LEAD, "age": "17", "minor": "1"}
    page = at_desk.sends(path, expect=200, cheapest="1", **child).text
    assert "Chosen." in page
    assert {"age_band", "minor"} <= {*hidden(page)}
    words = {**LEAD, "summary": "A worker who speaks Romanian is kept in a house."}
    assert "No way to tell it is coarse enough" in (
        at_desk.sends(path, expect=200, cheapest="1", **words).text
    )
    # What the words say is shown where it stands.
    page = at_desk.sends(path, expect=200, look="1", **words).text
    assert "These words say a language, an origin, a sex or an age" in page
    assert '<bdi class="said" dir="auto">Romanian</bdi>' in page


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"indicators": [], "control": []}, "It tells nothing that was done."),
    ({"could_know": "2-4"}, "Fewer than five could know this"),
    ({"could_know": ""}, "Fewer than five could know this"),
    ({"summary": "Maria is kept in a house."}, "It stands in the sealed identity."),
    ({"age": "300"}, "This is no age."),
]


def test_each_refusal_says_why(house: House, at_desk: Member, report: str, agency: str) -> None:
    path = f"/console/report/{report}/lead"
    for change, said in REFUSED:
        page = at_desk.sends(path, expect=200, **{**LEAD, **change}).text
        assert said in page
        assert "Publish the lead" not in page
        assert faults_in(page) == []
        lead = {**LEAD, **change}
        refused = at_desk.sends(f"{path}/publish", expect=422, to=agency, **lead).text
        assert said in refused
        assert left(house) == []


def test_where_few_could_know_it_leaves_once_the_person_was_told_so(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    few = {**LEAD, "could_know": "1", "warned": "1"}
    page = at_desk.sends(f"/console/report/{report}/lead", expect=200, **few).text
    assert "Few, and the person agreed knowing that" in page
    at_desk.sends(f"/console/report/{report}/lead/publish", to=agency, **few)
    (lead,) = left(house)
    assert lead.could_know == "1"
    assert "could_know" not in lead.told


def test_who_was_not_admitted_for_such_a_lead_is_struck_out(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    at, store = house.clock(), house.hotline.store
    store.write(
        lambda session: agencies.admit(
            session, "Child unit", ["US"], themes=[Theme.CHILD], tlp=Tlp.GREEN, at=at
        )
    )
    with store.read() as session:
        other = next(one.id for one in agencies.everyone(session) if one.id != agency)
    path = f"/console/report/{report}/lead"
    page = at_desk.sends(path, expect=200, **LEAD).text
    release = page.partition('id="release"')[2]
    assert f'value="{agency}" checked' in release
    assert f'value="{other}"' not in release
    assert "was not admitted for leads of this kind or marking" in release
    at_desk.sends(f"{path}/publish", expect=422, to=[agency, other], **LEAD)
    assert left(house) == []


def test_where_nobody_opens_alone_what_is_sealed_they_say_that_they_compared_it(
    four_eyes: House,
) -> None:
    at, store = four_eyes.clock(), four_eyes.hotline.store
    store.write(lambda session: agencies.admit(session, "National unit", ["US"], at=at))
    with store.read() as session:
        agency = agencies.everyone(session)[0].id
    noor = Member(four_eyes, "noor")
    Texter(four_eyes, "+15005550142").texts(GROWN)
    noor.signs_in()
    report = noor.first_report()
    agrees(noor, report)
    noor.reviews(report)
    path = f"/console/report/{report}/lead"
    page = noor.sends(path, expect=200, **LEAD).text
    assert "It could not be compared with the sealed identity" in page
    assert 'name="looked_myself"' in page
    noor.sends(f"{path}/publish", expect=422, to=agency, **LEAD)
    noor.sends(f"{path}/publish", to=agency, looked_myself="1", **LEAD)
    assert "compared_by_hand" in [did for did, _ in lines(four_eyes)]
    assert len(left(four_eyes)) == 1


def test_words_that_look_like_names_leave_once_somebody_says_that_they_name_nobody(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    path = f"/console/report/{report}/lead"
    assert 'name="no_names"' not in at_desk.sends(path, expect=200, **LEAD).text
    named = {**LEAD, "headline": "Oksana is held at a farm", "summary": "They fear Souza."}
    page = at_desk.sends(path, expect=200, **named).text
    assert "It looks like a name." in page
    assert '<bdi class="said" dir="auto">Souza</bdi>' in page
    assert "Publish the lead" not in page
    assert faults_in(page) == []
    (shown,) = re.findall(r'name="no_names" value="([^"]*)">', page)
    assert shown == "Oksana Souza"
    # Nobody looked, or looked at other words.
    for others in ({}, {"no_names": "1"}, {"no_names": "Oksana"}):
        refused = at_desk.sends(f"{path}/publish", expect=422, to=agency, **named, **others).text
        assert "It looks like a name." in refused
    assert left(house) == []
    assert "names_looked_at" not in [did for did, _ in lines(house)]
    looked = {**named, "no_names": shown}
    assert f'value="{shown}" checked' in at_desk.sends(path, expect=200, **looked).text
    assert f'value="{shown}" checked' in (
        at_desk.sends(path, expect=200, step="could_know 5+", **looked).text
    )
    at_desk.sends(f"{path}/publish", to=agency, **looked)
    assert len(left(house)) == 1
    assert "names_looked_at" in [did for did, _ in lines(house)]


def test_the_page_comes_back_where_something_was_pressed(
    at_desk: Member, report: str, agency: str
) -> None:
    path = f"/console/report/{report}/lead"
    first = at_desk.opens(path)
    for name in ("person_language", "time", "people"):
        its = first.partition(f'id="row-{name}"')[2].partition("</tr>")[0]
        assert {*re.findall(r'name="step" [^>]*formaction="([^"]+)"', its)} <= {
            f"{path}#row-{name}"
        }
    assert f'formaction="{path}#row-place"' in first
    assert f'name="look" value="1" formaction="{path}#verdict"' in first
    # What was decided is what would be seen, or why it may not be.
    shown = at_desk.sends(path, expect=200, look="1", **LEAD).text
    refused = at_desk.sends(path, expect=200, look="1", **{**LEAD, "headline": "Oksana"}).text
    assert "Exactly what they will see" in shown.partition('id="verdict"')[2]
    assert "What stands against it" in refused.partition('id="verdict"')[2]
    assert [page.count('id="verdict"') for page in (first, shown, refused)] == [1, 1, 1]


def test_enter_in_a_field_counts_again_and_asks_for_nothing_that_is_missing(
    house: House, at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}/lead"
    form = at_desk.opens(path).partition(f'action="{path}"')[2]
    first = re.findall(r"<button[^>]*>", form)[0]
    assert 'name="step" value=""' in first
    assert "formnovalidate" in first
    typed: dict[str, Any] = {**LEAD, "summary": "", "nationality": "RO"}
    page = at_desk.sends(path, expect=200, step="", **typed).text
    assert "1 too few: at least 5 must share it" in row(page, "nationality")
    assert "What stands against it" not in page
    assert "identity_compared" not in [did for did, _ in lines(house)]
