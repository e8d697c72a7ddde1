"""A city of thousands sends an old package that was spoilt in every way: each fault is named, all else is kept."""

from referral import tables
from tests.referral import hard_city
from tests.referral.test_api import client_of
from tests.referral.test_load import kept_in, told


def test_every_fault_of_a_spoilt_city_is_named_and_everything_sound_is_kept(directory, tmp_path):
    city = hard_city.write(tmp_path / "city.zip")

    report = directory.load(tmp_path / "city.zip")

    found = told(report)
    assert len(found) == len(set(found))
    assert set(found) - city.faults == set()
    assert city.faults - set(found) == set()
    kept = {name: one.added for name, one in report.kept.items() if one.added}
    assert kept == city.sound
    assert hard_city.TOLD_TO_NOBODY not in str(report)

    # Letters, lines and words are as they were meant.
    organizations = {row["name"] for row in kept_in(directory, tables.organization).values()}
    assert {"Café 50", "Org 1"} <= organizations
    described = {row["description"] for row in kept_in(directory, tables.organization).values()}
    assert described == {"Helps", "Soup\nBread", "…"}
    services = {row["name"]: row for row in kept_in(directory, tables.service).values()}
    assert services["Service 10"]["description"] == 'Soup, "hot",\nand bread'
    assert services["Service 1"]["eligibility_description"] == "adults"
    assert "Plaça 7" in {row["name"] for row in kept_in(directory, tables.location).values()}
    streets = {row["address_1"] for row in kept_in(directory, tables.address).values()}
    assert {'400 Old" Street"', "402 Main Street"} & streets == {'400 Old" Street"'}
    hours = kept_in(directory, tables.schedule).values()
    assert {(row["byday"], row["opens_at"]) for row in hours} == {
        ("MO", "09:00"),
        ("TU", "09:00"),
        ("WE", "09:00"),
        ("SU", "09:00"),
    }

    # A term that was lost hides no place: in an old package it could not be the one that does.
    reader = client_of(directory)
    told_of = reader.get("/directory/locations?per_page=100").get_json()["contents"]
    assert all("name" in each for each in told_of)

    # The same again changes nothing.
    again = directory.load(tmp_path / "city.zip")
    assert {(one.added, one.changed, one.removed) for one in again.kept.values()} == {(0, 0, 0)}
    assert told(again) == found
