"""What nothing else counts of a quarter: how many complained, and why leads were withheld."""

import pytest
from sqlalchemy import select

from hotline.triage.publishing import Facet
from hotline.triage.tables import quarter_tallies
from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.house import House

WRITE = "/console/charts/complaints"


def tallies(house: House, facet: Facet) -> dict[tuple[str, str], int]:
    rows = quarter_tallies.c
    with house.hotline.store.read() as session:
        found = session.execute(select(quarter_tallies).where(rows.facet == facet)).all()
    return {(row.quarter, row.code): row.count for row in found}


def test_a_supervisor_writes_down_complaints_and_the_log_says_so(
    house: House, supervisor: Member
) -> None:
    page = supervisor.opens("/console/charts")
    assert faults_in(page) == []
    assert 'href="/transparency"' in page
    assert "Complaints, 1st quarter 2026" in page
    supervisor.sends(WRITE, quarter="2026-Q1", count="2")
    supervisor.sends(WRITE, quarter="2026-Q1", count=" 7 ")
    assert tallies(house, Facet.COMPLAINT) == {("2026-Q1", "main"): 7}
    assert 'value="7"' in supervisor.opens("/console/charts")
    audit = supervisor.opens("/console/audit")
    assert "wrote down how many complained about us" in audit
    assert "2026-Q1 7" in audit
    # Each desk writes its own.
    mira = Member(house, "mira")
    mira.signs_in()
    assert 'value="7"' not in mira.opens("/console/charts")
    mira.sends(WRITE, quarter="2026-Q1", count="0")
    assert tallies(house, Facet.COMPLAINT)["2026-Q1", "north"] == 0


@pytest.mark.parametrize(
    ("quarter", "count"),
    [
        ("2026-Q1", "-1"),
        ("2026-Q1", ""),
        ("2026-Q1", "7x"),
        ("2026-Q1", "٧"),
        ("2026-Q1", "100001"),
        ("2026-Q1", "9" * 40),
        ("2025-Q3", "7"),
        ("2026-Q2", "7"),
        ("", "7"),
    ],
)
def test_what_is_no_number_of_a_quarter_is_not_kept(
    house: House, supervisor: Member, quarter: str, count: str
) -> None:
    supervisor.sends(WRITE, expect=400, quarter=quarter, count=count)
    assert tallies(house, Facet.COMPLAINT) == {}


def test_a_lead_that_is_withheld_is_counted_by_its_reason_alone(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    path = f"/console/report/{report}/lead"
    form = {"summary": "Call +1 500 555 0100", "country": "US", "to": agency}
    at_desk.sends(path, expect=200, **form)
    assert tallies(house, Facet.REASON) == {}
    at_desk.sends(f"{path}/publish", expect=422, **form)
    at_desk.sends(f"{path}/publish", expect=422, **form)
    counted = tallies(house, Facet.REASON)
    assert list(counted.values()) == [2]
    with house.hotline.store.read() as session:
        kept = session.execute(select(quarter_tallies)).one()
    assert report not in str(tuple(kept))
