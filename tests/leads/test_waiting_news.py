"""What is heard, closed, restricted or let out anew while a lead waits, and what is asked again when its time has come."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from hotline import audit, worker
from hotline.domain.outcome import Outcome
from hotline.domain.report import Direction
from hotline.leads import agencies, outcomes, publish, waiting
from hotline.leads.disclose import CouldKnow
from hotline.leads.tables import lead_outcomes, leads, waiting_leads
from hotline.leads.waiting import AlreadyWaits, Dropped
from hotline.leads.wording import Fact
from hotline.reports import messages, reports
from hotline.store import Session, new_id
from hotline.triage import access, course
from hotline.triage.alerts import open_alerts
from tests.cast import MARIA, Member, Texter
from tests.console.agreeing import GROWN, agrees
from tests.console.test_leading import LEAD, left
from tests.house import House, found_house
from tests.leads.desk import NOOR, Desk, draft
from tests.leads.test_waiting import WAIT, all_that_waits, lets_wait, released


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[House]:
    """A house in which each lead waits."""
    house = found_house(tmp_path, adjust=lambda config: replace(config, lead_wait=(6, 30)))
    yield house
    house.close()


def hears(desk: Desk, report_id: str, seq: int, direction: Direction) -> None:
    row = {"report_id": report_id, "seq": seq, "direction": direction, "channel": "sms"}
    desk.store.write(
        lambda session: session.execute(insert(messages), {**row, "day": "2026-11-25"})
    )


def put(desk: Desk, report_id: str, **values: Any) -> None:
    its = update(reports).where(reports.c.id == report_id).values(**values)
    desk.store.write(lambda session: session.execute(its))


def release(desk: Desk, its: waiting.Waiting, *, is_reviewed: bool) -> Dropped | None:
    at = desk.at.replace(day=27)
    return desk.store.write(
        lambda session: waiting.release(
            session, its.id, k=5, is_reviewed=lambda *_: is_reviewed, at=at
        )
    )


def test_what_the_reporter_says_meanwhile_keeps_it_from_leaving_also_reviewed(
    desk: Desk, app: Flask
) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    hears(desk, report_id, 1, Direction.FROM_REPORTER)
    its = lets_wait(desk, report_id)
    hears(desk, report_id, 2, Direction.FROM_REPORTER)
    dropped = release(desk, its, is_reviewed=True)
    assert dropped == Dropped(its.lead_id, report_id, "main", frozenset({Fact.NOT_REVIEWED}))
    assert dele.reads(app) == []
    assert all_that_waits(desk) == []

    # So does a review that somebody took back; what we wrote ourselves does not.
    unsure, sure = lets_wait(desk, report_id), lets_wait(desk, report_id)
    hears(desk, report_id, 3, Direction.TO_REPORTER)
    assert release(desk, unsure, is_reviewed=False) is not None
    assert release(desk, sure, is_reviewed=True) is None
    assert dele.reads(app)


def test_what_a_report_says_that_was_merged_meanwhile_counts(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    root, other = desk.report(bystander=True), desk.report(bystander=True)
    hears(desk, other, 1, Direction.FROM_REPORTER)
    its = lets_wait(desk, root)
    put(desk, other, joined_to=root)
    dropped = release(desk, its, is_reviewed=True)
    assert dropped is not None
    assert dropped.facts == {Fact.NOT_REVIEWED}
    assert dele.reads(app) == []


@pytest.mark.parametrize(
    "put_aside",
    [
        {"status": "closed", "outcome": Outcome.NOT_A_REPORT},
        {"status": "closed", "outcome": Outcome.DUPLICATE},
        {"status": "quarantined"},
    ],
)
def test_what_is_no_report_tells_nothing(desk: Desk, app: Flask, put_aside: dict[str, Any]) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    its = lets_wait(desk, report_id)
    put(desk, report_id, **put_aside)
    dropped = released(desk, its)
    assert dropped is not None
    assert dropped.facts == {Fact.NO_REPORT}
    assert dele.reads(app) == []


def test_whoever_was_warned_is_kept_and_asked_again(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    its = lets_wait(desk, could_know=CouldKnow.ONE, warned=True)
    assert its.warned
    unwarned = update(waiting_leads).values(warned=False)
    desk.store.write(lambda session: session.execute(unwarned))
    dropped = released(desk, its)
    assert dropped is not None
    assert dropped.facts == {Fact.COULD_KNOW}
    assert dele.reads(app) == []

    kept = lets_wait(desk, could_know=CouldKnow.FEW, warned=True)
    assert released(desk, kept) is None
    with desk.store.read() as session:
        row = session.execute(select(leads)).one()
        said = [(line.did, line.what) for line in audit.page(session)]
    assert (row.could_know, row.warned) == ("2-4", True)
    assert ("publish", f"{kept.lead_id} bystander {NOOR} warned") in said
    assert ("lead_waits", f"{kept.lead_id} warned") in said


def test_an_older_version_that_waits_takes_no_later_one_away(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    stale = lets_wait(desk, report_id, replaces=lead_id, people=2)
    with pytest.raises(AlreadyWaits):
        desk.publishes(report_id, replaces=lead_id, people=11)
    desk.store.write(lambda session: waiting.call_back(session, stale.id, by=NOOR, at=desk.at))
    desk.publishes(report_id, replaces=lead_id, people=11)
    released(desk, stale)
    with desk.store.read() as session:
        assert session.execute(select(leads.c.told)).scalar_one()["people"] == "11+"
    assert dele.reads(app)


def test_a_form_that_is_sent_twice_lets_one_lead_out(desk: Desk, app: Flask) -> None:
    desk.admits("National unit", "RO")
    report_id, other, form_id = desk.report(bystander=True), desk.report(bystander=True), new_id()

    def sends(its_report: str = report_id, form: str = form_id, **more: Any) -> str:
        terms: dict[str, Any] = {"report_id": its_report, "confirmed_by": NOOR, "form_id": form}
        return desk.store.write(
            lambda session: publish.publish(session, draft(), by=NOOR, at=desk.at, **terms, **more)
        )

    assert sends(wait=WAIT) == sends(wait=WAIT) == form_id
    assert len(all_that_waits(desk)) == 1
    # A life is in danger: what waits leaves now, and once.
    assert sends(wait=WAIT, at_once=True) == sends(wait=WAIT, at_once=True) == form_id
    assert all_that_waits(desk) == []
    with desk.store.read() as session:
        assert publish.of_report(session, report_id) == [form_id]
    # It is no other report's, nothing that is no id, and nothing once it was recalled.
    desk.recalls(form_id)
    made = {sends(other), sends(form="mine"), sends()}
    assert len(made) == 3
    assert not made & {form_id, "mine"}


def test_nothing_of_the_person_stays_in_the_row_of_a_lead(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    recalled, erased = desk.report(bystander=True), desk.report(bystander=True)
    gone = desk.publishes(recalled, could_know=CouldKnow.ONE, warned=True)
    stays = desk.publishes(erased, could_know=CouldKnow.ONE, warned=True)
    known = update(leads).values(k=5)

    def say(session: Session) -> None:
        session.execute(known)
        outcomes.say(session, dele.id, stays, "used", may_tell=True, by=dele.id, at=desk.at)

    desk.store.write(say)
    desk.recalls(gone)
    desk.store.write(lambda session: publish.forget(session, erased))
    with desk.store.read() as session:
        rows = session.execute(select(leads.c.k, leads.c.could_know, leads.c.warned)).all()
        assert [tuple(row) for row in rows] == [(0, "", False)] * 2
        assert session.execute(select(lead_outcomes.c.may_tell)).scalar_one() is False


def test_in_a_house_news_closing_and_restricting_keep_it_from_leaving(patient: House) -> None:
    hotline, store, at = patient.hotline, patient.hotline.store, patient.clock()
    token = store.write(lambda session: agencies.admit(session, "National unit", ["US"], at=at))
    with store.read() as session:
        unit = agencies.by_token(session, token, at=at)
    assert unit is not None
    maria, noor = Texter(patient, MARIA), Member(patient, "noor")
    maria.texts(GROWN)
    noor.signs_in()
    report = noor.first_report()
    agrees(noor, report)
    noor.reviews(report)

    def lets_out() -> None:
        noor.sends(f"/console/report/{report}/lead/publish", when="later", to=unit.id, **LEAD)

    def waits() -> int:
        with store.read() as session:
            return len(waiting.of_report(session, report))

    def dropped() -> int:
        with store.read() as session:
            return len([one for one in open_alerts(session, "main") if one.kind == "lead_dropped"])

    lets_out()
    maria.texts("He found the phone. Please do not tell the police, he knows someone there.")
    patient.clock.passes(hours=31)
    while worker.work_off(hotline):
        pass
    assert (left(patient), waits(), dropped()) == ([], 0, 1)

    noor.signs_in()
    noor.reviews(report)
    lets_out()
    me = noor.keyholder().staff_id
    its: dict[str, Any] = {"keyring": hotline.keyring, "desk": "main", "by": me}
    now = patient.clock()
    store.write(lambda session: access.restrict(session, report, to=[me], at=now, **its))
    assert (waits(), dropped()) == (0, 2)
    lets_out()
    assert waits() == 1
    its["outcome"] = Outcome.NOT_A_REPORT
    store.write(lambda session: course.close(session, report, at=now, **its))
    assert (left(patient), waits(), dropped()) == ([], 0, 2)
