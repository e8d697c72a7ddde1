"""What was handed out can be taken in again and is the same; only where a confidential house lies stays here."""

import json
import shutil

import pytest
from sqlalchemy import select

from referral.export import export_documents, export_tables
from referral.tables import TABLES, metadata
from tests.referral.conftest import Directory
from tests.referral.every import EVERY
from tests.referral.packages import key, write_package

WAYS = {"documents": export_documents, "tables": export_tables}


@pytest.fixture(params=["sqlite", "postgresql"])
def here_and_there(request, directory, empty_file, tmp_path):
    """Two empty directories: one on either database, and one that takes in what the first hands out."""
    there = Directory(f"sqlite:///{shutil.copy(empty_file, tmp_path / 'there.db')}")
    here = directory
    if request.param == "postgresql":
        here = Directory(request.getfixturevalue("postgres_url"))
        with here.engine.begin() as connection:
            metadata.create_all(connection)
    yield here, there
    here.engine.dispose()
    there.engine.dispose()


def held(directory):
    with directory.read() as connection:
        return {
            name: {row["id"]: dict(row) for row in connection.execute(select(table)).mappings()}
            for name, table in TABLES.items()
        }


def hand_out(directory, folder, way):
    with directory.read() as connection:
        return WAYS[way](connection, folder)


@pytest.mark.parametrize("way", WAYS)
def test_every_object_of_hsds_goes_out_and_comes_in_the_same(here_and_there, tmp_path, way):
    here, there = here_and_there
    assert here.load(write_package(tmp_path / "p", **EVERY)).bad == []
    before = held(here)
    assert all(before.values())
    assert None not in [
        v for rows in before.values() for v in rows.get(key("service"), {}).values()
    ]

    hand_out(here, tmp_path / "out", way)
    report = there.load(tmp_path / "out")

    assert report.bad == []
    assert held(there) == before
    again = here.load(tmp_path / "out")
    assert {(kept.added, kept.changed, kept.removed) for kept in again.kept.values()} == {(0, 0, 0)}


@pytest.mark.parametrize("way", WAYS)
def test_an_empty_directory_can_be_handed_out(directory, tmp_path, way):
    assert sum(hand_out(directory, tmp_path / "out", way).values()) == 0
    assert directory.load(tmp_path / "out").bad == []


@pytest.mark.parametrize("way", WAYS)
def test_where_a_confidential_house_lies_is_not_handed_out(directory, tmp_path, way):
    marked = dict(EVERY)
    marked["taxonomy_term"] = [
        *EVERY["taxonomy_term"],
        {"id": key("mark"), "code": "confidential-location", "name": "c", "description": "c"},
    ]
    marked["attribute"] = [
        *EVERY["attribute"],
        {"id": key("marks"), "link_id": key("place"), "link_entity": "location"}
        | {"taxonomy_term_id": key("mark")},
    ]
    marked["metadata"] = [
        {**EVERY["metadata"][0], "id": key("told"), "previous_value": "was at 3 Quay"},
        {**EVERY["metadata"][0], "id": key("m2"), "resource_id": key("address")}
        | {"previous_value": "Old Bakery Lane"},
    ]
    marked["address"] = [
        *EVERY["address"],
        {**EVERY["address"][0], "id": key("twin"), "location_id": ""},
    ]
    directory.load(write_package(tmp_path / "p", **marked))
    before = held(directory)

    hand_out(directory, tmp_path / "out", way)

    said = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    for secret in ("3 Quay", "Quay 3", "48.5", "12.25", "Back door", "Bakery", "Bus 1", "AN1"):
        assert secret not in said.replace(json.dumps(key("place")), "")
    assert key("place") in said
    directory.load(tmp_path / "out")
    place = held(directory)["location"][key("place")]
    assert place == before["location"][key("place")]
    assert held(directory)["address"][key("address")] == before["address"][key("address")]
