"""Leads that wait, on PostgreSQL: several workers let them out while people take a yes back, call back, recall and read."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from hotline import consent
from hotline.leads import fetching, waiting
from hotline.leads.tables import leads, waiting_leads
from hotline.migrations import create_all
from hotline.reports import reports
from hotline.store import Session, Store
from hotline.triage.reviews import is_reviewed
from tests.leads.desk import NOOR, Desk, Reader, serving
from tests.leads.test_waiting import lets_wait
from tests.servers import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]


@pytest.fixture
def desk(postgres_url: str) -> Iterator[Desk]:
    store = Store(postgres_url)
    create_all(store)
    yield Desk(store)
    store.close()


@pytest.fixture
def app(desk: Desk) -> Flask:
    return serving(desk.store)


def while_released(desk: Desk, its_id: str, report_id: str, meanwhile: Callable[[], Any]) -> None:
    """Release a lead; *meanwhile* somebody else acts, and has to wait until it is out."""
    other = threading.Thread(target=meanwhile)

    def release(session: Session) -> None:
        consent.case_of(session, report_id, lock=True)
        other.start()
        other.join(0.3)
        assert other.is_alive()
        due = desk.at + timedelta(hours=31)
        waiting.release(session, its_id, k=5, is_reviewed=is_reviewed, at=due)

    desk.store.write(release)
    other.join()


def standing(desk: Desk) -> list[bool]:
    """Return of each lead whether it stands."""
    with desk.store.read() as session:
        return [not day for day in session.execute(select(leads.c.recalled_day)).scalars()]


def test_a_yes_taken_back_while_the_job_releases_recalls_it(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report()
    given = desk.consents(report_id)
    its = lets_wait(desk, report_id)
    taken: list[list[str]] = []
    while_released(desk, its.id, report_id, lambda: taken.append(desk.takes_back(report_id, given)))
    assert taken == [[its.lead_id]]
    assert standing(desk) == [False]
    assert all(found["revoked"] for found in dele.reads(app, **{"match[type]": "report,note"}))


def test_a_yes_taken_back_first_lets_the_job_release_nothing(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report()
    given = desk.consents(report_id)
    its = lets_wait(desk, report_id)
    later = desk.at + timedelta(hours=31)
    releasing = threading.Thread(
        target=lambda: desk.store.write(
            lambda session: waiting.release(session, its.id, k=5, is_reviewed=is_reviewed, at=later)
        )
    )

    def take_back(session: Session) -> None:
        consent.case_of(session, report_id, lock=True)
        releasing.start()
        releasing.join(0.3)
        assert releasing.is_alive()
        consent.revoke(session, given, at=desk.at, by=NOOR)
        waiting.end_all(session, report_id, by=NOOR, at=desk.at)

    desk.store.write(take_back)
    releasing.join()
    assert standing(desk) == []
    assert dele.reads(app) == []


def test_what_is_merged_while_the_job_releases_shuts_it_too(desk: Desk, app: Flask) -> None:
    unit, cousin = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    report_id, other = desk.report(bystander=True), desk.report(bystander=True)
    desk.excludes(other, cousin.id)
    its = lets_wait(desk, report_id, to=[unit.id, cousin.id])
    later = desk.at + timedelta(hours=31)
    releasing = threading.Thread(
        target=lambda: desk.store.write(
            lambda session: waiting.release(session, its.id, k=5, is_reviewed=is_reviewed, at=later)
        )
    )

    def merge(session: Session) -> None:
        both = reports.c.id.in_([report_id, other])
        session.execute(select(reports.c.id).where(both).with_for_update()).all()
        releasing.start()
        releasing.join(0.3)
        assert releasing.is_alive()
        joined = update(reports).where(reports.c.id == other)
        session.execute(joined.values(joined_to=report_id))

    desk.store.write(merge)
    releasing.join()
    assert unit.reads(app)
    assert cousin.reads(app) == []


def test_two_workers_release_it_once(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    its = lets_wait(desk, report_id)
    later = desk.at + timedelta(hours=31)

    def release() -> None:
        desk.store.write(
            lambda session: waiting.release(session, its.id, k=5, is_reviewed=is_reviewed, at=later)
        )

    while_released(desk, its.id, report_id, release)
    assert standing(desk) == [True]
    assert len(dele.reads(app, **{"match[type]": "report"})) == 1
    with desk.store.read() as session:
        assert session.execute(select(waiting_leads)).all() == []


def test_a_recall_while_pages_are_read_is_seen_whole_and_who_read_is_known(
    desk: Desk, app: Flask
) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    is_over, seen = threading.Event(), []
    reading = threading.Thread(target=_follow, args=(dele, app, is_over, seen))
    reading.start()
    while not seen:
        reading.join(0.01)
    desk.recalls(lead_id)
    is_over.set()
    reading.join()
    # Each page holds the report once: as it was, and from the recall on as revoked.
    assert all(len(page) == 1 for page in seen)
    order = [page[0] for page in seen]
    assert order == sorted(order)
    assert order[-1]
    with desk.store.read() as session:
        assert [one.agency for one in fetching.readers_of(session, lead_id)] == ["National unit"]


def _follow(dele: Reader, app: Flask, is_over: threading.Event, seen: list[list[bool]]) -> None:
    is_last = False
    while not is_last:
        is_last = is_over.is_set()
        reports = dele.reads(app, **{"match[type]": "report"})
        seen.append([found.get("revoked", False) for found in reports])
