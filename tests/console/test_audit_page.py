"""The audit is read a page at a time, and says whether it is whole."""

import re

import pytest
from sqlalchemy import text

from hotline import audit
from tests.cast import Member
from tests.house import ORIGIN, House


def fill(house: House, count: int) -> None:
    def write(session) -> None:  # type: ignore[no-untyped-def]
        for _ in range(count):
            audit.record(
                session, at=house.clock(), who="system", did="sweep", purpose="<b>tidy</b>"
            )

    house.hotline.store.write(write)


def test_every_line_is_shown_once_and_newest_first(house: House, auditor: Member) -> None:
    fill(house, 120)
    numbers: list[int] = []
    address = "/console/audit"
    while address:
        page = auditor.opens(address)
        numbers += [int(n) for n in re.findall(r'is-number reference">(\d+)<', page)]
        older = re.search(r'href="(/console/audit\?kind=all&before=\d+)">Older', page)
        address = older[1] if older else ""
    assert numbers == list(range(numbers[0], 0, -1))


def test_a_purpose_is_never_markup(house: House, auditor: Member) -> None:
    fill(house, 1)
    page = auditor.client.get("/console/audit", base_url="https://line.example").text
    assert "<b>tidy" not in page


def test_a_touched_line_is_noticed(house: House, auditor: Member) -> None:
    fill(house, 3)
    assert "Whole: every entry is as it was written." in auditor.opens("/console/audit")
    house.hotline.store.write(
        lambda session: session.execute(text("UPDATE audit SET purpose = 'x' WHERE n = 2"))
    )
    assert "Not whole" in auditor.opens("/console/audit")
    assert "Not whole" in auditor.sends("/console/audit/verify", expect=200).text


def test_a_page_further_on_is_not_checked_in_passing(house: House, auditor: Member) -> None:
    fill(house, 3)
    assert "Not checked on this page" in auditor.opens("/console/audit?before=3")


@pytest.mark.parametrize("before", ["9" * 30, "9" * 5000, "-1", "x", str(2**31), "²"])
def test_a_number_that_no_line_can_have_is_not_looked_for(auditor: Member, before: str) -> None:
    address = f"/console/audit?before={before}"
    assert auditor.client.get(address, base_url=ORIGIN).status_code == 400


def test_a_kind_shows_its_own_lines_only(house: House, auditor: Member) -> None:
    fill(house, 2)
    assert "founded the house" in auditor.opens("/console/audit?kind=keys")
    assert "Nothing was done yet" in auditor.opens("/console/audit?kind=reveals")
    assert "sweep" in auditor.opens("/console/audit?kind=unheard-of")
