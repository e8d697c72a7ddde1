"""Leads as a MISP feed: read by MISP's own library through HTTP, and deleted there when they are recalled."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest
import requests
from flask import Flask
from pymisp import MISPEvent

from hotline.leads.codes import Tlp
from hotline.leads.disclose import CouldKnow
from tests.leads.desk import Desk, Reader
from tests.leads.served import served

SCHEMA = json.loads((files("pymisp") / "data" / "schema-lax.json").read_text())
FACTS: dict[str, Any] = {
    "area": "RO-CT",
    "links": ("https://ads.example.com/1",),
    "plates": ("CT 01 ABC", "CT 02 ABC"),
    "numbers": ("+40 700 000 000",),
    "handles": ("@boss",),
    "translations": {"ro": "Muncitorii dorm într-un container."},
}


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with served(app) as origin:
        yield f"{origin}/feeds/misp"


def load(url: str, dele: Reader) -> dict[str, MISPEvent]:
    """Return the events of the feed, as an instance of MISP takes them in: by the manifest, one by one."""
    from jsonschema import validate  # takes seconds to load

    headers = {"Authorization": f"Bearer {dele.token}"}
    manifest = requests.get(f"{url}/manifest.json", headers=headers, timeout=10).json()
    events = {}
    for uuid, entry in manifest.items():
        file = requests.get(f"{url}/{uuid}.json", headers=headers, timeout=10).json()
        validate(file, SCHEMA)
        event = MISPEvent()
        event.load(file)
        assert event.uuid == uuid
        assert (event.info, event.Orgc.name) == (entry["info"], entry["Orgc"]["name"])
        assert [tag.name for tag in event.tags] == [tag["name"] for tag in entry["Tag"]]
        assert int(event.timestamp.timestamp()) == int(entry["timestamp"])
        # What MISP itself would write into the manifest of this event.
        assert event.manifest[uuid]["date"] == entry["date"]
        events[uuid] = event
    return events


def attributes(event: MISPEvent) -> list[Any]:
    return [*event.attributes, *(one for found in event.objects for one in found.attributes)]


def test_pymisp_reads_every_fact_and_code(desk: Desk, url: str) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(headline="Workers at a car wash", **FACTS)
    ((uuid, event),) = load(url, dele).items()
    assert uuid.replace("-", "") == lead_id
    tags = {tag.name for tag in event.tags}
    assert {
        "tlp:amber+strict",
        'admiralty-scale:source-reliability="f"',
        'admiralty-scale:information-credibility="6"',
        "htcds:ForcedLabour",
        "htcds:WithholdsDocuments",
        "ilo:retention-of-identity-documents",
    } <= tags
    assert event.info == "Workers at a car wash"
    values = {one.value for one in attributes(event)}
    assert {"RO", "RO-CT", "CT 01 ABC", "CT 02 ABC", "@boss", "+40 700 000 000"} <= values
    assert "https://ads.example.com/1" in values
    assert {found.name for found in event.objects} == {
        "geolocation",
        "vehicle",
        "phone",
        "user-account",
    }
    # Nobody blocks what a lead names, and only what points to somebody ties leads together.
    assert not any(one.to_ids or one.get("deleted") for one in attributes(event))
    correlating = {one.value for one in attributes(event) if not one.disable_correlation}
    assert correlating == {
        "CT 01 ABC",
        "CT 02 ABC",
        "@boss",
        "+40 700 000 000",
        "https://ads.example.com/1",
    }
    whole, romanian = event.event_reports
    assert whole.content.startswith("Workers at a car wash sleep")
    for words in ("Withholds documents", "1 report.", "not evidence", "immigration enforcement"):
        assert words in whole.content
    assert romanian.content == FACTS["translations"]["ro"]


def test_a_recalled_lead_stays_as_an_event_of_which_everything_is_deleted(
    desk: Desk, url: str
) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(headline="Workers at a car wash", **FACTS)
    ((uuid, former),) = load(url, dele).items()
    desk.recalls(lead_id)
    ((again, event),) = load(url, dele).items()
    assert (again, event.info) == (uuid, "Recalled lead")
    # Recalled in the second in which it left, it is newer none the less.
    assert event.timestamp > former.timestamp
    assert {one.uuid for one in attributes(event)} == {one.uuid for one in attributes(former)}
    assert {one.uuid for one in event.objects} == {one.uuid for one in former.objects}
    assert {one.uuid for one in event.event_reports} == {one.uuid for one in former.event_reports}
    gone = [*attributes(event), *event.objects, *event.event_reports]
    assert all(one.deleted for one in gone)
    assert len({one.value for one in attributes(event)}) == len(attributes(event))
    told = event.to_json() + json.dumps(event.manifest)
    for words in ("car wash", "ABC", "boss", "+40", "ads.example", "RO-CT", "Muncitorii", "htcds"):
        assert words not in told, words


def test_what_a_later_version_leaves_out_is_deleted_and_the_rest_keeps_its_id(
    desk: Desk, url: str
) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id, **FACTS)
    ((_, former),) = load(url, dele).items()
    desk.at += timedelta(minutes=1)
    changed = {**FACTS, "plates": ("CT 03 ABC",), "handles": (), "translations": {}}
    desk.publishes(report_id, replaces=lead_id, **changed)
    ((_, event),) = load(url, dele).items()
    assert event.timestamp > former.timestamp
    before = {one.uuid: one.value for one in attributes(former)}
    after = {one.uuid: one for one in attributes(event)}
    assert after.keys() == before.keys()
    gone = {before[uuid] for uuid, one in after.items() if one.deleted}
    assert gone == {"CT 02 ABC", "@boss"}
    (moved,) = [uuid for uuid, one in after.items() if one.value == "CT 03 ABC"]
    assert before[moved] == "CT 01 ABC"
    assert {found.name: found.deleted for found in event.objects if found.deleted} == {
        "vehicle": True,
        "user-account": True,
    }
    assert [one.deleted for one in event.event_reports if one.content == "Recalled lead"] == [True]


def test_a_deletion_tells_an_agency_nothing_of_versions_that_it_was_not_told(
    desk: Desk, app: Flask
) -> None:
    dele, out = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    report_id = desk.report()
    desk.consents(report_id)
    lead_id = desk.publishes(report_id, confirmed_by="")
    uuid = str(UUID(lead_id))

    def reads(whom: Reader) -> Any:
        event = whom.asks(app, f"/feeds/misp/{uuid}.json").get_json()["Event"]
        objects = [(one["uuid"], one["deleted"]) for one in event["Object"]]
        reports = [(one["name"], one["deleted"]) for one in event["EventReport"]]
        return len(event["Attribute"]), objects, reports, event["Tag"][0]["name"]

    knew = reads(out)
    desk.excludes(report_id, out.id)
    gone = reads(out)
    assert gone[0] == knew[0]
    assert gone[1] == [(one, True) for one, _ in knew[1]]
    # What it says later, and how that is marked, is for those who may read it.
    told = {**FACTS, "could_know": CouldKnow.MANY, "tlp": Tlp.GREEN}
    desk.publishes(report_id, confirmed_by="", replaces=lead_id, **told)
    assert reads(out) == gone
    assert gone[-1] == "tlp:amber+strict"
    entry = out.asks(app, "/feeds/misp/manifest.json").get_json()[uuid]
    assert [tag["name"] for tag in entry["Tag"]] == ["tlp:amber+strict"]
    # Who is admitted later reads of no former version, and the others of each.
    new = desk.admits("Third unit", "RO")
    desk.publishes(report_id, confirmed_by="", replaces=lead_id)
    assert not any(deleted for _, deleted in [*reads(new)[1], *reads(new)[2]])
    assert any(deleted for _, deleted in reads(dele)[1])


def test_hashes_tell_what_points_to_somebody(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(plates=("CT 01 ABC",))
    digest = hashlib.md5(b"CT 01 ABC").hexdigest()
    answer = dele.asks(app, "/feeds/misp/hashes.csv").text
    assert answer.splitlines()[0].startswith(f"{digest},{lead_id[:8]}-")
    desk.recalls(lead_id)
    assert dele.asks(app, "/feeds/misp/hashes.csv").text == ""


def test_older_leads_stand_under_their_year_and_month(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    desk.at += timedelta(days=60)
    newest = desk.publishes()

    def named(period: str) -> list[str]:
        return list(dele.asks(app, f"/feeds/misp/{period}manifest.json").get_json())

    assert len(named("")) == 2
    assert [len(named(f"{one}/")) for one in ("2026", "2026-11", "2026-12", "2027-01")] == [
        1,
        1,
        0,
        1,
    ]
    (uuid,) = named("2027/")
    assert uuid.replace("-", "") == newest
    event = dele.asks(app, f"/feeds/misp/2027/{uuid}.json").get_json()
    assert event == dele.asks(app, f"/feeds/misp/{uuid}.json").get_json()


def test_an_agency_reads_its_own_events_alone(desk: Desk, app: Flask) -> None:
    desk.admits("National unit", "RO")
    other = desk.admits("Elsewhere", "BG")
    lead_id = desk.publishes()
    uuid = UUID(lead_id)
    assert other.asks(app, "/feeds/misp/manifest.json").get_json() == {}
    assert other.asks(app, f"/feeds/misp/{uuid}.json").status_code == 404
