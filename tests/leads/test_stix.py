"""What leaves is STIX 2.1 that validators accept without a word, and its ids follow from nothing."""

import json
import uuid
from datetime import date
from typing import Any

import jsonschema
import pytest
from flask import Flask
from stix2validator import ValidationOptions, validate_instance

from hotline.leads import sending, stix
from hotline.leads.disclose import disclose
from hotline.leads.stix import Sender
from tests.leads.desk import Desk, draft

DAY = date(2026, 11, 25)
SENDER = Sender(
    str(uuid.uuid4()), "Example line", "2026-11-25T00:00:00.000Z", "2026-11-25T00:00:00.000Z"
)
FULL: dict[str, Any] = {
    "area": "RO-CT",
    "headline": "Workers at a car wash",
    "translations": {"ro": "Muncitori la o spălătorie auto.", "ar": "عمال في مغسلة سيارات."},
    "links": ("https://ads.example.com/post",),
    "minor": True,
    "person_language": "ro-MD",
}


def objects_of(**changes: Any) -> list[dict[str, Any]]:
    told = disclose(draft(**changes))
    own = stix.lead_objects(told, stix.new_ids(uuid.uuid4().hex), SENDER, DAY)
    return [*stix.shared_objects(SENDER), *own]


def assert_valid(objects: list[dict[str, Any]]) -> None:
    """Hold *objects* against the standard, strictly: a warning is a failure too."""
    bundle = {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": objects}
    result = validate_instance(
        json.loads(json.dumps(bundle)), ValidationOptions(version="2.1", strict=True)
    )
    assert [str(error) for error in result.errors] == []
    assert [str(warning) for warning in result.warnings] == []


@pytest.mark.parametrize(
    "changes",
    [{}, FULL, {"people": None, "sector": "", "indicators": (), "control": ()}, {"country": "MT"}],
)
def test_a_lead_is_valid_strictly(changes: dict[str, Any]) -> None:
    assert_valid(objects_of(**changes))


def test_a_recalled_lead_is_valid_strictly() -> None:
    own = [found for found in objects_of(**FULL) if "modified" in found and found.get("lang")]
    assert_valid([*stix.shared_objects(SENDER), *(stix.recalled(found, DAY) for found in own)])


def test_what_a_client_reads_is_valid_strictly(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO", "BG")
    lead_id = desk.publishes(**FULL)
    desk.publishes(country="BG")
    desk.recalls(desk.publishes(**{**FULL, "area": ""}))
    assert lead_id
    assert_valid(dele.reads(app))


def test_there_are_no_indicators() -> None:
    assert "indicator" not in {found["type"] for found in objects_of(**FULL)}


def test_without_a_link_nothing_was_observed() -> None:
    assert not {"observed-data", "url"} & {found["type"] for found in objects_of()}
    (observed,) = (found for found in objects_of(**FULL) if found["type"] == "observed-data")
    assert observed["first_observed"] == "2026-11-01T00:00:00.000Z"
    assert observed["last_observed"] == "2026-11-30T23:59:59.999Z"


def test_every_reference_is_kept_beside_what_refers_to_it() -> None:
    objects = objects_of(**FULL)
    there = {found["id"] for found in objects} | {stix.stix_id_of("0" * 32)}
    for found in objects:
        single = [found.get("created_by_ref"), found.get("object_ref")]
        for ref in [*found.get("object_refs", []), *found.get("object_marking_refs", []), *single]:
            assert ref is None or ref in there


def test_what_leads_share_has_one_id_and_their_own_ids_are_random() -> None:
    first, second = objects_of(**FULL), objects_of(**FULL)
    shared = {found["id"] for found in first} & {found["id"] for found in second}
    kinds = {
        "marking-definition",
        "identity",
        "extension-definition",
        "location",
        "url",
    }
    assert {name.partition("--")[0] for name in shared} == kinds
    assert [f for f in first if f["id"] in shared] == [f for f in second if f["id"] in shared]


def test_its_own_properties_are_as_the_extension_defines_them() -> None:
    (report,) = (found for found in objects_of(**FULL) if found["type"] == "report")
    extension = report["extensions"][stix.EXTENSION_ID]
    jsonschema.validate(extension, stix.EXTENSION_SCHEMA)
    assert extension["victim_count_band"] == "6-10"
    assert extension["minor_involved"] == "yes"
    assert extension["person_language"] == "ro"
    (definition,) = (f for f in objects_of() if f["type"] == "extension-definition")
    assert json.loads(definition["schema"]) == stix.EXTENSION_SCHEMA


def test_translations_belong_to_the_summary() -> None:
    objects = objects_of(**FULL)
    (note,) = (found for found in objects if found["type"] == "note")
    (content,) = (found for found in objects if found["type"] == "language-content")
    assert (content["object_ref"], content["object_modified"]) == (note["id"], note["modified"])
    assert set(content["contents"]) == {"ro", "ar"}


def test_times_are_days_and_versions_still_rise() -> None:
    former = "2026-11-25T00:00:00.000Z"
    assert all(
        found.get("created", former).endswith("T00:00:00.000Z") for found in objects_of(**FULL)
    )
    assert stix.version_after(former, DAY) == "2026-11-25T00:00:00.001Z"
    assert stix.version_after(former, date(2026, 11, 26)) == "2026-11-26T00:00:00.000Z"


def test_a_hotline_that_changes_its_name_tells_those_who_know_it(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.store.write(lambda session: sending.introduce(session, "Night line", at=desk.at))
    desk.publishes()
    desk.store.write(lambda session: sending.introduce(session, "Day line", at=desk.at))
    names = [found["name"] for found in dele.reads(app, **{"match[type]": "identity"})]
    assert "Day line" in names
    assert "Night line" not in names
    assert_valid(dele.reads(app))
