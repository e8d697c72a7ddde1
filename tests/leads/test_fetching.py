"""Who read what, and when, is written down before the answer leaves; the caseworker sees it for each lead."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from hotline import audit
from hotline.leads import agencies, fetching
from hotline.leads.shelving import in_milliseconds
from hotline.leads.tables import fetches, lead_releases
from hotline.store import Session
from tests.leads.desk import NOOR, Desk, Reader
from tests.leads.test_revising import revises


def reads(desk: Desk, dele: Reader, way: str, *, days: float = 0) -> None:
    """Let an agency's tool read all that it may."""
    at = desk.at + timedelta(days=days)
    with desk.store.read() as session:
        agency = agencies.find(session, dele.id)
    fetching.note(desk.store, agency, way, 1, agency.last_added, at=at)


def readings(desk: Desk, lead_id: str) -> list[tuple[str, str, int, int]]:
    """Return who read it by which way, and after how many days first and last."""

    def days(at: datetime) -> int:
        return (at.date() - desk.at.date()).days

    with desk.store.read() as session:
        found = fetching.readers_of(session, lead_id)
    return [(one.agency, one.way, days(one.first_at), days(one.last_at)) for one in found]


def test_what_an_answer_held_is_kept_with_a_line_in_the_log(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    reads(desk, dele, "taxii")
    with desk.store.read() as session:
        row = session.execute(select(fetches)).one()
        line = audit.page(session)[0]
        last = agencies.find(session, dele.id).last_added
    assert (row.agency_id, row.way, row.first, row.last) == (dele.id, "taxii", 1, last)
    assert row.at == in_milliseconds(desk.at)
    assert (line.who, line.did, line.what) == (dele.id, "leads_fetched", f"taxii 1-{last}")


def test_the_same_again_within_an_hour_is_one_row_and_a_line_in_the_log_each(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    minutes = (0, 1, 20, 45, 70)
    for minute in minutes:
        reads(desk, dele, "json", days=minute / (24 * 60))
    reads(desk, dele, "csv")
    with desk.store.read() as session:
        rows = session.execute(select(fetches.c.way).order_by(fetches.c.at)).scalars().all()
        lines = [line for line in audit.page(session) if line.did == "leads_fetched"]
        json, csv = sorted(
            fetching.readers_of(session, lead_id), key=lambda one: one.way, reverse=True
        )
    assert sorted(rows) == ["csv", "json", "json"]
    assert len(lines) == len(minutes) + 1
    assert (json.first_at, csv.last_at) == (csv.first_at, csv.first_at)
    assert json.last_at - json.first_at == timedelta(minutes=45)


def test_a_caseworker_sees_who_read_a_lead_first_and_last(desk: Desk) -> None:
    unit, police = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    lead_id = desk.publishes(to=[unit.id])
    assert readings(desk, lead_id) == []
    reads(desk, unit, "json", days=1)
    reads(desk, unit, "taxii", days=2)
    reads(desk, unit, "json", days=5)
    desk.publishes(to=[police.id])
    reads(desk, police, "json", days=1)
    assert readings(desk, lead_id) == [
        ("National unit", "json", 1, 5),
        ("National unit", "taxii", 2, 2),
    ]


def test_what_was_read_before_a_newer_version_or_a_recall_stays_known(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    reads(desk, dele, "json", days=1)
    start = desk.at
    desk.at = start + timedelta(days=2)
    revises(desk, lead_id, report_id)
    desk.recalls(lead_id)
    desk.at = start
    # Who comes when it is gone reads that it is gone, and nothing of it.
    reads(desk, dele, "taxii", days=3)
    assert readings(desk, lead_id) == [("National unit", "json", 1, 1)]


def test_what_came_after_the_last_page_does_not_count(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    first, second = desk.publishes(), desk.publishes()
    with desk.store.read() as session:
        agency = agencies.find(session, dele.id)
        rows = lead_releases.c
        added = session.execute(select(rows.added).where(rows.lead_id == first)).scalar_one()
    fetching.note(desk.store, agency, "json", added, added, at=desk.at)
    assert len(readings(desk, first)) == 1
    assert readings(desk, second) == []


def test_it_is_forgotten_after_four_hundred_days(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    reads(desk, dele, "json")
    reads(desk, dele, "csv", days=2)

    def sweep(session: Session) -> None:
        fetching.sweep(session, at=desk.at + timedelta(days=401))

    desk.store.write(sweep)
    assert readings(desk, lead_id) == [("National unit", "csv", 2, 2)]


def test_who_was_dismissed_since_had_read_it_all_the_same(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    reads(desk, dele, "bundle")
    desk.store.write(lambda session: agencies.dismiss(session, dele.id, at=desk.at, by=NOOR))
    assert readings(desk, lead_id) == [("", "bundle", 0, 0)]
