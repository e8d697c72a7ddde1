"""Isa reads what was released to agencies, and nothing of where it came from."""

import re
from datetime import timedelta

import pytest

from tests.cast import Member
from tests.house import ORIGIN, House
from tests.leads.desk import NOW, Desk


@pytest.fixture
def desk(house: House) -> Desk:
    desk = Desk(house.hotline.store)
    desk.admits("National unit", "RO")
    return desk


@pytest.fixture
def isa(house: House) -> Member:
    isa = Member(house, "isa")
    isa.signs_in()
    return isa


def test_an_investigator_reads_the_words_that_agencies_read(desk: Desk, isa: Member) -> None:
    assert "Nothing was released yet" in isa.opens("/console/released")
    lead_id = desk.publishes()
    page = isa.opens("/console/released")
    assert "Workers at a car wash sleep in a locked container." in page
    for hidden in (*desk.reports, lead_id, "a" * 32):
        assert hidden not in page


def test_what_was_recalled_tells_nothing_any_more(desk: Desk, isa: Member) -> None:
    desk.recalls(desk.publishes())
    page = isa.opens("/console/released")
    assert "Recalled lead" in page
    assert "car wash" not in page


def test_pages_go_on_where_the_one_before_ended(desk: Desk, isa: Member) -> None:
    for number in range(27):
        desk.at = NOW + timedelta(days=number // 5)
        desk.publishes(summary=f"Workers of house {number} sleep behind a locked door.")
    first = isa.opens("/console/released")
    older = re.search(r'href="(/console/released\?before=[^"]+)">Older', first)
    assert older
    second = isa.opens(older.group(1))
    told = re.findall(r"Workers of house (\d+) sleep", first + second)
    assert sorted(map(int, told)) == list(range(27))
    assert "Older" not in second
    # The newest day comes first, and what is no cursor begins or ends the list.
    assert int(told[0]) >= 25
    for odd in ("x", "2026-12-01", "..", "2999-01-01.f"):
        answer = isa.client.get("/console/released", query_string={"before": odd}, base_url=ORIGIN)
        assert answer.status_code == 200, odd
