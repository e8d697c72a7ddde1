"""Closing asks what becomes of a report, and does that."""

import re
import sys
from html import unescape

import pytest
from sqlalchemy import select

from hotline.console.retaining import AHEAD
from hotline.domain.report import reference
from hotline.reports.tables import messages, reports
from hotline.retention import endings
from hotline.retention.docket import processes_of
from hotline.retention.rules import Kind
from hotline.triage.copies import ask_copy
from tests.cast import Texter
from tests.house import ORIGIN
from tests.retention.rows import hold, tables_naming

TOLD = "He keeps my passport and locks the door."
WORD = "Mustardseed"


def close(member, report_id, expect=303, **form):
    form = {"outcome": "safe_now", "why": "she is safe", "keep": "rules", **form}
    return member.sends(f"/console/report/{report_id}/close", expect, **form)


def status(house, report_id):
    with house.hotline.store.read() as session:
        return session.execute(
            select(reports.c.status).where(reports.c.id == report_id)
        ).scalar_one_or_none()


def account_ends(house, report_id):
    with house.hotline.store.read() as session:
        found = endings.of_report(session, report_id, at=house.clock())
    return {one.kind: one.day for one in found}[Kind.ACCOUNT]


@pytest.fixture
def web_report(house, at_desk):
    """The id of what somebody wrote on the web, with her code."""
    browser = house.app.test_client()
    form = {"account": TOLD, "word": WORD, "who": "me"}
    page = browser.post("/en/new", data=form, base_url=ORIGIN).text
    digits = " ".join(re.findall(r"<li>(\d{3})</li>", page))
    return at_desk.first_report(), digits


def comes_back(house, digits, word=""):
    form = {"code": digits, "word": word}
    page = house.app.test_client().post("/en/again", data=form, base_url=ORIGIN)
    return unescape(page.text)


def test_it_is_kept_as_the_rules_say_unless_something_else_was_chosen(house, at_desk, report):
    close(at_desk, report)
    assert "2026-05-22" <= account_ends(house, report) <= "2026-06-09"
    assert "ends on" in at_desk.opens(f"/console/report/{report}")


def test_it_is_kept_for_years_with_a_reason(house, at_desk, report):
    close(at_desk, report, keep="years", years=5)
    assert "2030" < account_ends(house, report) < "2032"


@pytest.mark.parametrize("years", ["", "0", "11"])
def test_years_that_were_not_said_are_asked_for(house, at_desk, report, years):
    page = close(at_desk, report, 422, keep="years", years=years)
    assert "One to ten years" in page.text
    assert status(house, report) == "open"


def test_a_caseworker_cannot_erase_at_once(house, at_desk, report):
    assert 'value="erase"' not in at_desk.opens(f"/console/report/{report}")
    close(at_desk, report, 403, keep="erase", sure=reference(report))
    assert status(house, report) == "open"


def test_a_supervisor_erases_at_once_and_gets_the_certificate(house, supervisor, report):
    page = close(supervisor, report, 200, keep="erase", sure=reference(report).lower()).text
    assert "It is erased" in page
    assert "1 Apr 2026" in page
    assert tables_naming(house.hotline.store, report) == set()
    assert reference(report) in supervisor.opens("/console/audit")


def test_not_without_typing_the_name_of_the_report(house, supervisor, report):
    page = close(supervisor, report, 422, keep="erase", sure="K7-4QX")
    assert "That is not the name of this report" in page.text
    assert status(house, report) == "open"


def test_a_closed_report_can_be_erased_too(house, supervisor, report):
    close(supervisor, report)
    path = f"/console/report/{report}/erase"
    supervisor.sends(path, 200, sure=reference(report))
    assert tables_naming(house.hotline.store, report) == set()


def test_what_the_law_holds_is_not_erased(house, supervisor, report):
    hold(house.hotline.store, report, house.clock().date().replace(month=6))
    page = close(supervisor, report, 409, keep="erase", sure=reference(report))
    assert "The law holds this report" in page.text
    assert status(house, report) == "open"


def test_what_somebody_asks_for_at_law_is_not_erased_before_it_is_answered(
    house, supervisor, report
):
    page = f"/console/report/{report}/legal"
    supervisor.sends(page, kind="subpoena", words="a county court", deadline="2026-03-20")
    close(supervisor, report, 409, keep="erase", sure=reference(report))
    assert status(house, report) == "open"
    with house.hotline.store.read() as session:
        (process,) = processes_of(session, report)
    supervisor.sends(f"{page}/{process.id}", step="withdrawn", words="they gave up")
    close(supervisor, report, 200, keep="erase", sure=reference(report))


def test_the_person_gets_a_copy_and_reads_it_with_the_word_only(house, at_desk, web_report):
    report_id, digits = web_report
    at_desk.sends(f"/console/report/{report_id}/reply", words="We found a place.", read=1)
    at_desk.sends(f"/console/report/{report_id}/note", note="do not tell her brother")
    close(at_desk, report_id, keep="copy", read=3)
    assert status(house, report_id) == "closed"
    # With the code alone she sees the answer and no copy.
    page = comes_back(house, digits)
    assert "We found a place." in page
    assert TOLD not in page
    # With the word she has what both sides wrote, and no note of ours.
    page = comes_back(house, digits, WORD)
    assert TOLD in page
    assert page.count("We found a place.") == 2
    assert "brother" not in page


def test_a_copy_of_what_went_on_meanwhile_is_not_made(house, at_desk, web_report):
    report_id, _ = web_report
    at_desk.sends(f"/console/report/{report_id}/note", note="a colleague writes")
    close(at_desk, report_id, 409, keep="copy", read=1)
    assert status(house, report_id) == "open"


def test_who_has_no_code_is_offered_no_copy(house, at_desk, report):
    assert 'value="copy"' not in at_desk.opens(f"/console/report/{report}")
    page = close(at_desk, report, 409, keep="copy", read=1)
    assert "A copy would reach nobody" in page.text
    assert status(house, report) == "open"


def asks_for_a_copy(house, report_id):
    at = house.clock()
    house.hotline.store.write(lambda session: ask_copy(session, report_id, at=at))


def test_a_copy_that_was_asked_for_is_made_and_the_report_stays_open(
    house, at_desk, supervisor, web_report
):
    report_id, digits = web_report
    path = f"/console/report/{report_id}"
    assert "Make the copy" not in at_desk.opens(path)
    asks_for_a_copy(house, report_id)
    assert "A person asked for a copy" in supervisor.opens("/console/alerts")
    assert "Make the copy" in at_desk.opens(path)
    at_desk.sends(f"{path}/copy", read=1)
    assert status(house, report_id) == "open"
    assert TOLD in comes_back(house, digits, WORD)
    assert TOLD not in comes_back(house, digits)
    # What it asked for is done, on the report and among the alerts.
    assert "Make the copy" not in at_desk.opens(path)
    assert "A person asked for a copy" not in supervisor.opens("/console/alerts")
    assert "handed the person a copy" in at_desk.opens(path)


def test_a_copy_holds_what_whoever_makes_it_has_read(house, at_desk, web_report):
    report_id, _ = web_report
    asks_for_a_copy(house, report_id)
    at_desk.sends(f"/console/report/{report_id}/note", note="a colleague writes")
    at_desk.sends(f"/console/report/{report_id}/copy", expect=409, read=1)
    assert "Make the copy" in at_desk.opens(f"/console/report/{report_id}")


def test_no_copy_is_made_while_somebody_else_may_be_answering(house, at_desk, web_report):
    report_id, _ = web_report
    asks_for_a_copy(house, report_id)
    at_desk.sends(f"/console/report/{report_id}/duress", duress="on", why="another voice")
    assert "no copy is made until" in at_desk.opens(f"/console/report/{report_id}")
    at_desk.sends(f"/console/report/{report_id}/copy", expect=409, read=1)
    close(at_desk, report_id, 409, keep="copy", read=1)
    assert status(house, report_id) == "open"
    at_desk.sends(f"/console/report/{report_id}/duress", duress="off", why="we talked")
    at_desk.sends(f"/console/report/{report_id}/copy", read=1)


def test_a_copy_stays_sealed_in_the_database(house, at_desk, web_report):
    report_id, _ = web_report
    close(at_desk, report_id, keep="copy", read=1)
    left = b"".join(path.read_bytes() for path in house.var.glob("hotline.db*"))
    assert b"passport" not in left
    with house.hotline.store.read() as session:
        rows = session.execute(select(messages.c.at, messages.c.state)).all()
    assert {row.at for row in rows} == {None}


def test_rules_are_a_supervisors_page(at_desk, supervisor, auditor):
    assert at_desk.client.get("/console/retention", base_url=ORIGIN).status_code == 403
    assert auditor.client.get("/console/retention", base_url=ORIGIN).status_code == 403
    page = supervisor.opens("/console/retention")
    assert 'name="account" value="90"' in page
    supervisor.sends("/console/retention", account=30, contact=10)
    page = supervisor.opens("/console/retention")
    assert 'name="account" value="30"' in page
    assert 'name="contact" value="10"' in page
    assert "changed how long is kept" in supervisor.opens("/console/audit")


@pytest.mark.parametrize("days", ["3", "99999", ""])
def test_a_rule_beyond_its_limits_changes_nothing(supervisor, days):
    page = supervisor.sends("/console/retention", 422, account=30, contact=days)
    assert "One number lies beyond its limits" in page.text
    assert 'name="account" value="90"' in supervisor.opens("/console/retention")


def test_the_page_shows_what_ends_next_and_what_is_held(house, supervisor, report):
    close(supervisor, report)
    house.clock.passes(days=85)
    supervisor.signs_in()
    page = supervisor.opens("/console/retention")
    assert reference(report) in page
    hold(house.hotline.store, report, house.clock().date() + AHEAD)
    assert "the law holds it" in supervisor.opens("/console/retention")


def test_the_list_of_what_ends_is_paged(house, supervisor, maria, monkeypatch):
    # The room's module; its name in the package is the blueprint.
    monkeypatch.setattr(sys.modules["hotline.console.retaining"], "_PAGE", 2)
    store, ids = house.hotline.store, set()
    for number in range(5):
        Texter(house, f"+1500555015{number}").texts("Please help")
        report_id = supervisor.first_report()
        ids.add(reference(report_id))
        close(supervisor, report_id)
    assert len(ids) == 5
    house.clock.passes(days=95)
    supervisor.signs_in()
    with store.read() as session:
        counts = endings.count_soon(session, "main", at=house.clock(), within=AHEAD)
    assert counts[Kind.ACCOUNT] == 5
    assert sum(counts.values()) == 5
    seen, page = set(), supervisor.opens("/console/retention")
    for _ in range(4):
        seen |= {one for one in ids if one in page}
        following = re.search(r'href="([^"]+)">Next<', page)
        if not following:
            break
        page = supervisor.opens(following[1])
    assert seen == ids


def test_a_part_with_a_day_of_its_own_is_named(house, supervisor, report):
    supervisor.sends("/console/retention", contact=10)
    close(supervisor, report)
    assert "Number and hours" in supervisor.opens(f"/console/report/{report}#course")
    page = supervisor.opens("/console/retention")
    assert "<td>Number and hours</td>" in page
    assert "<td>Files</td>" not in page


def test_what_lies_untouched_is_shown_and_never_ends(house, supervisor, report):
    house.clock.passes(days=59)
    supervisor.signs_in()
    assert "Open, and untouched" not in supervisor.opens("/console/retention")
    house.clock.passes(days=2)
    supervisor.signs_in()
    page = supervisor.opens("/console/retention")
    assert "Open, and untouched" in page
    assert reference(report) in page
    house.clock.passes(days=400)
    house.hotline.sweeper.sweep(at=house.clock())
    assert status(house, report) == "open"


def test_a_note_is_a_touch(house, supervisor, report):
    house.clock.passes(days=59)
    supervisor.signs_in()
    supervisor.sends(f"/console/report/{report}/note", note="looked at it")
    house.clock.passes(days=2)
    supervisor.signs_in()
    assert "Open, and untouched" not in supervisor.opens("/console/retention")


def test_a_doubt_needs_a_reason_and_shows(at_desk, report):
    path = f"/console/report/{report}/duress"
    page = at_desk.sends(path, 422, duress="on", why="")
    assert "Say why first" in page.text
    at_desk.sends(path, duress="on", why="a man answered")
    assert "Marked: this may not be the person" in at_desk.opens(f"/console/report/{report}")


def doubts(member, report_id, duress="on", expect=303):
    form = {"duress": duress, "why": "another voice"}
    return member.sends(f"/console/report/{report_id}/duress", expect, **form)


def is_doubted(house, report_id):
    with house.hotline.store.read() as session:
        return session.scalar(select(reports.c.duress).where(reports.c.id == report_id))


def test_who_holds_the_report_lifts_the_doubt_and_a_supervisor_looks(
    house, at_desk, supervisor, report
):
    supervisor.sends(f"/console/report/{report}/claim")
    doubts(at_desk, report)
    doubts(at_desk, report, "off", expect=409)
    assert is_doubted(house, report)
    doubts(supervisor, report, "off")
    assert not is_doubted(house, report)
    page = supervisor.opens("/console/alerts")
    assert "A doubt about who writes was lifted" in page
    assert "This was you. Another supervisor looks at it." in page


def test_the_doubt_about_a_closed_report_is_lifted_once_it_is_open_again(house, at_desk, report):
    doubts(at_desk, report)
    close(at_desk, report)
    assert "Open the report again first" in doubts(at_desk, report, "off", expect=409).text
    at_desk.sends(f"/console/report/{report}/reopen", why="she writes again")
    doubts(at_desk, report, "off")
    assert not is_doubted(house, report)


def test_a_supervisor_erases_nothing_while_somebody_else_may_be_answering(
    house, at_desk, supervisor, report
):
    doubts(at_desk, report)
    sure = reference(report)
    page = close(supervisor, report, 409, keep="erase", sure=sure, read=1).text
    assert "nothing is erased until the mark is lifted" in page
    close(at_desk, report)
    supervisor.sends(f"/console/report/{report}/erase", 409, sure=sure)
    assert status(house, report) == "closed"
