"""What is edited by hand is kept by the rules of an import, stands against imports, and can be put back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from referral import history, listing, putting_back, verifying, viewing
from referral.editing import (
    FieldsRefused,
    NotThere,
    Outdated,
    add,
    edit,
    follow_source,
    mark_of,
    record_of,
    retire,
    revive,
    row_of,
    take_away,
    unit_named,
)
from referral.export import export_tables
from referral.fields import Fault
from referral.history import Record
from referral.load import load_package, plan, read_package
from referral.provenance import held_of, sources_of
from referral.revision import revision
from referral.shut import shut
from referral.tables import TABLES
from tests.referral.packages import key, organization, service, write_package

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BY = {"by": "Alba", "at": AT}
BEDS = Record("service", key("Beds"))


def beds(**fields):
    return service("Beds", **{"description": "Ten beds.", **fields})


def phone(number="+1 500 555 0110", name="p1", **fields):
    return {"id": key(name), "service_id": BEDS.id, "number": number, **fields}


OFFICE = {"id": key("office"), "organization_id": key("Harbor House"), "number": "+1 500 555 0100"}


@pytest.fixture
def brings(directory, tmp_path):
    """Import a package of Harbor House's beds, with what is said of them."""

    def bring(*services, phones=(), **tables):
        package = write_package(
            tmp_path / "city",
            organization=[organization()],
            service=services or [beds()],
            phone=[OFFICE, *phones],
            **tables,
        )
        with directory.engine.begin() as connection:
            return load_package(connection, package, source="city")

    bring(phones=[phone()])
    return bring


@pytest.fixture
def now(directory, brings):
    """A connection that keeps nothing, to a directory with Harbor House's beds."""
    with directory.engine.connect() as connection:
        yield connection


@pytest.fixture
def does(directory):
    """Do something and keep it."""

    def do(act, *args, **more):
        with directory.engine.begin() as connection:
            return act(connection, *args, **{**BY, **more})

    return do


def says(directory, name, kind="service", row_id=BEDS.id):
    with directory.read() as connection:
        return row_of(connection, kind, row_id)[name]


def test_a_field_is_kept_and_its_change_stands_in_the_history(now):
    before = revision(now)
    edit(now, "service", BEDS.id, {"description": "Nine beds.", "minimum_age": "18"}, **BY)

    row = row_of(now, "service", BEDS.id)
    assert (row["description"], row["minimum_age"]) == ("Nine beds.", 18)
    assert row["last_modified"] == "2026-11-25T09:00:00.000Z"
    (found,) = history.versions(now, BEDS)
    assert (found.number, found.day, found.by) == (1, "2026-11-25", "Alba")
    assert [(one.field, one.before, one.after) for one in found.changes] == [
        ("description", "Ten beds.", "Nine beds."),
        ("minimum_age", "", "18"),
    ]
    assert revision(now) != before
    # What was not typed, or typed as it was, is no change.
    edit(now, "service", BEDS.id, {"description": "Nine beds."}, **BY)
    assert len(history.versions(now, BEDS)) == 1


@pytest.mark.parametrize(
    ("kind", "typed", "faults"),
    [
        ("service", {"name": " "}, {"name": Fault.MISSING}),
        ("service", {"url": "example.org", "email": "x"}, {"url": Fault.NOT_A_URI, "email": Fault.NOT_AN_EMAIL}),
        ("service", {"status": "gone"}, {"status": Fault.NOT_A_CHOICE}),
        ("service", {"minimum_age": "old"}, {"minimum_age": Fault.NOT_A_NUMBER}),
        ("service", {"minimum_age": "20", "maximum_age": "18"}, {"maximum_age": Fault.OUT_OF_RANGE}),
        ("service", {"description": "a\x00b"}, {"description": Fault.CONTROL_CHARACTER}),
    ],
)  # fmt: skip
def test_what_an_import_refuses_is_refused_field_by_field(now, kind, typed, faults):
    with pytest.raises(FieldsRefused) as refused:
        edit(now, kind, BEDS.id, typed, **BY)
    assert refused.value.faults == faults
    assert history.versions(now, BEDS) == []


def test_a_part_says_something_or_is_refused(now):
    refused = {
        "schedule": ({"opens_at": "9:00"}, {"closes_at": Fault.MISSING}),
        "language": ({"note": "some"}, {"code": Fault.MISSING}),
        "service_capacity": ({"available": "3"}, {"unit_id": Fault.MISSING}),
        "attribute": ({"taxonomy_term_id": key("nowhere")}, {"taxonomy_term_id": Fault.POINTS_NOWHERE}),
        "service_at_location": ({}, {"location_id": Fault.MISSING}),
    }  # fmt: skip
    for kind, (typed, faults) in refused.items():
        with pytest.raises(FieldsRefused) as told:
            add(now, kind, typed, to=BEDS, **BY)
        assert told.value.faults == faults, kind


def test_who_read_it_before_it_was_changed_is_told(now):
    seen = mark_of(row_of(now, "service", BEDS.id))
    edit(now, "service", BEDS.id, {"alert": "Ring twice."}, seen=seen, **BY)
    with pytest.raises(Outdated):
        edit(now, "service", BEDS.id, {"alert": "Ring once."}, seen=seen, **BY)
    assert row_of(now, "service", BEDS.id)["alert"] == "Ring twice."


def test_parts_are_added_to_their_record_and_counted_to_it(now):
    house = add(now, "location", {"location_type": "physical", "name": "House"}, to=Record("organization", key("Harbor House")), **BY)  # fmt: skip
    site = add(now, "service_at_location", {"location_id": house}, to=BEDS, **BY)
    hours = {"byday": "mo,tu", "opens_at": "9:00", "closes_at": "17:00"}
    hours = add(now, "schedule", hours, to=Record("service_at_location", site), **BY)
    unit = unit_named(now, " bed ")
    assert unit_named(now, "bed") == unit
    free = add(now, "service_capacity", {"unit_id": unit, "available": "3"}, to=BEDS, **BY)
    contact = add(now, "contact", {"name": "Intake"}, to=BEDS, **BY)
    number = add(now, "phone", {"number": "112"}, to=Record("contact", contact), **BY)

    for kind, row_id in (("schedule", hours), ("phone", number), ("service_capacity", free)):
        assert record_of(now, kind, row_id) == BEDS
    assert record_of(now, "location", house) == Record("location", house)
    assert row_of(now, "schedule", hours)["byday"] == "MO,TU"
    assert row_of(now, "service_capacity", free)["updated"] == "2026-11-25T09:00:00.000Z"
    assert [one.number for one in history.versions(now, BEDS, limit=3)] == [5, 4, 3]
    assert [one.number for one in history.versions(now, BEDS, before=3)] == [2, 1]
    for to, kind in ((BEDS, "address"), (None, "service"), (Record("service", key("x")), "phone")):
        with pytest.raises(NotThere):
            add(now, kind, {"name": "x", "status": "active", "number": "1"}, to=to, **BY)


def test_a_record_is_retired_and_comes_back_but_is_never_taken_away(now):
    whole = Record("organization", key("Harbor House"))
    for kind, row_id in (BEDS, whole):
        with pytest.raises(NotThere):
            take_away(now, kind, row_id, **BY)
    assert retire(now, whole, **BY) == 1
    assert row_of(now, "service", BEDS.id)["status"] == "defunct"
    assert revive(now, BEDS, **BY) == 1
    assert row_of(now, "service", BEDS.id)["status"] == "active"
    assert len(history.versions(now, BEDS)) == 2


def test_an_import_leaves_what_was_edited_and_says_what_the_source_says(directory, brings, does):
    does(edit, "service", BEDS.id, {"description": "Nine beds."})
    report = brings(beds(description="Eleven beds.", alert="New door"))

    assert says(directory, "description") == "Nine beds."
    assert says(directory, "alert") == "New door"
    assert [(b.file, b.line, b.field, b.fault, b.kept) for b in report.bad] == [
        ("services.csv", 2, "description", Fault.EDITED_HERE, True)
    ]
    with directory.read() as connection:
        assert held_of(connection, [BEDS.id])[*BEDS, "description"] == "Eleven beds."
        # What was changed, and by whom, is still there.
        assert [one.by for one in history.versions(connection, BEDS)] == ["Alba"]
    # Nobody is told of it where the source says the same, and it still stands.
    assert brings(beds(description="Nine beds.")).bad == []
    assert [b.fault for b in brings(beds(description="Two.")).bad] == [Fault.EDITED_HERE]
    # Until somebody lets the source decide again.
    does(follow_source, "service", BEDS.id, "description")
    assert says(directory, "description") == "Two."
    assert brings(beds(description="Three.")).bad == []
    assert says(directory, "description") == "Three."


def test_what_was_taken_away_stays_away_and_comes_back_when_it_is_put_back(directory, brings, does):
    with directory.engine.begin() as connection:
        add(connection, "language", {"code": "es"}, to=Record("phone", key("p1")), **BY)
    does(take_away, "phone", key("p1"))
    report = brings(phones=[phone("+1 500 555 0199")])
    assert [(b.line, b.field, b.fault) for b in report.bad] == [(3, "id", Fault.REMOVED_HERE)]
    assert report.kept["phone"].added == 0

    with directory.engine.begin() as connection:
        gone = history.version(connection, BEDS, 2)
        assert {one.kind for one in gone.changes} == {"phone", "language"}
        assert putting_back.put_back(connection, BEDS, 2, **BY) > 0
    assert says(directory, "number", "phone", key("p1")) == "+1 500 555 0110"
    with directory.read() as connection:
        view = viewing.view(connection, BEDS)
        assert view["phones"][0]["languages"][0]["code"] == "es"
    assert brings(phones=[phone("+1 500 555 0199")]).bad == []
    assert says(directory, "number", "phone", key("p1")) == "+1 500 555 0199"


def test_what_was_edited_stays_with_its_parts_when_its_source_has_it_no_more(
    directory, brings, does
):
    brings(beds(), service("Food"), phones=[phone()])
    does(edit, "service", BEDS.id, {"alert": "Ring twice."})
    report = brings(service("Food"))
    assert report.stayed == 2
    assert "2 stay that are not in this package: they were edited here" in str(report)
    assert says(directory, "number", "phone", key("p1")) == "+1 500 555 0110"
    # Nobody brings it any more: no later import takes it away either.
    assert brings(service("Food")).stayed == 0
    assert says(directory, "alert") == "Ring twice."


def test_a_newer_check_by_the_source_counts_and_an_older_one_does_not(directory, brings, does):
    does(verifying.check, [BEDS.id])
    assert brings(beds(assured_date="2026-01-01", assurer_email="a@city.example")).bad == []
    assert (says(directory, "assured_date"), says(directory, "assurer_email")) == ("2026-11-25", None)  # fmt: skip
    with directory.read() as connection:
        assert verifying.last_check(connection, BEDS.id) == ("2026-11-25", "Alba")
    brings(beds(assured_date="2026-12-01", assurer_email="a@city.example"))
    with directory.read() as connection:
        assert verifying.last_check(connection, BEDS.id) == ("2026-12-01", "a@city.example")


def test_a_version_is_undone_field_by_field_and_that_is_a_version(now):
    edit(now, "service", BEDS.id, {"description": "Nine.", "alert": "Ring."}, **BY)
    edit(now, "service", BEDS.id, {"description": "Eight."}, **BY)
    assert putting_back.put_back(now, BEDS, 1, by="Lake", at=AT) == 2
    row = row_of(now, "service", BEDS.id)
    assert (row["description"], row["alert"]) == ("Ten beds.", None)
    newest = history.versions(now, BEDS)[0]
    assert (newest.number, newest.by) == (3, "Lake")
    # What was added goes, too.
    added = add(now, "phone", {"number": "112"}, to=BEDS, **BY)
    putting_back.put_back(now, BEDS, 4, **BY)
    with pytest.raises(NotThere):
        row_of(now, "phone", added)
    with pytest.raises(NotThere):
        putting_back.put_back(now, BEDS, 99, **BY)


def test_a_count_that_is_put_back_is_as_old_as_it_was_and_stands_until_a_newer_word(now):
    unit = unit_named(now, "bed")
    free = add(now, "service_capacity", {"unit_id": unit, "available": "2"}, to=BEDS, **BY)
    later = AT + timedelta(hours=5)
    edit(now, "service_capacity", free, {"available": "1"}, by="Lake", at=later)
    putting_back.put_back(now, BEDS, 2, by="Lake", at=later)
    row = row_of(now, "service_capacity", free)
    assert (row["available"], row["updated"]) == (2, "2026-11-25T09:00:00.000Z")
    assert held_of(now, [free]) == {}


def test_what_cannot_be_put_back_is_not(now):
    new = add(now, "service", {"name": "Food", "status": "active"}, to=Record("organization", key("Harbor House")), **BY)  # fmt: skip
    made = history.version(now, Record("service", new), 1)
    assert not putting_back.may_put_back(made)
    with pytest.raises(putting_back.CannotPutBack):
        putting_back.put_back(now, Record("service", new), 1, **BY)
    contact = add(now, "contact", {"name": "Intake"}, to=BEDS, **BY)
    number = add(now, "phone", {"number": "112"}, to=Record("contact", contact), **BY)
    take_away(now, "phone", number, **BY)
    take_away(now, "contact", contact, **BY)
    with pytest.raises(putting_back.CannotPutBack):
        putting_back.put_back(now, BEDS, 3, **BY)


def test_services_are_stale_after_half_a_year_and_secret_ones_after_a_quarter(ansel):
    today = date(2026, 12, 15)
    with ansel.read() as connection:
        found = verifying.stale(connection, today, limit=500)
        assert verifying.count_stale(connection, today) == len(found)
        again, after = [], ""
        while some := verifying.stale(connection, today, after=after, limit=7):
            again += some
            after = some[-1].place
    assert again == found
    assert [one.checked for one in found] == sorted(one.checked for one in found)
    half, quarter = (str(today - timedelta(days=days)) for days in (180, 90))
    assert {one.is_secret for one in found if one.checked >= half} == {True}
    assert all(one.checked < quarter for one in found)


def test_lists_are_paged_by_name_and_searched_by_words_or_a_number(ansel):
    with ansel.read() as connection:
        for list_ in (listing.services, listing.organizations, listing.locations):
            whole = list_(connection, limit=1_000)
            paged, after = [], ""
            while some := list_(connection, after=after, limit=17):
                paged += some
                after = some[-1].id
            assert paged == whole
        assert {one.name for one in listing.services(connection, words="clinic town")} == {"Town clinic"}  # fmt: skip
        number = TABLES["phone"].c
        row = connection.execute(select(number.number, number.service_id).where(number.service_id.is_not(None)).limit(1)).one()  # fmt: skip
        assert row.service_id in [one.id for one in listing.services(connection, words=row.number.replace(" ", "-"))]  # fmt: skip


def test_no_list_no_view_and_no_history_tells_a_secret_address(directory, tmp_path):
    secret = "12 Quay Street"
    term = {"id": key("mark"), "name": "Secret", "description": "-", "code": "confidential-location"}  # fmt: skip
    street = {"id": key("a"), "location_id": key("House"), "address_1": secret, "city": "Ansel", "state_province": "Coast", "postal_code": "1", "country": "XA", "address_type": "physical"}  # fmt: skip
    house = {"id": key("House"), "location_type": "physical", "name": f"House, {secret}", "organization_id": key("Harbor House")}  # fmt: skip
    package = write_package(
        tmp_path / "p",
        organization=[organization()],
        service=[beds()],
        location=[house],
        address=[street],
        service_at_location=[{"id": key("s"), "service_id": BEDS.id, "location_id": key("House")}],
        taxonomy_term=[term],
        attribute=[
            {
                "id": key("at"),
                "link_id": key("House"),
                "link_entity": "location",
                "taxonomy_term_id": key("mark"),
            }
        ],
    )
    directory.load(package)
    place = Record("location", key("House"))
    with directory.engine.begin() as connection:
        with pytest.raises(FieldsRefused) as refused:
            edit(connection, "service", BEDS.id, {"description": "At 12, Quay street"}, **BY)
        assert refused.value.faults == {"description": Fault.REPEATS_ADDRESS}
        for list_ in (listing.services, listing.organizations, listing.locations):
            assert "Quay" not in repr(list_(connection))
            assert "Quay" not in repr(list_(connection, words="Quay"))
        assert listing.locations(connection, words="House") == []
        assert "Quay" not in repr(viewing.view(connection, BEDS)) + repr(viewing.view(connection, place))  # fmt: skip
        assert secret in repr(viewing.view(connection, place, is_open=True))
        # The house moves, and its old address is told by nothing that is handed out either.
        edit(connection, "address", key("a"), {"address_1": "7 Mill Lane"}, **BY)
        take_away(connection, "address", key("a"), **BY)
        export_tables(connection, tmp_path / "out")
    told = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    assert "Quay" not in told
    assert "Mill Lane" not in told


def test_no_import_changes_owns_or_removes_what_was_typed_in(directory, brings, does):
    with directory.engine.begin() as connection:
        number = add(connection, "phone", {"number": "112"}, to=BEDS, **BY)
        edit(connection, "phone", number, {"number": "113"}, **BY)
        kept = row_of(connection, "phone", number)
    (told,) = brings(phones=[{"id": number, "service_id": BEDS.id, "number": "666"}]).bad
    assert (told.field, told.fault, told.kept) == ("id", Fault.MADE_HERE, False)
    # The same again is no fault, and what a package has no more is not taken away.
    assert brings(phones=[{"id": number, "service_id": BEDS.id, "number": "113"}]).bad == []
    assert brings().kept["phone"].removed == 0
    its = [{"id": number, "service_id": BEDS.id, "number": "113"}]
    brings(service("Food"), phones=its)
    with directory.read() as connection:
        assert row_of(connection, "phone", number) == kept
        assert sources_of(connection, number) == []
        assert held_of(connection, [number]) == {}
    # What was taken away does not come back by a copy; what was put back is ours as before.
    stale = [{"id": number, "service_id": BEDS.id, "number": "112"}]
    does(take_away, "phone", number)
    assert [bad.fault for bad in brings(phones=stale).bad] == [Fault.REMOVED_HERE]
    does(putting_back.put_back, BEDS, 3)
    assert [bad.fault for bad in brings(phones=stale).bad] == [Fault.MADE_HERE]
    assert says(directory, "number", "phone", number) == "113"


def test_no_import_forges_or_deletes_history_and_it_names_nobody(directory, brings, does):
    does(edit, "service", BEDS.id, {"description": "Nine beds."})
    with directory.read() as connection:
        before = history.versions(connection, BEDS)
        its = TABLES["metadata"]
        made = [dict(row) for row in connection.execute(select(its)).mappings()]
    assert [row["updated_by"] for row in made] == [history.SOMEBODY]
    forged = [{**row, "previous_value": "666", "last_action_type": "UPDATED"} for row in made]
    (told,) = brings(beds(description="Nine beds."), metadata=forged).bad
    assert (told.file, told.line, told.fault) == ("metadata.csv", 2, Fault.MADE_HERE)
    brings(metadata=[{**made[0], "id": key("another")}])
    with directory.engine.begin() as connection:
        assert history.versions(connection, BEDS) == before
        # What no import brings any more, but may have brought once, is read and cannot be put back.
        connection.execute(
            its.update()
            .where(its.c.id == made[0]["id"])
            .values(last_action_type="?", field_name="x")
        )
        assert len(history.versions(connection, BEDS)) == 1
        with pytest.raises(putting_back.CannotPutBack):
            putting_back.put_back(connection, BEDS, 1, **BY)


def test_an_import_writes_what_differs_alone(now, tmp_path):
    package = write_package(
        tmp_path / "p", organization=[organization()], service=[beds(alert="New door")]
    )
    assert plan(now, read_package(package)).differing["service"] == [
        {"id": BEDS.id, "alert": "New door"}
    ]


def hidden_fields(now, record, version):
    """Return the fields of a version that are shut."""
    found = history.version(now, record, version).changes
    its = shut(now, record, putting_back.now(now, found))
    return {each.field for each in found if its.hides(each)}


def test_history_is_shut_of_what_is_gone_and_of_what_was_ever_secret(now):
    mark = {"id": key("mark"), "name": "-", "description": "-", "code": "confidential-location"}
    now.execute(insert(TABLES["taxonomy_term"]).values(mark))
    number = add(now, "phone", {"number": "112"}, to=BEDS, **BY)
    contact = add(now, "contact", {"name": "Sue"}, to=BEDS, **BY)
    add(now, "phone", {"number": "113"}, to=Record("contact", contact), **BY)
    given = {"taxonomy_term_id": key("mark")}
    assert [hidden_fields(now, BEDS, version) for version in (1, 2, 3)] == [set()] * 3
    marked = add(now, "attribute", given, to=Record("contact", contact), **BY)
    while_it_is = [hidden_fields(now, BEDS, version) for version in (1, 2, 3)]
    assert while_it_is == [set(), {"name", "service_id"}, {"number", "contact_id"}]
    take_away(now, "attribute", marked, **BY)
    assert [hidden_fields(now, BEDS, version) for version in (1, 2, 3)] == while_it_is
    take_away(now, "phone", number, **BY)
    assert {"number"} <= hidden_fields(now, BEDS, 1)
    assert {"number"} <= hidden_fields(now, BEDS, 6)

    # A service that was ever given at a secret place is shut whole.
    edit(now, "service", BEDS.id, {"alert": "Ring."}, **BY)
    assert hidden_fields(now, BEDS, 7) == set()
    place = {"location_type": "physical", "name": "House"}
    house = add(now, "location", place, to=Record("organization", key("Harbor House")), **BY)
    site = add(now, "service_at_location", {"location_id": house}, to=BEDS, **BY)
    assert hidden_fields(now, BEDS, 7) == set()
    marked = add(now, "attribute", given, to=Record("location", house), **BY)
    for away in (("attribute", marked), ("service_at_location", site)):
        assert "alert" in hidden_fields(now, BEDS, 7)
        take_away(now, *away, **BY)
    assert "alert" in hidden_fields(now, BEDS, 7)
    assert "name" in hidden_fields(now, Record("location", house), 1)
