"""What HSDS says of a service, and what its terms say, becomes what matching compares."""

import tomllib
from datetime import UTC, date, datetime

import pytest

from referral.answering import OPEN_ELIGIBILITY
from referral.candidate import ANY_LANGUAGE, NEEDS, Area, Capacity, Cost
from referral.capacity import say_free
from referral.geography import Point
from referral.shortlist import area_named, area_names, candidate, shortlist
from tests.referral.packages import key, organization, service, write_package

SHELTER = key("Night shelter")


@pytest.fixture
def listed(directory, tmp_path):
    """Keep one shelter with the given facts, and return it as matching sees it."""

    def keep(*marks, fields=None, terms=(), **tables):
        codes = {code for code, *_ in marks} | {"shelter"}
        package = {
            "organization": [organization()],
            "service": [service(**(fields or {}))],
            "taxonomy_term": [term(code) for code in sorted(codes)] + list(terms),
            "attribute": [attribute(*mark) for mark in (("shelter",), *marks)],
        }
        report = directory.load(write_package(tmp_path / "p", **(package | tables)))
        assert report.bad == []
        with directory.read() as connection:
            return candidate(connection, SHELTER)

    return keep


def term(code, **fields):
    return {"id": key(code), "code": code, "name": code, "description": code} | fields


def attribute(code, value="", link=SHELTER):
    return {
        "id": key(f"{link} {code}"),
        "link_id": link,
        "taxonomy_term_id": key(code),
        "link_entity": "service",
        "value": value,
    }


def of_shelter(called, /, **fields):
    return {"id": key(called), "service_id": SHELTER} | fields


def test_a_bare_service_states_nothing_and_nothing_is_guessed(listed):
    found = listed()

    assert (found.name, found.organization) == ("Night shelter", "Harbor House")
    assert found.needs == {"shelter"}
    assert (found.takes_children, found.fetches, found.step_free, found.answers_in) == (None,) * 4
    assert not found.asks_no_documents
    assert found.languages == found.interpreted == found.by_telephone == frozenset()
    assert found.schedules == found.places == found.areas == found.capacities == found.costs == ()


def test_terms_say_what_hsds_has_no_field_for(listed):
    found = listed(
        ("for-women",),
        ("takes-children",),
        ("interpreter", "ti, am"),
        ("interpreter-by-telephone",),
        ("can-fetch",),
        ("step-free", "No"),
        ("no-documents",),
        ("answers-within", " 12 "),
    )

    assert found.serves == {"woman"}
    assert found.takes_children is True
    assert found.interpreted == {"ti", "am"}
    assert found.by_telephone == {ANY_LANGUAGE}
    assert (found.fetches, found.step_free) == (True, False)
    assert found.asks_no_documents
    assert found.answers_in == 12


def test_children_may_be_refused_and_minutes_may_be_nonsense(listed):
    found = listed(("no-children",), ("for-men",), ("for-women",), ("answers-within", "soon"))

    assert found.takes_children is False
    assert found.serves == {"man", "woman"}
    assert found.answers_in is None


def test_an_interpreter_promised_in_words_only_must_be_asked_for(listed):
    assert listed(fields={"interpretation_services": "Ask us"}).by_telephone == {ANY_LANGUAGE}


def test_a_faith_and_a_zone_are_terms_too(listed):
    hours = of_shelter("h", opens_at="09:00", closes_at="17:00", timezone="-8")

    found = listed(("faith-neutral",), ("time-zone", "Europe/Vienna"), schedule=[hours])

    assert found.faith_based is False
    assert [str(each.zone) for each in found.schedules] == ["Europe/Vienna"]


def test_a_zone_of_no_such_name_leaves_the_hours_as_they_are(listed):
    hours = of_shelter("h", opens_at="09:00", closes_at="17:00")

    found = listed(("faith-based",), ("time-zone", "Nowhere/At all"), schedule=[hours])

    assert found.faith_based is True
    assert [each.zone for each in found.schedules] == [None]


@pytest.mark.parametrize(
    ("words", "step_free"),
    [("Step-free entrance and toilet", True), ("Wheelchair accessible: no", None), ("", None)],
)
def test_the_usual_words_for_step_free_are_believed_where_they_stand_alone(
    listed, words, step_free
):
    found = listed(
        location=[{"id": key("house"), "location_type": "physical"}],
        service_at_location=[of_shelter("site", location_id=key("house"))],
        accessibility=[{"id": key("a"), "location_id": key("house"), "description": words}],
    )

    assert found.step_free is step_free


def test_who_stands_above_an_organization_is_known_also_in_a_circle(listed):
    found = listed(
        organization=[
            organization(parent_organization_id=key("Mother")),
            organization("Mother", parent_organization_id=key("Grandmother")),
            organization("Grandmother", parent_organization_id=key("Mother")),
        ]
    )

    assert found.run_by == {key("Mother"), key("Grandmother")}


def test_a_need_may_stand_above_the_term(listed):
    found = listed(
        ("night-shelter",),
        terms=[
            term("Legal", id=key("law")),
            term("tenancy", parent_id=key("law"), id=key("tenancy")),
        ],
        attribute=[attribute("tenancy")],
    )

    assert found.needs == {"legal"}


OPEN = {"id": key("oe"), "name": "Open Eligibility", "description": "Human services"}


@pytest.mark.parametrize(
    ("name", "of", "needs"),
    [
        ("Safe Housing", {"taxonomy": "Open Eligibility"}, {"shelter"}),
        ("emergency food", {"taxonomy_id": key("oe")}, {"food"}),
        ("Baby Clothes", {"taxonomy_id": key("oe")}, set()),
        ("Safe Housing", {"taxonomy": "Another"}, set()),
    ],
)
def test_terms_of_open_eligibility_answer_needs_by_their_names(listed, name, of, needs):
    theirs = term("101-06-02", id=key("theirs"), name=name, **of)

    found = listed(taxonomy=[OPEN], terms=[theirs], attribute=[attribute("theirs")])

    assert found.needs == needs


def test_the_crosswalk_knows_needs_only_and_names_its_licence():
    text = OPEN_ELIGIBILITY.read_text(encoding="utf-8")

    listed = tomllib.loads(text)
    assert set(listed) - NEEDS == {"nothing"}
    assert not {*listed["nothing"]} & {name for need in NEEDS for name in listed.get(need, ())}
    assert "CC BY-SA 3.0" in text


@pytest.mark.parametrize(
    ("name", "above", "needs"),
    [
        ("Disability Law", "Advocacy & Legal Aid", {"legal"}),
        ("Guardianship", "Advocacy & Legal Aid", {"legal", "child_protection"}),
        ("Safe Housing", "Immediate Safety", {"shelter"}),
        ("Sober Living", "Short-Term Housing", set()),
        ("Help Escape Violence", "Immediate Safety", {"emergency"}),
    ],
)
def test_the_nearest_term_that_is_listed_decides(listed, name, above, needs):
    theirs = term("1", id=key("theirs"), name=name, taxonomy_id=key("oe"), parent_id=key("above"))
    parent = term("2", id=key("above"), name=above, taxonomy_id=key("oe"))

    found = listed(taxonomy=[OPEN], terms=[parent, theirs], attribute=[attribute("theirs")])

    assert found.needs == needs


def test_terms_in_a_circle_end(listed):
    a, b = term("a", parent_id=key("b")), term("b", parent_id=key("a"))

    assert listed(terms=[a, b], attribute=[attribute("a")]).needs == frozenset()


def test_languages_are_those_of_the_service_and_of_its_places_by_main_code(listed):
    found = listed(
        location=[{"id": key("house"), "location_type": "physical"}],
        service_at_location=[of_shelter("site", location_id=key("house"))],
        language=[
            of_shelter("l1", code="tir", location_id=""),
            of_shelter("l2", code="pt-BR", location_id=""),
            of_shelter("l3", name="Romani", location_id=""),
            {"id": key("l4"), "location_id": key("house"), "code": "tl"},
        ],
    )

    assert found.languages == {"ti", "pt", "fil"}


def test_costs_hold_on_their_days(listed):
    found = listed(
        cost_option=[
            of_shelter("c1", amount="4.5", currency="xts", valid_to="2026-12-31"),
            of_shelter("c2", amount_description="ask"),
        ]
    )

    assert set(found.costs) == {Cost(4.5, "XTS", valid_to=date(2026, 12, 31)), Cost(None)}


@pytest.mark.parametrize("words", ["Free", "free of charge."])
def test_free_in_words_is_free(listed, words):
    assert listed(fields={"fees_description": words}).costs == (Cost(0),)


def test_other_words_about_fees_are_no_price(listed):
    assert listed(fields={"fees_description": "Free for members"}).costs == ()


@pytest.mark.parametrize(
    ("papers", "asked", "none"),
    [
        (["None"], (), True),
        (["Passport"], ("Passport",), False),
        (["None", "Passport"], ("Passport",), False),
    ],
)
def test_papers_are_what_is_asked_for(listed, papers, asked, none):
    found = listed(
        required_document=[of_shelter(f"d{n}", document=each) for n, each in enumerate(papers)]
    )

    assert (found.documents, found.asks_no_documents) == (asked, none)


def test_areas_are_names_with_outlines_where_drawn(listed):
    square = '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}'
    found = listed(
        service_area=[
            of_shelter("a1", name="Ansel", extent=square, extent_type="geojson"),
            of_shelter("a2", name="The coast", extent="all of it", extent_type="text"),
            of_shelter("a3", description="somewhere"),
        ]
    )

    assert {(each.name, len(each.outline)) for each in found.areas} == {
        ("Ansel", 1),
        ("The coast", 0),
    }


def test_what_a_service_says_of_its_beds_counts_from_then_on(listed, directory):
    told = datetime(2026, 11, 25, 9, tzinfo=UTC)
    found = listed(
        unit=[{"id": key("bed"), "name": "bed"}, {"id": key("cot"), "name": "cot"}],
        service_capacity=[
            of_shelter(f"c{unit}", unit_id=key(unit), available="4", updated="2026-11-01T00:00:00Z")
            for unit in ("bed", "cot")
        ],
    )
    assert {each.available for each in found.capacities} == {4}

    with directory.engine.begin() as connection:
        say_free(connection, SHELTER, key("cbed"), 1, by="service", at=told)
        found = candidate(connection, SHELTER)

    assert Capacity(1, "bed", told) in found.capacities
    assert Capacity(4, "cot", datetime(2026, 11, 1, tzinfo=UTC)) in found.capacities


def test_places_are_points_unknown_or_remote(listed):
    found = listed(
        location=[
            {
                "id": key("house"),
                "location_type": "physical",
                "latitude": -48.5,
                "longitude": -123.2,
            },
            {"id": key("unknown"), "location_type": "physical"},
            {"id": key("online"), "location_type": "virtual"},
        ],
        service_at_location=[
            of_shelter(name, location_id=key(place))
            for name, place in (("s1", "house"), ("s2", "unknown"), ("s3", "online"))
        ],
    )

    assert {(place.point, place.remote) for place in found.places} == {
        (Point(-48.5, -123.2), False),
        (None, False),
        (None, True),
    }
    assert not found.withheld


def test_only_services_of_the_need_that_still_exist_are_listed(ansel):
    with ansel.read() as connection:
        legal = shortlist(connection, need="legal")
        assert candidate(connection, key("nobody")) is None

    assert len(legal) > 15
    assert all("legal" in each.needs and each.status != "defunct" for each in legal)
    assert [each.service_id for each in legal] == sorted(each.service_id for each in legal)
    assert "Wage mediation" not in {each.name for each in legal}


def test_a_short_list_is_read_again_once_the_directory_has_changed(listed, directory):
    listed(
        unit=[{"id": key("bed"), "name": "bed"}],
        service_capacity=[
            of_shelter("c", unit_id=key("bed"), available="4", updated="2026-11-01T00:00:00Z")
        ],
    )
    told = datetime(2026, 11, 25, 9, tzinfo=UTC)

    with directory.engine.begin() as connection:
        before = shortlist(connection, need="shelter")
        assert shortlist(connection, need="shelter") is before
        say_free(connection, SHELTER, key("c"), 1, by="service", at=told)
        [after] = shortlist(connection, need="shelter")
        connection.rollback()
    with directory.read() as connection:
        assert shortlist(connection, need="shelter") == before

    assert after.capacities == (Capacity(1, "bed", told),)
    assert before[0].capacities[0].available == 4


def test_a_directory_without_a_mark_is_read_each_time(directory):
    with directory.read() as connection:
        assert shortlist(connection, need="shelter") == ()


def test_an_area_is_named_with_its_outline(ansel):
    with ansel.read() as connection:
        names = area_names(connection)
        quayside = area_named(connection, "Quayside")

        assert area_names(connection, limit=2) == names[:2]
        assert area_named(connection, "Nowhere") is None

    assert "Quayside" in names
    assert list(names) == sorted(set(names))
    assert quayside.outline
    assert 1_000 < quayside.reach < 2_500


def test_an_area_may_be_known_by_name_alone(listed, directory):
    listed(service_area=[of_shelter("a1", name="The coast", extent="all", extent_type="text")])

    with directory.read() as connection:
        assert area_named(connection, "The coast") == Area("The coast")
