"""A city sends what it published years ago: every fault is named, and everything sound is kept."""

import csv

import pytest

from referral import tables
from referral.fields import Fault
from referral.load import read_package
from tests.referral import old_city
from tests.referral.packages import key
from tests.referral.test_load import kept_in, told


@pytest.fixture
def city(directory, tmp_path):
    return directory.load(old_city.write(tmp_path / "city"))


def named(directory, table, name):
    return next(row for row in kept_in(directory, table).values() if row["name"] == name)


def test_every_fault_of_an_old_city_is_named(city):
    lost = 120 // 9
    by = {}
    for file, line, field, fault, kept in told(city):
        by.setdefault((file, field, fault, kept), []).append(line)

    cascades = {each: lines for each, lines in by.items() if len(lines) == lost}
    assert set(cascades) == {
        ("services.csv", "organization_id", Fault.POINTS_NOWHERE, False),
        ("services_at_location.csv", "service_id", Fault.POINTS_NOWHERE, False),
        ("services_taxonomy.csv", "service_id", Fault.POINTS_NOWHERE, False),
        ("locations.csv", "organization_id", Fault.POINTS_NOWHERE, True),
    }
    assert all(lines == [n + 1 for n in range(9, 121, 9)] for lines in cascades.values())
    assert {each: lines for each, lines in by.items() if each not in cascades} == {
        ("beds.csv", "", Fault.NOT_HSDS_FILE, False): [0],
        ("contacts.csv", "email", Fault.NOT_AN_EMAIL, True): [2],
        ("holiday_schedules.csv", "start_date", Fault.NOT_A_DATE, False): [3],
        ("locations.csv", "latitude", Fault.OUT_OF_RANGE, True): [6],
        ("metadata.csv", "resource_type", Fault.MISSING, False): [2],
        ("organizations.csv", "url", Fault.NOT_A_URI, True): [3, 4, 5],
        ("phones.csv", "extension", Fault.NOT_A_NUMBER, True): [4],
        ("phones.csv", "number", Fault.MISSING, False): [3],
        ("phones.csv", "service_id", Fault.POINTS_NOWHERE, False): [4],
        ("physical_addresses.csv", "postal_code", Fault.MISSING, True): [7],
        ("regular_schedules.csv", "weekday", Fault.NOT_A_LIST, False): [5],
        ("taxonomy.csv", "parent_id", Fault.POINTS_NOWHERE, True): [4],
    }
    assert not any(word in str(city) for word in ("Ann", "facebook", "0006", "someday"))


def test_everything_sound_of_an_old_city_is_kept(directory, city):
    assert {name: kept.added for name, kept in city.kept.items()} == {
        "accessibility": 1,
        "address": 121,
        "attribute": 107,
        "contact": 1,
        "funding": 1,
        "language": 4,
        "location": 120,
        "metadata": 0,
        "organization": 30,
        "phone": 1,
        "program": 1,
        "required_document": 1,
        "schedule": 4,
        "service": 107,
        "service_area": 1,
        "service_at_location": 107,
        "taxonomy_term": 3,
    }
    first = named(directory, tables.service, "Service 1")
    assert first["eligibility_description"] == "adult; female"
    assert (first["fees_description"], first["accreditations"]) == ("cash", "AIRS")
    organization = named(directory, tables.organization, "Org 1")
    assert organization["website"] == "http://org1.example"
    assert organization["year_incorporated"] == 1987
    soup, food = (named(directory, tables.taxonomy_term, name) for name in ("Soup", "Food"))
    assert (soup["code"], soup["parent_id"], soup["taxonomy"]) == ("BD-1800", food["id"], "Own")
    addresses = kept_in(directory, tables.address).values()
    assert {each["address_type"] for each in addresses} == {"physical", "postal"}
    assert "Floor 2, Room 3" in {each["address_2"] for each in addresses}
    languages = kept_in(directory, tables.language).values()
    assert {(each["name"], each["code"]) for each in languages} == {
        ("Polski", None),
        ("yi", "yi"),
        ("en", "en"),
        ("es", "es"),
    }
    hours = kept_in(directory, tables.schedule).values()
    assert {(each["byday"], each["opens_at"], each["valid_from"]) for each in hours} == {
        ("MO", "09:00", None),
        ("TU", "09:00", None),
        ("SU", "09:00", None),
        (None, None, "2017-12-25"),
    }


def test_an_old_city_that_comes_again_changes_nothing_and_another_is_not_mixed_with_it(
    directory, city, tmp_path
):
    again = directory.load(tmp_path / "city")
    other = directory.load(old_city.write(tmp_path / "other", organizations=3, services=1))

    assert {(k.added, k.changed, k.removed) for k in again.kept.values()} == {(0, 0, 0)}
    assert told(again) == told(city)
    assert other.kept["organization"].added == 3


def write_csv(folder, **files):
    folder.mkdir()
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def test_version_1_0_keeps_places_terms_fees_and_languages_in_tables_of_their_own(
    directory, tmp_path
):
    package = write_csv(
        tmp_path / "p",
        organizations=[{"id": "a", "name": "A", "description": "A", "url": ""}],
        locations=[{"id": "l", "organization_id": "a", "name": "L"}],
        services=[
            {"id": "s", "organization_id": "a", "location_id": "l", "name": "S"}
            | {"status": "active", "taxonomy_ids": "t, u"}
        ],
        taxonomy=[{"id": t, "name": t, "parent_id": ""} for t in "tu"],
        fees=[{"id": "f", "service_id": "s", "fee": "2 coins"}],
        interpretation_services=[{"id": "i", "service_id": "s", "language": "Urdu"}],
    )

    assert told(directory.load(package)) == []
    service = named(directory, tables.service, "S")
    assert (service["fees_description"], service["interpretation_services"]) == ("2 coins", "Urdu")
    (site,) = kept_in(directory, tables.service_at_location).values()
    assert site["location_id"] == named(directory, tables.location, "L")["id"]
    links = kept_in(directory, tables.attribute).values()
    assert {each["link_id"] for each in links} == {service["id"]}
    assert len(links) == 2


def test_version_2_0_gives_terms_to_other_records_and_knows_rules_of_recurrence(
    directory, tmp_path
):
    package = write_csv(
        tmp_path / "p",
        organizations=[{"id": key("a"), "name": "A", "description": "A", "url": ""}],
        services=[{"id": key("s"), "organization_id": key("a"), "name": "S", "status": "active"}],
        eligibility=[{"id": "e", "service_id": key("s")}],
        phones=[{"id": "p", "service_id": key("s"), "number": "1"}],
        taxonomy_terms=[{"id": "t", "term": "Adult", "description": "", "taxonomy": "Own"}],
        service_attributes=[{"id": "1", "service_id": key("s"), "taxonomy_term_id": "t"}],
        other_attributes=[
            {"id": "1", "link_id": "e", "link_type": "eligibility", "taxonomy_term_id": "t"},
            {"id": "2", "link_id": "p", "link_type": "phone", "taxonomy_term_id": "t"},
            {"id": "3", "link_id": "q", "link_type": "phone", "taxonomy_term_id": "t"},
        ],
        schedules=[
            {"id": "1", "service_id": key("s"), "freq": "DAILY", "interval": "", "byday": ""},
            {"id": "2", "service_id": key("s"), "freq": "YEARLY", "interval": "", "byday": ""},
        ],
    )

    assert told(directory.load(package)) == [
        ("other_attributes.csv", 4, "link_id", Fault.POINTS_NOWHERE, False),
        ("schedules.csv", 3, "freq", Fault.NOT_A_CHOICE, False),
    ]
    (phone,) = kept_in(directory, tables.phone)
    links = [
        (each["link_id"], each["link_entity"])
        for each in kept_in(directory, tables.attribute).values()
    ]
    assert sorted(links) == sorted([(key("s"), "service"), (key("s"), "service"), (phone, "phone")])
    (hours,) = kept_in(directory, tables.schedule).values()
    assert (hours["freq"], hours["byday"]) == ("WEEKLY", "MO,TU,WE,TH,FR,SA,SU")


def test_how_far_the_reading_is_is_told(tmp_path):
    steps = []
    read_package(
        old_city.write(tmp_path / "city", organizations=2, services=2_500),
        progress=lambda file, rows: steps.append((file, rows)),
    )

    assert [rows for file, rows in steps if file == "services.csv"] == [1_000, 2_000]
