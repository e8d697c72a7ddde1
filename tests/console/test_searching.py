"""Search at the desk. What somebody looks for stands in no address, no table and no log, and finds no identity."""

import logging
import re
from importlib import import_module

import pytest
from sqlalchemy import select, update

from hotline.domain.report import reference
from hotline.reports import reports
from hotline.store import metadata
from hotline.triage import finding
from tests.cast import Member, Texter
from tests.console.conftest import HELD
from tests.house import ORIGIN, House

page_of_search = import_module("hotline.console.searching")
CANARY = "quetzalwort"


def sent(page: str) -> dict[str, list[str]]:
    """Return the hidden fields of the form that goes on."""
    form = page.partition("data-goes-on")[2].partition("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(value)
    return fields


def test_a_reference_opens_its_report(
    house: House, at_desk: Member, report: str, amina: Texter
) -> None:
    there = at_desk.sends("/console/search/reference", reference=reference(report).lower())
    assert there.headers["Location"] == f"/console/report/{report}"
    missing = at_desk.sends("/console/search/reference", expect=404, reference="zz-zzz")
    assert "No report that you may see is called" in missing.text
    house.hotline.store.write(
        lambda session: session.execute(update(reports).values(restricted=True))
    )
    hidden = at_desk.sends("/console/search/reference", expect=404, reference=reference(report))
    assert "No report that you may see is called" in hidden.text
    house.hotline.store.write(
        lambda session: session.execute(update(reports).values(restricted=False))
    )
    amina.texts("He keeps my passport.")
    house.hotline.store.write(
        lambda session: session.execute(update(reports).values(reference="K7-4QX"))
    )
    both = at_desk.sends("/console/search/reference", expect=200, reference="K7 4QX")
    assert "More than one report is called so" in both.text


def test_facts_make_an_address_and_find_what_is_closed(at_desk: Member, report: str) -> None:
    plain = at_desk.opens("/console/search")
    assert report not in plain
    there = at_desk.sends("/console/search", words="  ", status="open", language="en", channel="x")
    address = there.headers["Location"]
    assert address == "/console/search?language=en&status=open"
    page = at_desk.opens(address)
    assert report in page
    assert "Reports, newest first" in page
    assert "No report fits" in at_desk.opens("/console/search?status=closed")
    assert report in at_desk.opens(at_desk.sends("/console/search").headers["Location"])
    for odd in ("?from=2026-02-30&status=open", "?status=gone&all=yes", "?all=yes&after=xyz"):
        assert report in at_desk.opens(f"/console/search{odd}"), odd


def test_words_are_found_step_by_step_and_a_stop_keeps_them(
    house: House, at_desk: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SLICE", 2)
    for number in range(5):
        Texter(house, f"+150055501{number:02}").texts("he keeps my papers and does not pay")
    first = at_desk.sends("/console/search", expect=200, words="PAPERS", language="en").text
    assert "Looked at 2 of about 5 reports." in first
    assert "data-goes-on" in first
    assert "2 found." in first
    form = sent(first)
    assert form["language"] == ["en"]
    assert len(form["found"]) == 2
    stopped = at_desk.sends("/console/search", expect=200, **form, stop="yes").text
    assert "Looked at 2 of about 5 reports." in stopped
    assert "2 found." in stopped
    assert "data-goes-on" not in stopped
    second = at_desk.sends("/console/search", expect=200, **form).text
    assert "4 found." in second
    last = at_desk.sends("/console/search", expect=200, **sent(second)).text
    assert "Looked at 5 of about 5 reports." in last
    assert "5 found." in last
    assert "data-goes-on" not in last
    assert last.count("<mark>") == 5


def test_very_many_hits_end_a_search(
    house: House, at_desk: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SLICE", 2)
    monkeypatch.setattr(page_of_search, "MOST_FOUND", 1)
    for number in range(3):
        Texter(house, f"+150055501{number:02}").texts("he keeps my papers and does not pay")
    page = at_desk.sends("/console/search", expect=200, words="papers").text
    assert "Very many fit" in page
    assert "data-goes-on" not in page


def test_a_snippet_shows_no_identity_and_no_markup(at_desk: Member, maria: Texter) -> None:
    maria.texts(HELD)
    page = at_desk.sends("/console/search", expect=200, words="PASSPORT").text
    assert "<mark>passport</mark>" in page
    assert "Lopez" not in page
    assert "Person" in page
    for nobody in ("Maria", "Lopez", "person"):
        answer = at_desk.sends("/console/search", expect=200, words=nobody).text
        assert "0 found." in answer, nobody
    odd = at_desk.sends("/console/search", expect=200, words='"><script>x').text
    assert "<script>x" not in odd
    empty = at_desk.sends("/console/search", expect=422, words="... !").text
    assert "Type at least one letter or figure." in empty


def test_what_is_forged_in_the_form_shows_nothing(
    house: House, at_desk: Member, report: str
) -> None:
    stranger = Member(house, "tala")
    stranger.signs_in()
    theirs = stranger.sends(
        "/console/search", expect=200, words="passport", found=[f"{report}-1", "x", "0-0"]
    ).text
    assert "passport</mark>" not in theirs
    assert "0 found." in theirs
    at_desk.sends("/console/search", expect=400, words="passport", looked="many")
    # Who may read along and not reply looks through nothing.
    ivo = Member(house, "ivo")
    ivo.signs_in()
    assert ivo.client.get("/console/search", base_url=ORIGIN).status_code == 403


def test_the_words_stand_in_no_table_no_log_and_no_address(
    house: House, at_desk: Member, report: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = at_desk.sends("/console/search", expect=200, words=CANARY)
    assert CANARY in answer.text
    addresses = re.findall(r'(?:href|action)="([^"]*)"', answer.text)
    assert not any(CANARY in address for address in addresses)
    assert not any(CANARY in value for value in answer.headers.values())
    assert answer.headers["Cache-Control"] == "no-store"
    assert CANARY not in caplog.text
    assert CANARY not in repr([record.__dict__ for record in caplog.records])
    house.hotline.store.truncate_log()
    with house.hotline.store.read() as session:
        for table in metadata.tables.values():
            assert CANARY not in repr(session.execute(select(table)).all()), table.name
    for file in house.var.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file
    log = Member(house, "abel")
    log.signs_in()
    assert "looked through accounts for words" in log.opens("/console/audit")
