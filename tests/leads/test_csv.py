"""Leads as a table: what a spreadsheet opens without running what stands in it."""

import csv
import io
from datetime import timedelta

from flask import Flask

from tests.leads.desk import ORIGIN, Desk, Reader

TABLE = "/feeds/leads.csv"


def read(dele: Reader, app: Flask, address: str = TABLE) -> list[dict[str, str]]:
    answer = dele.asks(app, address)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.data.decode(), newline="")))


def test_a_lead_is_a_row_with_its_codes_and_how_it_is_handled(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(
        area="RO-CT",
        links=("https://ads.example.com/1", "https://ads.example.com/2"),
        headline='Workers, at a "car wash"',
        summary="Workers sleep in a locked container.\nThe alleged organizer keeps their papers.",
    )
    (row,) = read(dele, app)
    assert row["id"].replace("-", "").endswith(lead_id)
    assert (row["recalled"], row["tlp"], row["published"]) == ("no", "amber+strict", "2026-11-25")
    assert (row["country"], row["area"], row["month"]) == ("RO", "RO-CT", "2026-11")
    assert (row["exploitation"], row["control"]) == ("ForcedLabour", "WithholdsDocuments")
    assert row["links"] == "https://ads.example.com/1 | https://ads.example.com/2"
    assert row["headline"] == 'Workers, at a "car wash"'
    assert row["summary"].splitlines()[1] == "The alleged organizer keeps their papers."
    assert "not evidence" in row["handling"]
    assert row["lead_ref"] in row["handling"]


def test_no_cell_is_a_formula(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes(
        numbers=("+40 700 000 000",),
        handles=("@boss",),
        plates=("-CT 01 ABC",),
        headline="=HYPERLINK(A1)",
    )
    (row,) = read(dele, app)
    assert row["numbers"] == "'+40 700 000 000"
    assert (row["handles"], row["plates"]) == ("'@boss", "'-CT 01 ABC")
    assert row["headline"] == "'=HYPERLINK(A1)"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


def test_a_recalled_lead_keeps_its_mark_alone(desk: Desk, app: Flask) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Second unit", "RO")
    report_id = desk.report()
    desk.consents(report_id)
    lead_id = desk.publishes(report_id, area="RO-CT", headline="Workers at a car wash")
    desk.at += timedelta(minutes=1)
    desk.excludes(report_id, dele.id)
    # Who may know it still reads it, and who may not any more reads that it was recalled.
    assert read(other, app)[0]["headline"] == "Workers at a car wash"
    (row,) = read(dele, app)
    assert row["id"].replace("-", "").endswith(lead_id)
    assert row["recalled"] == "yes"
    told = {name for name, cell in row.items() if cell}
    assert told == {"cursor", "lead_ref", "id", "recalled"}


def test_pages_follow_each_other_by_the_link_in_the_head(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    for _ in range(5):
        desk.publishes()
        desk.at += timedelta(seconds=1)
    found: list[str] = []
    address = f"{TABLE}?limit=2"
    while address:
        answer = dele.asks(app, address)
        lines = answer.data.decode().split("\r\n")
        assert lines[0].startswith("cursor,lead_ref,id,recalled,")
        found += [line.split(",")[0] for line in lines[1:] if line]
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('>; rel="next"')
        address = link.partition(">")[0].removeprefix("<").removeprefix(ORIGIN)
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 5
    assert [row["cursor"] for row in read(dele, app, f"{TABLE}?since={found[2]}")] == found[:2]
