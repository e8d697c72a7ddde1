"""Harbor House takes women in who are looked for. Where it lies leaves by no answer and no match."""

import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from referral import tables
from referral.candidate import NEEDS
from referral.export import export_documents, export_tables
from referral.fields import Fault
from referral.match import match
from referral.reaching import ways_to
from referral.shortlist import candidate, shortlist
from referral.withheld import withheld
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_api import COLLECTIONS, client_of

AT = datetime(2026, 11, 25, 21, tzinfo=UTC)
STREET, LATITUDE, LONGITUDE = "14 Wren Close", -48.51234, -123.20987
TELLTALE = ("Wren", "48.512", "123.209", "3rd floor", "green door", "AN99", "500 555 0177", "Ann")


def the_house(**more):
    """A package with one shelter, and everything of its place that could give it away."""
    place = key("house")
    tables_of_it = {
        "organization": [organization()],
        "service": [service(description="A bed tonight")],
        "location": [
            {
                "id": place,
                "location_type": "physical",
                "organization_id": key("Harbor House"),
                "name": f"{STREET}, the house",
                "description": "the green door",
                "transportation": "bus to Wren Close",
                "latitude": LATITUDE,
                "longitude": LONGITUDE,
                "external_identifier": "48.512",
            }
        ],
        "service_at_location": [
            {
                "id": key("site"),
                "service_id": key("Night shelter"),
                "location_id": place,
                "description": "3rd floor",
            }
        ],
        "address": [
            {
                "id": key("address"),
                "location_id": place,
                "address_1": STREET,
                "city": "Ansel",
                "state_province": "Coast",
                "postal_code": "AN99 1",
                "country": "XA",
                "address_type": "physical",
            }
        ],
        "phone": [
            {"id": key("phone"), "location_id": place, "number": "+1 500 555 0177"},
            {"id": key("p2"), "service_at_location_id": key("site"), "number": "+1 500 555 0177"},
        ],
        "contact": [{"id": key("contact"), "location_id": place, "name": "Ann"}],
        "schedule": [
            {
                "id": key("schedule"),
                "service_at_location_id": key("site"),
                "opens_at": "19:00",
                "closes_at": "08:00",
                "description": "ring at the green door",
                "notes": "3rd floor",
            }
        ],
        "taxonomy_term": [
            {
                "id": key("term"),
                "code": "confidential-location",
                "name": "Confidential",
                "description": "Told to nobody",
            },
            {"id": key("shelter"), "code": "shelter", "name": "Shelter", "description": "A bed"},
        ],
        "attribute": [
            mark(place),
            {
                "id": key("need"),
                "link_id": key("Night shelter"),
                "taxonomy_term_id": key("shelter"),
                "link_entity": "service",
            },
        ],
    }
    return tables_of_it | more


def mark(link, **fields):
    return {
        "id": key("mark"),
        "link_id": link,
        "taxonomy_term_id": key("term"),
        "link_entity": "location",
        "value": "the green door",
    } | fields


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.exhaustive)], autouse=True)
def _singly(request, monkeypatch):
    """Look at each record by itself, too, in the long run; what is withheld is found alike for all of them."""
    monkeypatch.setattr(f"{__name__}.is_long", request.param)


is_long = False


def everything_told(directory, singly=False):
    """Return every byte that the API answers, and every match."""
    reader = client_of(directory)
    told = [reader.get("/directory/").text]
    for name in COLLECTIONS:
        for query in ("", "?full=true", "?format=ndjson&full_service=true"):
            told.append(reader.get(f"/directory/{name}{query}").text)
        if singly or is_long:
            ids = [json.loads(line)["id"] for line in told[-1].splitlines()]
            told += [reader.get(f"/directory/{name}/{each}").text for each in ids]
            told += [reader.get(f"/directory/{name}/{each}?full_service=true").text for each in ids]
    with directory.read() as connection:
        for need in sorted(NEEDS):
            services = shortlist(connection, need=need)
            told += [repr(services), repr(match(services, need=need, at=AT, where=(-48.5, -123.2)))]
    return told


def assert_nothing_is_told(directory, singly=False):
    for text in everything_told(directory, singly):
        for word in TELLTALE:
            assert word not in text


def test_nothing_of_the_house_is_told_but_that_it_is_confidential(directory, tmp_path):
    report = directory.load(write_package(tmp_path / "p", **the_house()))

    assert report.bad == []
    assert_nothing_is_told(directory, singly=True)
    full = client_of(directory).get(f"/directory/services/{key('Night shelter')}").get_json()
    [site] = full["service_at_locations"]
    assert set(site) == {"id", "location", "schedules"}
    assert site["schedules"][0] == {
        "id": key("schedule"),
        "opens_at": "19:00",
        "closes_at": "08:00",
    }
    assert site["location"]["id"] == key("house")
    assert [each["taxonomy_term"]["code"] for each in site["location"]["attributes"]] == [
        "confidential-location"
    ]


def test_without_the_mark_the_same_package_tells_it(directory, tmp_path):
    # So that the other tests search for what would be there.
    open_house = the_house()
    open_house["attribute"] = open_house["attribute"][1:]
    directory.load(write_package(tmp_path / "p", **open_house))

    told = "".join(everything_told(directory))
    assert all(word in told for word in TELLTALE)


@pytest.mark.parametrize("reached", ["site", "Night shelter", "Harbor House"])
def test_a_mark_on_what_leads_to_the_house_withholds_it(directory, tmp_path, reached):
    package = the_house()
    package["attribute"][0] = mark(key(reached), link_entity="anything")
    directory.load(write_package(tmp_path / "p", **package))

    assert_nothing_is_told(directory)


def test_a_mark_on_its_address_withholds_the_house(directory, tmp_path):
    package = the_house()
    package["attribute"][0] = mark(key("address"), link_entity="address")
    directory.load(write_package(tmp_path / "p", **package))

    assert_nothing_is_told(directory)


@pytest.mark.parametrize("term", [key("term"), ""])
def test_a_mark_on_a_phone_or_a_contact_withholds_that_one(directory, tmp_path, term):
    night = {"service_id": key("Night shelter")}
    package = the_house(
        location=[{"id": key("house"), "location_type": "virtual"}],
        address=[],
        schedule=[],
        phone=[
            {"id": key("phone"), "number": "+1 500 555 0177"} | night,
            {"id": key("of Ann"), "contact_id": key("contact"), "number": "+1 500 555 0178"}
            | night,
            {"id": key("nobody's"), "number": "+1 500 555 0179"},
        ],
        contact=[{"id": key("contact"), "name": "Ann"} | night],
    )
    del package["address"], package["schedule"]
    package["service_at_location"][0].pop("description")
    package["attribute"][0] = mark(key("phone"), taxonomy_term_id=term)
    package["attribute"] += [
        mark(key(each), id=key(f"mark of {each}"), taxonomy_term_id=term)
        for each in ("contact", "nobody's")
    ]
    directory.load(write_package(tmp_path / "p", **package))
    told = "".join(everything_told(directory))
    for way in (export_documents, export_tables):
        with directory.read() as connection:
            way(connection, tmp_path / way.__name__)
        told += "".join(path.read_text() for path in (tmp_path / way.__name__).iterdir())

    for secret in ("0177", "0178", "0179", "Ann"):
        assert secret not in told
    full = client_of(directory).get(f"/directory/services/{key('Night shelter')}").get_json()
    assert not {"phones", "contacts"} & full.keys()
    with directory.read() as connection:
        assert ways_to(connection, key("Night shelter")).telephones == ()


@pytest.mark.parametrize(
    "spelt", ["Confidential_Location", " confidential-location ", "CONFIDENTIAL-LOCATION"]
)
def test_the_mark_may_be_spelt_otherwise(directory, tmp_path, spelt):
    package = the_house()
    package["taxonomy_term"][0]["code"] = spelt
    directory.load(write_package(tmp_path / "p", **package))

    assert_nothing_is_told(directory)


@pytest.mark.parametrize("term", ["", "lost", "00000000-0000-4000-8000-000000000000"])
def test_a_mark_whose_term_cannot_be_read_withholds_too(directory, tmp_path, term):
    package = the_house()
    package["attribute"][0] = mark(key("house"), taxonomy_term_id=term)
    report = directory.load(write_package(tmp_path / "p", **package))

    assert [bad.field for bad in report.bad] == ["taxonomy_term_id"]
    assert_nothing_is_told(directory)


def test_an_unmarked_twin_at_the_same_point_or_street_is_withheld_too(directory, tmp_path):
    package = the_house()
    for name, point in (("twin", {"latitude": LATITUDE, "longitude": LONGITUDE}), ("other", {})):
        package["location"].append(
            {"id": key(name), "location_type": "physical", "name": name} | point
        )
        package["service_at_location"].append(
            {
                "id": key(f"{name}'s site"),
                "service_id": key("Night shelter"),
                "location_id": key(name),
            }
        )
    package["address"].append(
        package["address"][0]
        | {"id": key("a2"), "location_id": key("other"), "address_1": STREET.upper()}
    )
    directory.load(write_package(tmp_path / "p", **package))

    assert_nothing_is_told(directory)
    with directory.read() as connection:
        assert withheld(connection).location_ids == {key("house"), key("twin"), key("other")}


def test_a_text_elsewhere_that_repeats_the_address_is_taken_out_and_told(directory, tmp_path):
    package = the_house(
        service=[
            service(
                name="Night shelter",
                description="Come to 14,  WREN close, any time",
                eligibility_description="Map: -48.5123/-123.2098",
                url="https://map.example/?at=-48.5123,-123.2099",
            )
        ],
        organization=[organization(description="We are at 14 Wren Close")],
    )
    report = directory.load(write_package(tmp_path / "p", **package))

    assert {(bad.file, bad.field, bad.fault) for bad in report.bad} == {
        ("organizations.csv", "description", Fault.REPEATS_ADDRESS),
        ("services.csv", "description", Fault.REPEATS_ADDRESS),
        ("services.csv", "eligibility_description", Fault.REPEATS_ADDRESS),
        ("services.csv", "url", Fault.REPEATS_ADDRESS),
    }
    assert "Wren" not in str(report)
    assert_nothing_is_told(directory)
    assert client_of(directory).get("/directory/services?search=wren").get_json()["empty"]


def test_a_text_that_came_before_the_mark_is_not_told_either(directory, tmp_path):
    # The house is marked only after its neighbours were kept.
    package = the_house(
        organization=[
            organization(
                description="We are at 14 Wren Close", website="https://x.example/14-Wren-Close"
            )
        ]
    )
    marks = package.pop("attribute")
    directory.load(write_package(tmp_path / "p", **package))
    directory.load(write_package(tmp_path / "q", attribute=marks))

    assert_nothing_is_told(directory)
    told = client_of(directory).get(f"/directory/organizations/{key('Harbor House')}").get_json()
    assert told["description"] == "…"
    assert "website" not in told
    # Nor is it found by a word of what is not told, or by its house number.
    reader = client_of(directory)
    for search in ("wren", "WRE", "14 wren close", "14", "14 Wren Close help"):
        for name in COLLECTIONS:
            assert reader.get(f"/directory/{name}", query_string={"search": search}).json["empty"]


def test_an_organization_that_is_named_after_its_house_is_not_found_by_that(directory, tmp_path):
    package = the_house(organization=[organization(name="Harbor House")])
    marks = package.pop("attribute")
    package["organization"][0]["name"] = "The 14 Wren Close Trust"
    directory.load(write_package(tmp_path / "p", **package))
    reader = client_of(directory)
    assert not reader.get("/directory/services?search=wren").json["empty"]

    directory.load(write_package(tmp_path / "q", attribute=marks))

    assert reader.get("/directory/services?search=wren").json["empty"]
    assert reader.get("/directory/services?search=night").json["size"] == 1


def test_what_a_client_keeps_does_not_depend_on_where_the_house_lies(directory, tmp_path):
    directory.load(write_package(tmp_path / "p", **the_house()))
    reader = client_of(directory)
    paths = (f"locations/{key('house')}", "locations?full=true", f"services/{key('Night shelter')}")
    before = [reader.get(f"/directory/{path}") for path in paths]

    moved = the_house()
    moved["location"][0] |= {"latitude": 1.25, "name": "Elsewhere"}
    moved["address"][0] |= {"address_1": "9 Other Street"}
    directory.load(write_package(tmp_path / "q", **moved))

    after = [reader.get(f"/directory/{path}") for path in paths]
    assert [each.headers["ETag"] for each in after] == [each.headers["ETag"] for each in before]


def test_what_changed_at_the_house_is_not_told(directory, tmp_path):
    package = write_package(tmp_path / "p", **the_house())
    head = (
        "id,resource_id,resource_type,last_action_date,last_action_type,field_name,"
        "previous_value,replacement_value,updated_by\n"
    )
    (package / "metadata.csv").write_text(
        head
        + f"{key('m')},{key('house')},location,2026-11-25,update,latitude,1,{LATITUDE},Ann\n"
        + f"{key('n')},{key('address')},address,2026-11-25,update,address_1,x,{STREET},Ann\n"
        + f"{key('o')},{key('schedule')},schedule,2026-11-25,update,notes,3rd floor,,Ann\n"
        + f"{key('r')},{key('site')},service_at_location,2026-11-25,update,description,3rd floor,,Ann\n"
    )
    (package / "datapackage.json").unlink()
    directory.load(package)

    assert_nothing_is_told(directory)
    for way in (export_documents, export_tables):
        with directory.read() as connection:
            way(connection, tmp_path / way.__name__)
        told = "".join(path.read_text() for path in (tmp_path / way.__name__).iterdir())
        assert [word for word in TELLTALE if word in told] == []


def test_the_house_is_not_found_by_postcode_or_distance(directory, tmp_path):
    directory.load(write_package(tmp_path / "p", **the_house()))
    reader = client_of(directory)

    for query in ("postcode=AN99 1", "postcode=an991&proximity=90000"):
        for name in ("service_at_locations", "services", "locations"):
            assert reader.get(f"/directory/{name}?{query}").get_json()["empty"]
    assert reader.get("/directory/locations").get_json()["contents"] == [
        {"id": key("house"), "location_type": "physical"}
    ]


def test_matching_knows_the_house_by_its_cell(directory, tmp_path):
    directory.load(write_package(tmp_path / "p", **the_house()))

    with directory.read() as connection:
        found = candidate(connection, key("Night shelter"))
        secret = withheld(connection)

    [place] = found.places
    assert found.withheld
    assert place.withheld
    assert (place.point.latitude, place.point.longitude) == (-48.55, -123.25)
    assert "Wren" not in repr(secret)


def test_no_withheld_place_of_the_fictional_city_is_told(ansel):
    told = everything_told(ansel)
    with ansel.read() as connection:
        ids = withheld(connection).location_ids
        lines = connection.scalars(
            select(tables.address.c.address_1).where(tables.address.c.location_id.in_(ids))
        ).all()
        places = connection.execute(
            select(tables.location).where(tables.location.c.id.in_(ids))
        ).all()

    assert len(ids) >= 10
    assert {"Harbor House, Brackwater"} <= {place.name for place in places}
    points = "|".join(
        rf'latitude"?[:=] ?{re.escape(str(each.latitude))}, "?longitude"?[:=] ?{re.escape(str(each.longitude))}\b'
        for each in places
    )
    secret = re.compile(f"{'|'.join(map(re.escape, lines))}|{points}")
    assert secret.search(f'"latitude": {places[0].latitude}, "longitude": {places[0].longitude}')
    for text in told:
        assert not secret.search(text)
