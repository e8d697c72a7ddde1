"""Who knew a lead that was recalled must say that it is gone from their systems, too; otherwise the desk hears of it."""

from datetime import timedelta

import pytest

from hotline import audit
from hotline.errors import NotFound
from hotline.leads import notices, publish, rescoping
from hotline.store import Session
from hotline.triage import lead_alerts
from hotline.triage.alerts import open_alerts
from tests.leads.desk import Desk

ISA = "b" * 32


def alerts_of(desk: Desk, *, days: int) -> list[tuple[str, str]]:
    """Return what the sweep raises some days later, by report."""
    at = desk.at + timedelta(days=days)

    def sweep(session: Session) -> None:
        lead_alerts.sweep(session, ["main", "north"], house="main", at=at)

    desk.store.write(sweep)
    with desk.store.read() as session:
        return [(one.kind, one.report_id) for one in open_alerts(session, "main")]


def test_each_agency_that_knew_it_is_asked_and_answers_once(desk: Desk) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    others = desk.admits("Elsewhere", "BG")
    lead_id = desk.publishes()
    with desk.store.read() as session:
        assert not notices.open_for(session, unit.id)
    desk.recalls(lead_id)

    def follows(session: Session) -> bool:
        return notices.acknowledge(session, unit.id, lead_id, by=ISA, at=desk.at)

    assert desk.store.write(follows)
    assert not desk.store.write(follows)
    with desk.store.read() as session:
        assert not notices.open_for(session, unit.id)
        assert [one.lead_id for one in notices.open_for(session, police.id)] == [lead_id]
        assert [(one.agency, one.acknowledged_by) for one in notices.of_lead(session, lead_id)] == [
            ("National unit", ISA),
            ("Town police", ""),
        ]
        lines = [
            (line.who, line.what) for line in audit.page(session) if line.did == "recall_followed"
        ]
    assert lines == [(ISA, f"{lead_id} {unit.id}")]
    with pytest.raises(NotFound):
        desk.store.write(
            lambda session: notices.acknowledge(session, others.id, lead_id, by=ISA, at=desk.at)
        )


def test_a_long_list_goes_on_where_it_stopped(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    gone = sorted(desk.publishes() for _ in range(3))
    for lead_id in gone:
        desk.recalls(lead_id)
    with desk.store.read() as session:
        first = notices.open_for(session, dele.id, limit=2)
        last = (first[-1].day, first[-1].lead_id)
        rest = notices.open_for(session, dele.id, after=last, limit=2)
    assert [one.lead_id for one in (*first, *rest)] == gone


def test_the_desk_hears_of_a_recall_that_nobody_followed_for_three_days(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    desk.recalls(lead_id)
    assert alerts_of(desk, days=3) == []
    assert alerts_of(desk, days=4) == [("recall_unfollowed", report_id)]
    assert alerts_of(desk, days=5) == [("recall_unfollowed", report_id)]
    desk.store.write(
        lambda session: notices.acknowledge(session, dele.id, lead_id, by=ISA, at=desk.at)
    )
    assert alerts_of(desk, days=6) == []


def test_it_is_asked_for_also_when_the_report_is_erased(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    desk.recalls(desk.publishes(report_id))
    desk.store.write(lambda session: publish.forget(session, report_id))
    assert alerts_of(desk, days=4) == [("recall_unfollowed", "")]


def test_who_knew_it_before_they_were_admitted_for_other_leads_is_asked_too(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    desk.admits("Town police", "RO")
    desk.store.write(
        lambda session: rescoping.rescope(session, dele.id, ["BG"], at=desk.at, by=ISA)
    )
    desk.recalls(lead_id)
    with desk.store.read() as session:
        assert [one.lead_id for one in notices.open_for(session, dele.id)] == [lead_id]
        assert len(notices.of_lead(session, lead_id)) == 1
