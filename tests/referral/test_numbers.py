"""Who may be called by the person themselves: public, with a number, open now first, and nobody who must stay unknown."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from referral.candidate import Person
from referral.listing import services
from referral.numbers import MOST, area_in, numbers
from referral.shortlist import candidate
from tests.referral.packages import key, organization, service, write_package

NIGHT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday."""


def term(code):
    return {"id": key(code), "code": code, "name": code, "description": code}


def linked(code, name):
    return {
        "id": key(f"{name} {code}"),
        "link_id": key(name),
        "taxonomy_term_id": key(code),
        "link_entity": "service",
    }


def called(number, name="", **fields):
    owner = {"service_id": key(name)} if name else {}
    return {"id": key(f"{number} {name} {fields}"), "number": number, **owner, **fields}


def opens(name, first, last, **fields):
    return {
        "id": key(f"hours of {name} {first}"),
        "service_id": key(name),
        "freq": "WEEKLY",
        "opens_at": first,
        "closes_at": last,
        **fields,
    }


@pytest.fixture
def kept(directory, tmp_path):
    """Keep services, by name and need, each of an organization of its own, and return what finds their numbers."""

    def keep(services, marks=(), **tables):
        names = list(services)
        codes = {*services.values(), *(code for code, _ in marks)}
        package = {
            "organization": [organization(f"{name} House") for name in names],
            "service": [service(name, organization_id=key(f"{name} House")) for name in names],
            "taxonomy_term": [term(code) for code in sorted(codes)],
            "attribute": [
                linked(code, name) for code, name in ((c, n) for n, c in services.items())
            ]
            + [linked(code, name) for code, name in marks],
        }
        report = directory.load(write_package(tmp_path / "p", **(package | tables)))
        assert report.bad == []

        def find(*needs, at=NIGHT, **more):
            with directory.read() as connection:
                its = [(need,) for need in needs or ("shelter",)]
                return numbers(connection, needs=its, at=at, **more)

        return find

    return keep


def names(found):
    return [one.name for one in found]


def test_who_is_open_now_comes_first_and_who_has_no_number_not_at_all(kept):
    find = kept(
        dict.fromkeys(("Day", "Night", "Quiet", "Any"), "shelter"),
        phone=[called("+1 500 555 0101", "Day"), called("+1 (500) 555-0102", "Night", extension=7),
               called("+1 500 555 0103", "Any"), called("+1 500 555 0104", "Quiet", type="fax")],
        schedule=[opens("Day", "09:00", "17:00"), opens("Night", "20:00", "06:00")],
    )  # fmt: skip
    night, day, unknown = find()
    assert (night.name, night.organization) == ("Night", "Night House")
    assert night.number == "+1-500-555-0102 x7"
    assert (night.hours.begins.hour, night.hours.ends.hour, night.hours.is_today) == (20, 6, True)
    assert (day.name, day.hours.begins.day, day.hours.is_today) == ("Day", 2, True)
    assert (unknown.name, unknown.hours) == ("Any", None)


def test_what_opens_another_day_says_so_and_what_never_closes_too(kept):
    find = kept(
        dict.fromkeys(("Week", "Always"), "shelter"),
        phone=[called("112", "Always"), called("+1 500 555 0102", "Week")],
        schedule=[opens("Week", "09:00", "17:00", byday="TH"), opens("Always", "00:00", "00:00")],
    )
    always, week = find()
    assert always.number == "112"
    assert always.hours.always
    assert (week.hours.is_today, week.hours.begins.weekday()) == (False, 3)


def test_never_a_confidential_service_nor_a_number_of_a_confidential_place(kept):
    sites = [
        {"id": key(f"at {name}"), "service_id": key(name), "location_id": key(f"house {name}")}
        for name in ("Hidden", "Open")
    ]
    find = kept(
        dict.fromkeys(("Hidden", "Open", "Shared"), "shelter"),
        marks=[("confidential-location", "Hidden")],
        location=[{"id": key(f"house {name}"), "location_type": "physical"} for name in ("Hidden", "Open")],
        service_at_location=sites,
        phone=[called("+1 500 555 0101", "Hidden"), called("+1 500 555 0102", "Open"),
               called("+1 500 555 0109", location_id=key("house Hidden")),
               called("+1-500-555-0109", "Shared")],
    )  # fmt: skip
    assert names(find()) == ["Open"]


def test_never_what_the_person_excluded_nor_what_lies_where_they_must_not_be_known(kept):
    its = {"location_type": "physical"}
    find = kept(
        dict.fromkeys(("Out", "Here", "There", "Somewhere"), "shelter"),
        location=[{"id": key(f"house {name}"), **its} for name in ("Here", "There")],
        service_at_location=[
            {"id": key(f"at {name}"), "service_id": key(name), "location_id": key(f"house {name}")}
            for name in ("Here", "There")
        ],
        address=[
            {"id": key(f"address {name}"), "location_id": key(f"house {name}"), "address_1": f"{name} Road",
             "city": "Ansel", "state_province": "AN", "postal_code": "1", "country": country,
             "address_type": "physical"}
            for name, country in (("Here", "GB"), ("There", "IT"))
        ],
        phone=[called(f"+1 500 555 010{n}", name) for n, name in enumerate(("Out", "Here", "There", "Somewhere"))],
    )  # fmt: skip
    assert len(find()) == MOST
    without = find(excluded=[key("Out House")])
    assert sorted(names(without)) == ["Here", "Somewhere", "There"]
    assert names(find(excluded_countries=["IT"])) == ["Here"]


def test_a_hidden_number_stays_hidden_under_any_name_and_however_it_is_written(kept, directory):
    find = kept(
        dict.fromkeys(("Marked", "Child", "Twin", "Twice", "Open"), "shelter"),
        marks=[("confidential-location", "Marked")],
        organization=[organization(f"{name} House") for name in ("Marked", "Twin", "Twice", "Open")]
        + [organization("Child House", parent_organization_id=key("Twin House"))],
        contact=[{"id": key("Ann"), "organization_id": key("Marked House"), "name": "Ann"}],
        phone=[called("+44 20 7946 0170", "Marked"), called("+44 20 7946 0171", contact_id=key("Ann")),
               called("020 7946 0172", "Child"), called("+44 (0)20 7946-0172", "Twin"),
               called("020 7946 0171", "Twice"), called("112", "Open"),
               called("112", contact_id=key("Ann"))],
        attribute=[linked("shelter", name) for name in ("Marked", "Child", "Twin", "Twice", "Open")]
        + [linked("confidential-location", "Marked"),
           {**linked("confidential-location", "Ann"), "link_entity": "contact"}],
    )  # fmt: skip
    # A service that is marked is never told, although nobody says where it lies.
    with directory.read() as connection:
        assert candidate(connection, key("Marked")).withheld
        assert [each.name for each in services(connection) if each.is_secret] == ["Marked"]
    first, second = sorted(names(find()))
    assert (first, second) in (("Child", "Open"), ("Open", "Twin"))
    assert names(find(excluded=[key("Child House")])) == ["Open"]
    assert names(find(excluded=[key("Twin House")])) == ["Open"]


def test_of_several_needs_each_is_met_before_one_is_met_twice(kept):
    find = kept(
        {"Bed": "shelter", "Bunk": "shelter", "Law": "legal", "Soup": "food"},
        phone=[called(f"+1 500 555 010{n}", name) for n, name in enumerate(("Bed", "Bunk", "Law", "Soup"))],
    )  # fmt: skip
    assert sorted(names(find("shelter", "legal", "food"))) in (
        ["Bed", "Law", "Soup"],
        ["Bunk", "Law", "Soup"],
    )
    assert len(find("shelter", "legal")) == 3


def test_a_place_counts_where_an_area_has_its_name(kept, directory):
    find = kept(
        dict.fromkeys(("Hill", "Vale", "Land"), "shelter"),
        service_area=[{"id": key(f"area {name}"), "service_id": key(name), "name": area}
                      for name, area in (("Hill", "Hill Town"), ("Vale", "São Vale"))],
        phone=[called(f"+1 500 555 010{n}", name) for n, name in enumerate(("Hill", "Vale", "Land"))],
    )  # fmt: skip
    with directory.read() as connection:
        found = [area_in(connection, said) for said in ("in HILL TOWN, by the river", "sao vale", "hilltown", "")]  # fmt: skip
    assert [area and area.name for area in found] == ["Hill Town", "São Vale", None, None]
    assert find(where="near hill town")[0].name == "Hill"
    # Where it is nobody knows, so who serves everybody comes first.
    assert find(where="the big house")[0].name == "Land"


def test_who_speaks_their_language_comes_before_who_may_not(kept):
    find = kept(
        dict.fromkeys(("Aa", "Zz"), "shelter"),
        language=[{"id": key("l1"), "service_id": key("Zz"), "code": "es", "name": "Spanish"},
                  {"id": key("l2"), "service_id": key("Aa"), "code": "en", "name": "English"}],
        phone=[called("+1 500 555 0101", "Aa"), called("+1 500 555 0102", "Zz")],
    )  # fmt: skip
    assert names(find(languages=["es"])) == ["Zz", "Aa"]
    assert names(find(languages=["en"])) == ["Aa", "Zz"]


def says_free(name, available, hours):
    said = (NIGHT - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
    return {"id": key(f"room of {name}"), "service_id": key(name), "unit_id": key("bed"), "available": available, "updated": said}  # fmt: skip


def test_nobody_is_sent_at_night_where_they_would_most_likely_hear_a_no(kept):
    names_ = ("Room", "Full", "Long", "Papers", "Dear", "Men", "Women", "Old", "Crew")
    find = kept(
        dict.fromkeys(names_, "shelter"),
        marks=[("for-men", "Men"), ("for-women", "Women"), ("no-documents", "Dear")],
        unit=[{"id": key("bed"), "name": "bed"}],
        service_capacity=[says_free("Room", "1", 2), says_free("Full", "0", 20), says_free("Long", "0", 30)],
        required_document=[{"id": key("letter"), "service_id": key("Papers"), "document": "Letter of any service"}],
        cost_option=[{"id": key(f"cost of {name}"), "service_id": key(name), "amount": amount, "currency": "EUR"}
                     for name, amount in (("Dear", "12"), ("Room", "0"))],
        service=[service(name, organization_id=key(f"{name} House"), **({"minimum_age": "60"} if name == "Old" else {}),
                         **({"eligibility_description": "Crews"} if name == "Crew" else {})) for name in names_],
        phone=[called(f"+1 500 555 01{n:02}", name) for n, name in enumerate(names_)],
    )  # fmt: skip
    *first, last = names(find())
    assert (sorted(first), last in ("Crew", "Women")) == (["Long", "Room"], True)
    without = [key(f"{name} House") for name in ("Room", "Long")]
    assert sorted(names(find(excluded=without))) == ["Crew", "Dear", "Women"]
    assert "Men" in names(find(for_whom=Person(gender="man"), excluded=without))


def test_nobody_is_sent_farther_than_they_can_go(kept):
    outline = {
        "type": "Polygon",
        "coordinates": [[[-123.2, -48.5], [-123.1, -48.5], [-123.1, -48.4], [-123.2, -48.5]]],
    }
    its = {"name": "Hill Town", "extent_type": "geojson", "extent": json.dumps(outline)}
    find = kept(
        dict.fromkeys(("Near", "Far", "Line"), "shelter"),
        service_area=[its | {"id": key("area"), "service_id": key("Near")}],
        location=[{"id": key("near"), "location_type": "physical", "latitude": "-48.9", "longitude": "-123.2"},
                  {"id": key("far"), "location_type": "physical", "latitude": "-49.4", "longitude": "-123.2"},
                  {"id": key("line"), "location_type": "virtual"}],
        service_at_location=[{"id": key(f"at {name}"), "service_id": key(name), "location_id": key(name.lower())}
                             for name in ("Near", "Far", "Line")],
        phone=[called(f"+1 500 555 010{n}", name) for n, name in enumerate(("Near", "Far", "Line"))],
    )  # fmt: skip
    assert sorted(names(find(where="Hill Town"))) == ["Line", "Near"]
    assert len(find(where="the big house")) == 3
