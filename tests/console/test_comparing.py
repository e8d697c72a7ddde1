"""A lead's words are held against the sealed identity before they leave: written down first, and nothing of it is shown."""

from pathlib import Path

from sqlalchemy import select, update

from hotline import audit
from hotline.console.comparing import Compared, Why, compare
from hotline.leads.wording import Fact
from hotline.reports import reports
from hotline.triage.alerts import open_alerts
from hotline.triage.comparing import MANY
from hotline.triage.forgetting import forget_identity
from hotline.vault.tables import envelopes
from tests.cast import AMINA, Member, Texter
from tests.console.test_leading import LEAD
from tests.house import House, found_house
from tests.leads.desk import draft

WORDS = "Workers are locked in. {} told us."


def compared(house: House, noor: Member, report: str, name: str) -> Compared:
    proposed = draft(summary=WORDS.format(name))
    return compare(house.hotline, noor.keyholder(), report, proposed, at=house.clock())


def lines(house: House) -> list[tuple[str, str]]:
    """Return what was compared and opened, as the log tells it, newest first."""
    with house.hotline.store.read() as session:
        told = [(line.did, line.report_id) for line in audit.page(session)]
    return [one for one in told if one[0].startswith(("identity", "reveal", "compared"))]


def test_a_name_of_the_person_is_met_and_the_look_is_written_down(
    house: House, at_desk: Member, report: str, amina: Texter
) -> None:
    met = compared(house, at_desk, report, "Maria")
    assert met.was_possible
    assert [(one.field, one.fact) for one in met.problems] == [("summary", Fact.IN_IDENTITY)]
    assert WORDS.format("Maria")[met.problems[0].start : met.problems[0].end] == "Maria"
    # No word of their own lets out what was met.
    assert met.against(looked_myself=True) == met.problems
    assert compared(house, at_desk, report, "Somebody").problems == ()
    assert lines(house) == [("identity_compared", report)] * 2

    # A report that was merged into it counts too.
    amina.texts("My name is Oksana, the door is locked.")
    with house.hotline.store.read() as session:
        ids = session.execute(select(reports.c.id)).scalars().all()
    (other,) = set(ids) - {report}
    assert compared(house, at_desk, report, "Oksana").problems == ()
    before = len(lines(house))
    joined = update(reports).where(reports.c.id == other).values(joined_to=report)
    house.hotline.store.write(lambda session: session.execute(joined))
    assert compared(house, at_desk, report, "Oksana").problems
    # Each report that is opened has a line of its own.
    newest = lines(house)[: len(lines(house)) - before]
    assert sorted(newest) == sorted([("identity_compared", report), ("identity_compared", other)])

    # What is left is compared where one of them has ended, and somebody must look themselves.
    house.hotline.store.write(lambda session: forget_identity(session, other))
    met = compared(house, at_desk, report, "Maria")
    assert (met.was_possible, len(met.problems)) == (False, 1)
    assert {one.fact for one in met.against(looked_myself=True)} == {Fact.IN_IDENTITY}
    # A name that was in the ended part passes the machine, and does not leave for that.
    met = compared(house, at_desk, report, "Oksana")
    assert met == Compared((), Why.CLOSED)
    assert [one.fact for one in met.against(looked_myself=False)] == [Fact.NOT_COMPARED]


def test_where_no_identity_is_kept_any_more_nothing_was_compared(
    house: House, at_desk: Member, report: str
) -> None:
    house.hotline.store.write(lambda session: forget_identity(session, report))
    assert compared(house, at_desk, report, "Maria") == Compared((), Why.CLOSED)
    page = at_desk.sends(
        f"/console/report/{report}/lead", expect=200, **{**LEAD, "summary": WORDS.format("Maria")}
    ).text
    assert "No name, number or rare word of it" not in page
    assert "Who wrote one of the messages is not kept any more" in page
    assert 'name="looked_myself"' in page


def test_whoever_compares_again_and_again_is_seen(
    house: House, at_desk: Member, report: str
) -> None:
    for _ in range(MANY):
        compared(house, at_desk, report, "Somebody")
    assert alerts(house) == []
    for _ in range(2):
        compared(house, at_desk, report, "Somebody")
    assert alerts(house) == [("many_compared", report, at_desk.keyholder().staff_id)]


def alerts(house: House) -> list[tuple[str, str, str]]:
    with house.hotline.store.read() as session:
        return [(one.kind, one.report_id, one.who) for one in open_alerts(session, "main")]


def test_what_does_not_open_was_not_compared(house: House, at_desk: Member, report: str) -> None:
    broken = update(envelopes).where(envelopes.c.audience == "identity").values(body=b"broken")
    house.hotline.store.write(lambda session: session.execute(broken))
    assert compared(house, at_desk, report, "Maria") == Compared((), Why.CLOSED)
    # The line stays: it was kept before anything opened.
    assert lines(house) == [("identity_compared", report)]


def test_where_two_must_open_it_nothing_opens_and_somebody_must_say_that_they_looked(
    tmp_path: Path,
) -> None:
    house = found_house(tmp_path, four_eyes=True)
    try:
        noor = Member(house, "noor")
        noor.signs_in()
        Texter(house, AMINA).texts("My name is Oksana, the door is locked.")
        report = noor.first_report()
        met = compared(house, noor, report, "Oksana")
        assert not met.was_possible
        assert [one.fact for one in met.against(looked_myself=False)] == [Fact.NOT_COMPARED]
        assert met.against(looked_myself=True) == ()
        assert lines(house) == []
    finally:
        house.close()
