"""What agencies say came of a lead; the person sees one sentence of it, late, and only where nobody is endangered."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline import audit
from hotline.errors import Malformed, NotFound
from hotline.leads import outcomes
from hotline.leads.tables import lead_outcomes
from hotline.reports import reports
from tests.leads.desk import Desk, Reader

ISA = "b" * 32


def says(desk: Desk, dele: Reader, lead_id: str, outcome: str, *, may_tell: bool = False) -> None:
    desk.store.write(
        lambda session: outcomes.say(
            session, dele.id, lead_id, outcome, may_tell=may_tell, by=ISA, at=desk.at
        )
    )


def has_come(desk: Desk, report_id: str, *, days: int) -> bool:
    with desk.store.read() as session:
        return outcomes.something_came(session, report_id, at=desk.at + timedelta(days=days))


def test_what_an_agency_said_last_counts(desk: Desk) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    lead_id = desk.publishes()
    says(desk, unit, lead_id, "looking")
    says(desk, unit, lead_id, "used", may_tell=True)
    says(desk, police, lead_id, "duplicate", may_tell=True)
    with desk.store.read() as session:
        found = outcomes.of_lead(session, lead_id)
        lines = [
            (line.who, line.what) for line in audit.page(session) if line.did == "lead_outcome"
        ]
    assert [(one.agency, one.outcome, one.may_tell, one.day) for one in found] == [
        ("National unit", "used", True, "2026-11-25"),
        ("Town police", "duplicate", False, "2026-11-25"),
    ]
    assert (ISA, f"{lead_id} {unit.id} used") in lines


def test_nobody_speaks_of_a_lead_they_were_not_told(desk: Desk) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Elsewhere", "BG")
    lead_id = desk.publishes()
    with pytest.raises(NotFound):
        says(desk, other, lead_id, "used")
    with pytest.raises(Malformed):
        says(desk, dele, lead_id, "arrested")
    with desk.store.read() as session:
        assert session.execute(select(lead_outcomes)).all() == []


def test_the_person_sees_it_after_a_month_where_the_agency_allowed_it(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    ids = [desk.report(bystander=True) for _ in range(3)]
    told, untold, of_no_use = (desk.publishes(report_id) for report_id in ids)
    says(desk, dele, told, "used", may_tell=True)
    says(desk, dele, untold, "used")
    says(desk, dele, of_no_use, "false", may_tell=True)
    assert [has_come(desk, ids[0], days=days) for days in (0, 29, 30)] == [False, False, True]
    assert not has_come(desk, ids[1], days=90)
    assert not has_come(desk, ids[2], days=90)


def test_nobody_sees_it_while_we_doubt_who_looks(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    says(desk, dele, desk.publishes(report_id), "used", may_tell=True)
    assert has_come(desk, report_id, days=31)
    doubted = update(reports).where(reports.c.id == report_id).values(duress=True)
    desk.store.write(lambda session: session.execute(doubted))
    assert not has_come(desk, report_id, days=31)
