"""A lead that was let out waits before it leaves; it may be called back, and everything is asked again when its time has come."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from hotline import audit, jobs, worker
from hotline.errors import NotFound
from hotline.leads import agencies, publish, waiting
from hotline.leads.tables import agencies as agencies_table
from hotline.leads.tables import lead_sources, leads, stix_objects, waiting_leads
from hotline.leads.waiting import AlreadyWaits, Dropped, Waiting
from hotline.leads.wording import Fact
from hotline.reports import reports
from hotline.store import Session
from hotline.triage import ending
from hotline.triage.alerts import open_alerts
from hotline.triage.reviews import is_reviewed
from tests.house import House
from tests.leads.desk import NOOR, Desk, Reader, draft

WAIT = (6, 30)


def lets_wait(desk: Desk, report_id: str = "", **changes: Any) -> Waiting:
    """Let a lead out that leaves later, and return what waits."""
    its_id = report_id or desk.report(bystander=True)
    terms: dict[str, Any] = {"confirmed_by": NOOR, "wait": WAIT}
    for name in ("to", "confirmed_by", "replaces", "wait"):
        terms |= {name: changes.pop(name)} if name in changes else {}

    def let_out(session: Session) -> str:
        lead = draft(**changes)
        return publish.publish(session, lead, report_id=its_id, by=NOOR, at=desk.at, **terms)

    lead_id = desk.store.write(let_out)
    with desk.store.read() as session:
        return next(one for one in waiting.of_report(session, its_id) if one.lead_id == lead_id)


def released(desk: Desk, its: Waiting, *, hours: float = 31, k: int = 5) -> Dropped | None:
    """Do what the worker does some hours later."""
    at = desk.at + timedelta(hours=hours)
    return desk.store.write(
        lambda session: waiting.release(session, its.id, k=k, is_reviewed=is_reviewed, at=at)
    )


def all_that_waits(desk: Desk) -> list[Any]:
    with desk.store.read() as session:
        return list(session.execute(select(waiting_leads)).all())


def everything_of(desk: Desk, dele: Reader, app: Flask) -> Mapping[str, Any]:
    """Return all that an agency could see of us, to the last number that its answers are made of."""
    with desk.store.read() as session:
        number = agencies.find(session, dele.id).last_added
    feed = dele.asks(app, "/feeds/leads.json")
    return {"objects": dele.reads(app), "feed": feed.data, "tag": feed.headers["ETag"], "n": number}


def test_a_lead_leaves_when_its_time_has_come_and_not_before(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    its = lets_wait(desk, report_id)
    assert (its.by, its.day, its.is_newer, its.to) == (NOOR, "2026-11-25", False, None)
    assert its.told.summary == draft().summary
    with desk.store.read() as session:
        assert publish.of_report(session, report_id) == []
        assert [line.did for line in audit.page(session)][:1] == ["lead_waits"]
    assert released(desk, its, hours=5.9) is None
    assert dele.reads(app) == []

    assert released(desk, its) is None
    report = next(found for found in dele.reads(app) if found["type"] == "report")
    assert report["id"].replace("-", "").endswith(its.lead_id)
    assert all_that_waits(desk) == []
    with desk.store.read() as session:
        assert publish.of_report(session, report_id) == [its.lead_id]
        row = session.execute(select(leads)).one()
        lines = [(line.who, line.did) for line in audit.page(session)]
    assert (row.by, row.id) == (NOOR, its.lead_id)
    assert ("system", "publish") in lines
    # Whoever else holds the job finds nothing left to do.
    assert released(desk, its) is None
    assert len([found for found in dele.reads(app) if found["type"] == "report"]) == 1


def test_nobody_foresees_when_it_leaves(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    for _ in range(6):
        lets_wait(desk)
    with desk.store.read() as session:
        made = session.execute(select(jobs.jobs).where(jobs.jobs.c.name == "release_lead")).all()
    waits = [row.due_at - desk.at for row in made]
    assert len(set(waits)) == 6
    assert all(timedelta(hours=6) <= wait <= timedelta(hours=30, seconds=1) for wait in waits)
    assert {row.ref for row in made} == {row.id for row in all_that_waits(desk)}
    assert not {row.ref for row in made} & {row.lead_id for row in all_that_waits(desk)}


def test_what_is_called_back_leaves_no_trace_outside(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    before = everything_of(desk, dele, app)
    its = lets_wait(desk)
    desk.store.write(lambda session: waiting.call_back(session, its.id, by=NOOR, at=desk.at))
    assert released(desk, its) is None
    assert everything_of(desk, dele, app) == before
    with desk.store.read() as session:
        assert "lead_called_back" in [line.did for line in audit.page(session)]
    with pytest.raises(NotFound):
        desk.store.write(lambda session: waiting.call_back(session, its.id, by=NOOR, at=desk.at))


def test_a_yes_taken_back_ends_what_waits_at_once(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report()
    given = desk.consents(report_id)
    its = lets_wait(desk, report_id)
    desk.takes_back(report_id, given)
    assert all_that_waits(desk) == []
    assert released(desk, its) is None
    assert dele.reads(app) == []
    with desk.store.read() as session:
        assert "lead_dropped" in [line.did for line in audit.page(session)]


def test_who_is_excluded_meanwhile_is_not_told_and_the_others_are(desk: Desk, app: Flask) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    report_id = desk.report(bystander=True)
    its = lets_wait(desk, report_id, to=[unit.id, police.id])
    desk.excludes(report_id, police.id)
    assert released(desk, its) is None
    assert unit.reads(app)
    assert police.reads(app) == []

    only = lets_wait(desk, to=[police.id])
    desk.excludes(desk.reports[-1], police.id)
    assert all_that_waits(desk) == []
    assert released(desk, only) is None
    assert police.reads(app) == []


def test_an_erasure_that_is_asked_for_ends_what_waits(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id, other = desk.report(bystander=True), desk.report(bystander=True)
    lets_wait(desk, report_id)
    lets_wait(desk, other)
    desk.store.write(lambda session: ending.ask_erasure(session, report_id, at=desk.at))
    assert [row.report_id for row in all_that_waits(desk)] == [other]
    desk.store.write(lambda session: publish.forget(session, other))
    assert all_that_waits(desk) == []


def test_a_doubt_about_who_writes_keeps_it_from_leaving(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    its = lets_wait(desk, report_id)
    doubted = update(reports).where(reports.c.id == report_id).values(duress=True)
    desk.store.write(lambda session: session.execute(doubted))
    dropped = released(desk, its)
    assert dropped == Dropped(its.lead_id, report_id, "main", frozenset({Fact.DURESS}))
    assert dele.reads(app) == []
    assert all_that_waits(desk) == []


def test_an_agency_that_is_admitted_for_other_leads_meanwhile_is_not_told(
    desk: Desk, app: Flask
) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    its = lets_wait(desk)
    narrower = update(agencies_table).where(agencies_table.c.id == police.id)
    desk.store.write(lambda session: session.execute(narrower.values(themes=["child"])))
    released(desk, its)
    assert unit.reads(app)
    assert police.reads(app) == []


def test_what_it_tells_of_a_person_is_weighed_again(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    its = lets_wait(desk)
    told = dict(all_that_waits(desk)[0].told, gender="Feminine")
    changed = update(waiting_leads).values(told=told)
    desk.store.write(lambda session: session.execute(changed))
    dropped = released(desk, its)
    assert dropped is not None
    assert dropped.facts == {Fact.FEW}
    assert dele.reads(app) == []


def test_a_later_version_waits_and_ends_with_its_lead(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    newer = "Workers at a car wash are let out again. The alleged organizer keeps their papers."
    its = lets_wait(desk, report_id, replaces=lead_id, summary=newer)
    assert its.is_newer
    with pytest.raises(AlreadyWaits):
        lets_wait(desk, report_id, replaces=lead_id)
    assert released(desk, its) is None
    assert "let out again" in str(dele.reads(app))

    lets_wait(desk, report_id, replaces=lead_id)
    desk.recalls(lead_id)
    assert all_that_waits(desk) == []


def test_life_in_danger_does_not_wait(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    terms: dict[str, Any] = {"report_id": report_id, "confirmed_by": NOOR, "at_once": True}
    desk.store.write(
        lambda session: publish.publish(session, draft(), by=NOOR, at=desk.at, wait=WAIT, **terms)
    )
    assert dele.reads(app)
    assert all_that_waits(desk) == []


def test_the_worker_lets_it_out_when_it_is_due_and_tells_the_desk_when_it_cannot(
    house: House,
) -> None:
    hotline = house.hotline
    desk = Desk(hotline.store, at=house.clock())
    desk.admits("National unit", "RO")
    report_id, doubted = desk.report(bystander=True), desk.report(bystander=True)
    lets_wait(desk, report_id)
    lets_wait(desk, doubted)
    doubt = update(reports).where(reports.c.id == doubted).values(duress=True)
    hotline.store.write(lambda session: session.execute(doubt))
    house.clock.passes(hours=31)
    while worker.work_off(hotline):
        pass
    with hotline.store.read() as session:
        sources = session.execute(select(lead_sources.c.report_id)).scalars().all()
        alerts = open_alerts(session, "main")
        assert session.execute(select(stix_objects)).first() is not None
    assert sources == [report_id]
    assert [(one.kind, one.report_id) for one in alerts if one.kind == "lead_dropped"] == [
        ("lead_dropped", doubted)
    ]
