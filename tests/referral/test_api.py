"""Anyone may read the directory over HTTP, as HSDS 3.1 has it."""

import json
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from referral.api import directory as blueprint
from tests.referral.packages import key, organization, service, write_package

COLLECTIONS = (
    "services",
    "organizations",
    "locations",
    "service_at_locations",
    "taxonomies",
    "taxonomy_terms",
)
NOBODY = "00000000-0000-4000-8000-000000000000"


def client_of(directory, door=None):
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    app.extensions["directory"] = directory
    if door:
        app.extensions["directory_door"] = door
    return app.test_client()


@pytest.fixture
def reader(ansel):
    return client_of(ansel)


def page(reader, path, **query):
    answer = reader.get(f"/directory/{path}", query_string=query)
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    return answer.get_json()


def contents(reader, path, **query):
    return page(reader, path, **query)["contents"]


def test_the_front_page_says_what_this_is(reader):
    said = page(reader, "")

    assert said["version"] == "3.1"
    described = reader.get(said["openapi_url"]).get_json()
    assert {"/", "/services", "/services/{id}"} <= set(described["paths"])
    assert described["servers"] == [{"url": "http://localhost/directory"}]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_page_together_is_everything_once(reader, name):
    whole = page(reader, name, per_page=100)
    seen, number = [], 1
    while not (one := page(reader, name, per_page=7, page=number))["empty"]:
        assert one["size"] == len(one["contents"])
        assert one["first_page"] == (number == 1)
        assert one["last_page"] == (number == one["total_pages"])
        seen += [each["id"] for each in one["contents"]]
        number += 1

    assert len(seen) == len(set(seen)) == whole["total_items"]
    assert seen[:100] == [each["id"] for each in whole["contents"]]


def test_a_page_past_the_end_is_empty(reader):
    past = page(reader, "services", page=900)

    assert (past["empty"], past["contents"], past["last_page"]) == (True, [], True)
    assert past["total_items"] >= 120


def test_a_brief_service_names_its_organization_and_nests_nothing_else(reader):
    for each in contents(reader, "services"):
        assert each["organization"]["name"]
        assert not any(isinstance(value, list) for value in each.values())


def test_a_service_carries_everything_that_belongs_to_it(reader):
    [found] = contents(reader, "services", search="Family rooms")
    full = page(reader, f"services/{found['id']}")

    assert full["organization"]["name"] == "Bayt al-Amal"
    assert {each["code"] for each in full["languages"]} == {"ar", "en", "ti", "am"}
    assert full["schedules"][0]["opens_at"] == "07:00-08:00"
    assert full["capacities"][0]["unit"]["name"] == "room"
    assert full["cost_options"][0]["amount"] == 0
    codes = {each["taxonomy_term"]["code"] for each in full["attributes"]}
    assert {"shelter", "for-women", "takes-children"} <= codes
    assert full["attributes"][0]["taxonomy_term"]["taxonomy_detail"]["name"]
    assert "service_id" not in full["schedules"][0]


def test_an_organization_lists_its_services_and_in_full_if_asked(reader):
    [found] = contents(reader, "organizations", search="Harbor House")
    full = page(reader, f"organizations/{found['id']}")
    fuller = page(reader, f"organizations/{found['id']}", full_service="true")

    assert {each["name"] for each in full["services"]} == {
        "Night shelter for women",
        "Refuge rooms",
        "Advocates beside you",
    }
    assert "schedules" not in full["services"][0]
    assert fuller["services"][0]["schedules"]
    assert full["programs"][0]["name"] == "Safe Harbor"


def test_full_lists_carry_what_single_records_carry(reader):
    for name in ("services", "organizations", "locations", "service_at_locations"):
        [one] = contents(reader, name, full="true", per_page=1)
        assert one == page(reader, f"{name}/{one['id']}")


def test_a_minimal_list_is_ids_and_changes_in_one_page(reader):
    said = page(reader, "services", minimal="true")

    assert said["total_pages"] == 1
    assert all(set(each) == {"id", "last_modified"} for each in said["contents"])


def test_ndjson_is_everything_a_record_a_line(reader):
    answer = reader.get("/directory/services?format=ndjson&full=true")

    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.content_type.startswith("application/x-ndjson")
    assert len(lines) == page(reader, "services")["total_items"]
    assert any("attributes" in each for each in lines)


def test_a_slow_reader_of_ndjson_keeps_no_connection_from_others(ansel):
    reading = []

    class Watched:
        @contextmanager
        def read(self):
            reading.append(True)
            with ansel.read() as connection:
                yield connection
            reading.pop()

    answer = client_of(Watched()).get("/directory/services?format=ndjson", buffered=False)
    assert next(answer.response)
    assert reading == []
    answer.close()


def test_search_finds_words_of_the_service_and_of_who_gives_it(reader):
    assert (
        contents(reader, "services", search="harbor NIGHT")[0]["name"] == "Night shelter for women"
    )
    assert contents(reader, "services", search="harbor dental") == []
    assert contents(reader, "services", search="100%") == []


@pytest.mark.parametrize("term", ["taxonomy_term_id", "taxonomy_term"])
def test_a_taxonomy_term_may_be_asked_for_by_id_or_code(reader, term):
    [shelter] = [
        t for t in contents(reader, "taxonomy_terms", per_page=100) if t["code"] == "shelter"
    ]

    by_id = page(reader, "services", **{term: shelter["id"].upper()})
    by_code = page(reader, "services", **{term: "Shelter"})

    assert by_id == by_code
    assert 0 < by_id["total_items"] < page(reader, "services")["total_items"]
    assert page(reader, "services", **{term: NOBODY})["empty"]


def test_organizations_and_sites_are_found_by_the_terms_of_their_services(reader):
    assert [
        each["name"] for each in contents(reader, "organizations", taxonomy_term_id="sign-language")
    ] == ["Hands and Signs"]
    [site] = contents(reader, "service_at_locations", taxonomy_term_id="sign-language")
    assert site["service"]["organization"]["name"] == "Hands and Signs"


def test_parameters_all_hold_together(reader):
    [harbor] = contents(reader, "organizations", search="Harbor House")

    theirs = contents(reader, "services", organization_id=harbor["id"].upper())
    assert {each["organization"]["id"] for each in theirs} == {harbor["id"]}
    shelters = contents(reader, "services", organization_id=harbor["id"], taxonomy_term_id="refuge")
    assert [each["name"] for each in shelters] == ["Refuge rooms"]
    assert (
        contents(reader, "service_at_locations", organization_id=harbor["id"], search="counsel")
        == []
    )


def test_taxonomies_classify(reader):
    [needs] = contents(reader, "taxonomies", search="first")

    terms = contents(reader, "taxonomy_terms", taxonomy_id=needs["id"], top_only="true")
    assert len(terms) == 12
    assert all("parent_id" not in each for each in terms)
    [legal] = [each for each in terms if each["code"] == "legal"]
    assert len(contents(reader, "taxonomy_terms", parent_id=legal["id"])) == 3
    assert page(reader, f"taxonomy_terms/{legal['id']}")["taxonomy_detail"]["id"] == needs["id"]
    by_taxonomy = page(reader, "services", taxonomy_id=needs["id"])
    assert by_taxonomy["total_items"] == page(reader, "services")["total_items"]


def test_changes_since_an_instant(directory, tmp_path):
    rows = [
        service("Old", last_modified="2026-11-01T08:00:00Z"),
        service("New", last_modified="2026-11-24T23:30:00Z"),
        service("Unknown"),
    ]
    directory.load(write_package(tmp_path / "p", organization=[organization()], service=rows))
    reader = client_of(directory)

    for since, found in (
        ("2026-11-02", ["New"]),
        ("2026-11-25T00:30:00+01:00", ["New"]),
        ("2026-11-25T00:31:00 01:00", []),
        ("2026-11-01T08:00:00", ["New", "Old"]),
    ):
        names = [each["name"] for each in contents(reader, "services", modified_after=since)]
        assert sorted(names) == found


def test_places_are_found_by_postcode_and_distance(reader):
    whole = contents(reader, "service_at_locations", full="true", per_page=100)
    with_address = next(each for each in whole if each["location"].get("addresses"))
    code = with_address["location"]["addresses"][0]["postal_code"]

    inside = {
        each["id"] for each in contents(reader, "service_at_locations", postcode=code.lower())
    }
    around = page(reader, "service_at_locations", postcode=code, proximity="3000")["total_items"]

    assert with_address["id"] in inside
    assert len(inside) <= around < page(reader, "service_at_locations")["total_items"]
    for name in ("service_at_locations", "services", "locations"):
        assert page(reader, name, postcode="00000", proximity="10")["empty"]
        assert not page(reader, name, postcode=code)["empty"]
        assert page(reader, name, proximity="10") == page(reader, name)
    service_ids = {each["id"] for each in contents(reader, "services", postcode=code, per_page=100)}
    assert with_address["service"]["id"] in service_ids


def test_locations_are_found_by_word_and_organization(reader):
    [harbor] = contents(reader, "organizations", search="Harbor House")
    [found, *_] = contents(reader, "locations", search="chaplaincy station")

    assert "Chaplaincy" in found["name"]
    whole = page(reader, f"locations/{found['id']}")
    assert whole["addresses"][0]["city"]
    theirs = page(reader, "locations", organization_id=harbor["id"])
    assert 0 < theirs["total_items"] < page(reader, "locations")["total_items"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "x"),
        ("page", "9" * 30),
        ("page", "٣"),
        ("per_page", "0"),
        ("per_page", "101"),
        ("full", "perhaps"),
        ("minimal", "2"),
        ("modified_after", "yesterday"),
        ("modified_after", "0001-01-01T00:00:00+14:00"),
        ("format", "xml"),
        ("search", "a b c d e f g h i"),
        ("search", "x" * 201),
        ("search", "a\x00b"),
        ("proximity", "near"),
        ("proximity", "-1"),
        ("proximity", "1e9"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named_and_never_repeated(reader, name, value):
    answer = reader.get("/directory/service_at_locations", query_string={name: value})

    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["parameter"] == name
    assert set(answer.get_json()) == {"type", "title", "status", "detail", "parameter"}
    assert len(value) < 3 or value not in answer.get_json()["detail"]


def test_parameters_that_hsds_does_not_know_are_passed_over(reader):
    whole = page(reader, "services")
    assert page(reader, "services", colour=["blue", "red"], page="", full="") == whole


def test_a_parameter_that_is_there_twice_is_refused(reader):
    one = page(reader, "services", per_page=1)["contents"][0]["id"]
    twice = (
        reader.get("/directory/services?page=1&page=2"),
        reader.post("/directory/services", data={"search": ["a", "b"]}),
        reader.get(f"/directory/organizations/{one}?full_service=&full_service=true"),
    )
    assert [answer.status_code for answer in twice] == [400, 400, 400]
    assert [a.get_json()["parameter"] for a in twice] == ["page", "search", "full_service"]


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("record_id", [NOBODY, "not-a-uuid", "%00", "é"])
def test_a_record_that_is_not_there_is_a_problem(reader, name, record_id):
    answer = reader.get(f"/directory/{name}/{record_id}")

    assert answer.status_code == 404
    assert answer.get_json()["title"] == "Not Found"


def test_a_query_may_be_posted_so_that_it_stands_in_no_address(reader):
    answer = reader.post("/directory/services", data={"search": "harbor night"})

    assert answer.get_json() == page(reader, "services", search="harbor night")
    for method in ("PUT", "QUERY"):
        refused = reader.open("/directory/services", method=method)
        assert (refused.status_code, "GET" in refused.headers["Allow"]) == (405, True)


def test_pages_of_other_origins_may_read(reader):
    answer = reader.get("/directory/")

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


def test_nothing_is_empty_or_null_in_any_answer(reader):
    for name in COLLECTIONS:
        for each in contents(reader, name, full="true", per_page=100):
            assert list(_holes(each)) == []


def _holes(value, path=""):
    if value in (None, "", []):
        yield path
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, each in items:
        yield from _holes(each, f"{path}/{name}")


def test_more_records_take_no_more_queries(reader, ansel):
    counted = []

    def count(*_):
        counted.append(1)

    event.listen(ansel.engine, "before_cursor_execute", count)
    numbers = []
    for size in (5, 100):
        counted.clear()
        page(reader, "services", full="true", per_page=size)
        numbers.append(len(counted))
    event.remove(ansel.engine, "before_cursor_execute", count)

    assert numbers[1] < 2 * numbers[0]


def test_a_record_of_metadata_belongs_to_what_it_changed(directory, tmp_path):
    package = write_package(tmp_path / "p", organization=[organization()], service=[service()])
    (package / "metadata.csv").write_text(
        "id,resource_id,resource_type,last_action_date,last_action_type,field_name,"
        "previous_value,replacement_value,updated_by\n"
        f"{key('m')},{key('Night shelter')},service,2026-11-25,update,name,,Night shelter,Keeper\n"
    )
    (package / "datapackage.json").unlink()
    directory.load(package)

    full = page(client_of(directory), f"services/{key('Night shelter')}")
    assert full["metadata"] == [
        {
            "id": key("m"),
            "last_action_date": "2026-11-25",
            "last_action_type": "update",
            "field_name": "name",
            "previous_value": "",
            "replacement_value": "Night shelter",
            "updated_by": "Keeper",
        }
    ]
