"""What points to the alleged: written down for a report, found again in another one, and nowhere in the clear."""

import re

from sqlalchemy import select

from hotline.domain.report import reference
from hotline.migrations import every_table
from hotline.triage.forgetting import forget_everything
from hotline.triage.tables import selectors
from tests.cast import Member, Texter
from tests.console.test_access import restricts
from tests.console.test_around import other_than
from tests.house import House
from tests.retention.rows import tables_naming

PLATE = "CT 77 ZZQ"


def keeps(member: Member, report: str, text: str = PLATE, kind: str = "plate", expect: int = 303):
    path = f"/console/report/{report}/selector"
    return member.sends(path, expect, kind=kind, selector=text)


def shared_on(member: Member, report: str) -> str:
    page = member.opens(f"/console/report/{report}")
    return page[page.index('id="shared"') :].split("</section>")[0]


def test_two_reports_that_tell_of_one_car_are_seen_side_by_side_and_say_nothing_in_the_clear(
    house: House, at_desk: Member, maria: Texter, amina: Texter, report: str
) -> None:
    amina.texts("He drives us to the farm and locks us in.")
    other = other_than(at_desk, report)
    assert "Nothing is written down yet" in shared_on(at_desk, report)
    keeps(at_desk, report)
    keeps(at_desk, other, "ct-77zzq")
    for one, its in ((report, other), (other, report)):
        panel = shared_on(at_desk, one)
        assert f">{reference(its)}<" in panel
        assert "2 reports, may be one person." in panel
    # A second time it is the same one, and what is another car's is shared with nobody.
    keeps(at_desk, report, "CT77ZZQ")
    keeps(at_desk, report, "B 12 ABC")
    assert shared_on(at_desk, report).count("Take away") == 2
    assert "may be one person" in shared_on(at_desk, report)
    with house.hotline.store.read() as session:
        tables = every_table()[0].sorted_tables
        kept = str([list(session.execute(select(table))) for table in tables])
    for form in (PLATE, "ct-77zzq", "CT77ZZQ", "B12ABC"):
        assert form not in kept


def test_what_is_too_short_is_said_and_what_was_typed_stays(at_desk: Member, report: str) -> None:
    page = keeps(at_desk, report, "A1", expect=422).text
    assert "too short to find it again" in page
    assert 'value="A1"' in page
    keeps(at_desk, report, PLATE, kind="name", expect=400)
    assert "Nothing is written down yet" in shared_on(at_desk, report)


def test_it_is_taken_away_and_is_then_shared_with_nobody(
    at_desk: Member, maria: Texter, amina: Texter, report: str
) -> None:
    amina.texts("He drives us to the farm and locks us in.")
    other = other_than(at_desk, report)
    keeps(at_desk, report)
    keeps(at_desk, other)
    (path,) = re.findall(r'action="([^"]+/drop)"', shared_on(at_desk, report))
    at_desk.sends(path.replace(report, other), expect=404)
    at_desk.sends(path)
    assert "Nothing is written down yet" in shared_on(at_desk, report)
    assert "may be one person" not in shared_on(at_desk, other)


def test_nobody_learns_that_a_report_they_may_not_see_shares_it(
    house: House, at_desk: Member, supervisor: Member, maria: Texter, amina: Texter, report: str
) -> None:
    amina.texts("He drives us to the farm and locks us in.")
    other = other_than(at_desk, report)
    keeps(at_desk, report)
    keeps(supervisor, other)
    restricts(house, other, "ines", "ines")
    assert "may be one person" not in shared_on(at_desk, report)
    assert "may be one person" in shared_on(supervisor, report)
    keeps(at_desk, other, expect=404)


def test_it_goes_with_its_report(house: House, at_desk: Member, report: str) -> None:
    keeps(at_desk, report)
    store = house.hotline.store
    with store.read() as session:
        assert session.execute(select(selectors.c.kind)).scalars().all() == ["plate"]
    store.write(lambda session: forget_everything(session, report))
    assert tables_naming(store, report) & {"selectors", "desk_words"} == set()
