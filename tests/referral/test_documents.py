"""A keeper sends JSON: one record, a list, pages of an API, a record a line, or lists by table."""

import json
import zipfile

import pytest

from referral import tables
from referral.fields import Fault
from tests.referral.every import EVERY
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_export import hand_out, held
from tests.referral.test_load import kept_in, told

HARBOR = organization()
FULL = {
    "id": key("s"),
    "name": "Night shelter",
    "status": "active",
    "minimum_age": 18,
    "phones": [{"id": key("p"), "number": "1", "languages": [{"id": key("l"), "name": "pl"}]}],
    "organization": HARBOR | {"phones": [{"id": key("p"), "number": "1"}]},
    "program": {"id": key("pr"), "name": "Winter", "description": "Cold"},
    "service_at_locations": [
        {
            "id": key("sal"),
            "location": {"id": key("loc"), "location_type": "virtual", "latitude": -4.25e-05}
            | {"longitude": 7},
        }
    ],
    "attributes": [
        {"id": key("a"), "taxonomy_term": {"id": key("t"), "name": "T", "description": "t"}}
    ],
    "capacities": [
        {"id": key("c"), "unit": {"id": key("u"), "name": "bed"}, "available": 3}
        | {"updated": "2026-11-25T10:00:00Z"}
    ],
}


def write(path, value):
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=1))
    return path


def test_what_is_nested_becomes_rows_that_point_to_their_owners(directory, tmp_path):
    assert told(directory.load(write(tmp_path / "service_full.json", FULL))) == []

    phone = kept_in(directory, tables.phone)[key("p")]
    assert (phone["service_id"], phone["organization_id"]) == (key("s"), key("Harbor House"))
    assert kept_in(directory, tables.language)[key("l")]["phone_id"] == key("p")
    program = kept_in(directory, tables.program)[key("pr")]
    assert program["organization_id"] == key("Harbor House")
    site = kept_in(directory, tables.service_at_location)[key("sal")]
    assert (site["service_id"], site["location_id"]) == (key("s"), key("loc"))
    attribute = kept_in(directory, tables.attribute)[key("a")]
    assert (attribute["link_id"], attribute["link_entity"]) == (key("s"), "service")
    assert attribute["taxonomy_term_id"] == key("t")
    assert kept_in(directory, tables.service_capacity)[key("c")]["unit_id"] == key("u")
    assert kept_in(directory, tables.location)[key("loc")]["latitude"] == -4.25e-05


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("services.json", [FULL]),
        ("feed.json", FULL),
        ("page.json", {"total_items": 1, "contents": [FULL], "page_number": 1}),
        ("services.ndjson", json.dumps(FULL) + "\n\n" + json.dumps(FULL)),
        ("tabular.json", {"organizations.csv": [HARBOR], "services.csv": [FULL]}),
    ],
)
def test_documents_are_known_by_their_name_or_their_shape(directory, tmp_path, name, value):
    assert told(directory.load(write(tmp_path / name, value))) == []
    assert set(kept_in(directory, tables.service)) == {key("s")}


def test_the_profile_of_the_united_kingdom_is_read(directory, tmp_path):
    document = {
        "id": key("s"),
        "name": "Counselling",
        "status": "active",
        "service_areas": [{"id": key("area"), "name": "All", "service_area": "All"}],
        "service_at_locations": [{"id": key("sal")}],
        "languages": [{"id": key("l")}],
        "organization": HARBOR,
    }
    report = directory.load(write(tmp_path / "services.json", [document]))

    assert [(field, fault, kept) for _, _, field, fault, kept in told(report)] == [
        ("service_area.service_area", Fault.NOT_HSDS_FIELD, True),
        ("service_at_location.location_id", Fault.MISSING, False),
    ]
    assert set(kept_in(directory, tables.service)) == {key("s")}


def test_a_fault_is_told_with_the_line_that_its_object_begins_on(directory, tmp_path):
    text = """[
  {"id": "%s", "name": "Harbor", "description": "{\\"x",
    "website": "www.harbor.example",
    "phones": [
      {"id": "%s", "number": "1"},
      {"id": "%s", "number": ["Ann"]}
    ], "contacts": ["Ann"], "colour": "red", "Ann Persona": 1},
  {"id": "%s", "name": "Mill"},
  7
]
"""
    ids = tuple(map(key, ("org", "p1", "p2", "mill")))
    report = directory.load(write(tmp_path / "organizations.json", text % ids))

    assert told(report) == [
        ("organizations.json", 2, "organization.contacts", Fault.NOT_AN_OBJECT, True),
        ("organizations.json", 2, "organization.(a field)", Fault.NOT_HSDS_FIELD, True),
        ("organizations.json", 2, "organization.colour", Fault.NOT_HSDS_FIELD, True),
        ("organizations.json", 2, "organization.website", Fault.NOT_A_URI, True),
        ("organizations.json", 6, "phone.number", Fault.NOT_ONE_VALUE, False),
        ("organizations.json", 8, "organization.description", Fault.MISSING, False),
        ("organizations.json", 9, "", Fault.NOT_AN_OBJECT, False),
    ]
    assert "Ann" not in str(report)
    assert set(kept_in(directory, tables.phone)) == {key("p1")}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[\n%s,\n{]", 3),
        ("[\n%s\n%s]", 3),
        ('{"contents": [%s]', 1),
        ("[%s, " + "[" * 100_000, 1),
    ],
)
def test_a_file_that_breaks_off_is_told_and_what_came_before_is_kept(
    directory, tmp_path, text, line
):
    text = text.replace("%s", json.dumps(HARBOR))
    report = directory.load(write(tmp_path / "organizations.json", text))

    assert told(report) == [("organizations.json", line, "", Fault.ROW_UNREADABLE, False)]
    assert set(kept_in(directory, tables.organization)) == {HARBOR["id"]}


def test_what_is_no_record_is_told(directory, tmp_path):
    (tmp_path / "p").mkdir()
    write(tmp_path / "p" / "about.json", {"version": "3.1", "profile": "https://x.example/"})
    write(tmp_path / "p" / "word.json", '"hello"')

    assert told(directory.load(tmp_path / "p")) == [
        ("about.json", 1, "", Fault.NOT_HSDS_FILE, False),
        ("word.json", 1, "", Fault.ROW_UNREADABLE, False),
    ]


def test_a_record_with_two_owners_keeps_the_first_and_it_is_told(directory, tmp_path):
    phones = {"phones": [{"id": key("p"), "number": "1"}]}
    both = [HARBOR | phones, organization("Mill") | phones]
    report = directory.load(write(tmp_path / "organizations.json", both))

    assert [(field, fault, kept) for _, _, field, fault, kept in told(report)] == [
        ("phone.organization_id", Fault.TWO_OWNERS, True)
    ]
    assert kept_in(directory, tables.phone)[key("p")]["organization_id"] == HARBOR["id"]


def test_one_record_or_one_page_of_many_removes_nothing(directory, tmp_path):
    path = tmp_path / "organizations.json"
    directory.load(write(path, [HARBOR, organization("Mill"), organization("Dock")]))
    page = {"total_items": 3, "contents": [HARBOR, organization("Mill")]}

    assert directory.load(write(path, page)).kept["organization"].removed == 0
    assert directory.load(write(path, HARBOR)).kept["organization"].removed == 0
    page["total_items"] = 2
    assert directory.load(write(path, page)).kept["organization"].removed == 1


def test_documents_may_lie_in_a_zip(directory, tmp_path):
    directory.load(write_package(tmp_path / "p", **EVERY))
    hand_out(directory, tmp_path / "out", "documents")
    before = held(directory)
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as zipped:
        for path in (tmp_path / "out").iterdir():
            zipped.write(path, f"city/{path.name}")

    report = directory.load(tmp_path / "out.zip")

    assert (report.bad, held(directory)) == ([], before)


def test_an_owner_of_rows_is_a_record_of_its_own_kind_too(directory, tmp_path):
    path = write(tmp_path / "services.json", [service() | {"organization": HARBOR}])

    assert told(directory.load(path)) == []
    row = kept_in(directory, tables.service)[key("Night shelter")]
    assert row["organization_id"] == HARBOR["id"]
