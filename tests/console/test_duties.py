"""The pages of what the law asks: due, drafted, told, and the person informed; and who waits for an answer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.domain.report import reference
from hotline.retention import duties
from hotline.worker import WORK
from tests.cast import MARIA, Member, Texter
from tests.house import ORIGIN, House, found_house
from tests.law.files import jurisdiction_file
from tests.retention.rows import only_report

SAID = "I am 15. My name is Maria Lopez. He took my passport and locks the door at night."


@pytest.fixture
def irish(tmp_path: Path) -> Iterator[House]:
    folder = jurisdiction_file(tmp_path / "law")
    house = found_house(
        tmp_path / "house",
        adjust=lambda c: replace(c, jurisdictions=folder, jurisdiction="IE"),
    )
    yield house
    house.close()


@pytest.fixture
def told(irish: House) -> str:
    Texter(irish, MARIA).texts(SAID)
    return only_report(irish.hotline.store)


@pytest.fixture
def ines(irish: House) -> Member:
    member = Member(irish, "ines")
    member.signs_in()
    return member


def duty_of(house: House, report_id: str) -> duties.Owed:
    with house.hotline.store.read() as session:
        return duties.of_report(session, report_id)[0]


def page_of(house: House, report_id: str) -> str:
    return f"/console/report/{report_id}/duty/{duty_of(house, report_id).id}"


def test_a_supervisor_finds_what_is_due_and_a_draft_without_names(
    irish: House, told: str, ines: Member
) -> None:
    WORK["sweep"](irish.hotline, "")
    alerts = ines.opens("/console/alerts")
    assert "The law makes us tell of a report with a child in it" in alerts
    assert "The Child and Family Agency" in ines.opens("/console/duties")
    page = ines.opens(page_of(irish, told))
    draft = page[page.index('id="draft"') :]
    assert "An Act, section 14" in draft
    assert "locks the door at night" in draft
    assert "Lopez" not in page
    assert MARIA not in page


def test_it_is_written_down_that_it_was_told_and_that_the_person_knows(
    irish: House, told: str, ines: Member
) -> None:
    WORK["sweep"](irish.hotline, "")
    page = page_of(irish, told)
    form = {"step": "made", "to": "child_protection", "fields": "account", "words": "to Tusla"}
    ines.sends(page, **form)
    assert "The law makes us tell" not in ines.opens("/console/alerts")
    shown = ines.opens("/console/duties")
    assert "Told, and the person does not know yet" in shown
    assert "Nothing must be told" in shown
    assert "to Tusla" in ines.opens(page)
    ines.sends(page, step="told", words="in an answer")
    assert "The person was told on" in ines.opens(page)
    assert "does not know yet" not in ines.opens("/console/duties")
    # Once is enough.
    ines.sends(page, expect=409, step="told", words="again")


def test_what_was_typed_stays_where_words_are_missing(
    irish: House, told: str, ines: Member
) -> None:
    WORK["sweep"](irish.hotline, "")
    page = page_of(irish, told)
    answer = ines.sends(page, expect=422, step="made", to="police", fields="area", words=" ")
    assert "Say it in words first" in answer.text
    assert 'value="area" checked' in answer.text
    assert 'value="police" selected' in answer.text
    answer = ines.sends(page, expect=422, step="made", to="police", words="to the police")
    assert "Choose what was told" in answer.text
    assert "to the police" in answer.text
    ines.sends(page, expect=400, step="made", to="the press", fields="area", words="no")
    ines.sends(page, expect=400, step="sold", words="no")
    assert duty_of(irish, told).is_open


def test_a_duty_is_not_opened_under_another_report(irish: House, told: str, ines: Member) -> None:
    WORK["sweep"](irish.hotline, "")
    its = duty_of(irish, told).id
    other = f"/console/report/{'0' * 32}/duty/{its}"
    assert ines.client.get(other, base_url=ORIGIN).status_code == 404
    ines.sends(other, expect=404, step="not_needed", words="no")
    assert duty_of(irish, told).is_open


def test_why_it_is_not_needed_is_sealed_and_ends_it(irish: House, told: str, ines: Member) -> None:
    WORK["sweep"](irish.hotline, "")
    page = page_of(irish, told)
    ines.sends(page, step="not_needed", words="she is 25, and told of her school days")
    assert "told of her school days" in ines.opens(page)
    assert "not needed" in ines.opens(f"/console/report/{told}")
    assert b"school days" not in (irish.var / "hotline.db").read_bytes()


def test_a_caseworker_who_takes_it_up_opens_the_duty_and_does_not_settle_it(
    irish: House, told: str
) -> None:
    noor = Member(irish, "noor")
    noor.signs_in()
    noor.sends(f"/console/report/{told}/claim")
    shown = noor.opens(f"/console/report/{told}")
    assert "The Child and Family Agency" in shown
    page = page_of(irish, told)
    assert page not in shown
    assert noor.client.get(page, base_url=ORIGIN).status_code == 403


def test_a_caseworker_says_that_somebody_under_18_is_in_it(irish: House) -> None:
    Texter(irish, MARIA).texts("He took my passport and locks the door at night.")
    report_id = only_report(irish.hotline.store)
    noor = Member(irish, "noor")
    noor.signs_in()
    assert "No law in force" in noor.opens(f"/console/report/{report_id}")
    noor.sends(f"/console/report/{report_id}/under-18")
    shown = noor.opens(f"/console/report/{report_id}")
    assert "Under 18 said" in shown
    assert "The Child and Family Agency" in shown
    assert "Someone under 18 is in it" not in shown


def test_who_waits_for_an_answer_stands_on_the_report_and_in_the_list(
    irish: House, told: str, ines: Member
) -> None:
    assert "First answer by" in ines.opens(f"/console/report/{told}")
    assert "A first answer" in ines.opens("/console/duties")
    irish.clock.passes(days=6)
    ines.signs_in()
    assert "over" in ines.opens("/console/duties").partition('id="late"')[2]


def test_the_list_goes_on_page_by_page(irish: House, told: str, ines: Member) -> None:
    WORK["sweep"](irish.hotline, "")
    its = duty_of(irish, told).id
    assert "From the beginning" in ines.opens(f"/console/duties?after={its}")
    assert "From the beginning" in ines.opens(f"/console/duties?before={told}")
    ines.opens("/console/duties?after=nothing&before=nothing")


def doubts(irish: House, member: Member, report_id: str, duress: str) -> None:
    form = {"duress": duress, "why": "another voice"}
    member.sends(f"/console/report/{report_id}/duress", **form)


def test_the_person_is_not_told_while_somebody_else_may_read(
    irish: House, told: str, ines: Member
) -> None:
    WORK["sweep"](irish.hotline, "")
    page = page_of(irish, told)
    form = {"step": "made", "to": "child_protection", "fields": "account", "words": "to Tusla"}
    ines.sends(page, **form)
    doubts(irish, ines, told, "on")
    refused = ines.sends(page, expect=422, step="told", words="in an answer").text
    assert "it may not be the person who reads" in refused
    assert duty_of(irish, told).told_day == ""
    doubts(irish, ines, told, "off")
    ines.sends(page, step="told", words="in an answer")
    assert duty_of(irish, told).told_day


def test_what_the_law_makes_us_tell_is_not_erased_by_a_supervisor(
    irish: House, told: str, ines: Member
) -> None:
    WORK["sweep"](irish.hotline, "")
    sure = {"keep": "erase", "sure": reference(told), "read": 1, "outcome": "not_a_report"}
    page = ines.sends(f"/console/report/{told}/close", expect=409, **sure).text
    assert "The law holds this report" in page
    assert duty_of(irish, told).is_open


def test_nobody_under_18_is_said_with_a_reason_once_the_law_is_settled(
    irish: House, told: str, ines: Member
) -> None:
    WORK["sweep"](irish.hotline, "")
    noor = Member(irish, "noor")
    noor.signs_in()
    grown = f"/console/report/{told}/not-under-18"
    assert "Say why first" in noor.sends(grown, expect=422).text
    assert "a supervisor settles that first" in noor.sends(grown, 409, why="she is 28").text
    ines.sends(page_of(irish, told), step="not_needed", words="she spoke of when she came")
    noor.sends(grown, why="she is 28, it was long ago")
    page = noor.opens(f"/console/report/{told}")
    assert "Under 18 said" not in page
    assert "Someone under 18 is in it" in page
    log = ines.opens("/console/audit")
    assert "said that nobody under 18 is in it" in log
    assert "she is 28, it was long ago" in log
    Texter(irish, MARIA).texts("I am 15 years old.")
    assert "Under 18 said" in noor.opens(f"/console/report/{told}")
