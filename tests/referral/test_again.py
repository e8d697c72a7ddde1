"""A source sends its directory again: what it has no more goes, what others brought stays, and it is shown first."""

import pytest
from sqlalchemy import delete, insert, select, update

from referral import tables
from referral.load import Kept, load, plan, read_package
from referral.provenance import sources_of
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_load import kept_in, told

PHONE = {"id": key("phone"), "service_id": key("Day room"), "number": "1"}


@pytest.fixture
def both(tmp_path):
    """A package with two services, of which one has a phone."""
    return write_package(
        tmp_path / "city",
        organization=[organization()],
        service=[service(), service("Day room")],
        phone=[PHONE],
    )


@pytest.fixture
def one(both, tmp_path):
    """The same package later: one service is gone with its phone, the other was changed."""
    return lambda: write_package(
        tmp_path / "city",
        organization=[organization()],
        service=[service(description="Soup")],
        phone=[{**PHONE, "id": key("other"), "service_id": key("Night shelter")}],
    )


def loaded(directory, path, source=""):
    incoming = read_package(path, source=source)
    with directory.engine.begin() as connection:
        return load(connection, incoming)


def test_what_a_source_has_no_more_is_removed_and_shown_before(directory, both, one):
    directory.load(both)
    package = one()
    with directory.read() as connection:
        shown = plan(connection, read_package(package)).report

    assert len(kept_in(directory, tables.service)) == 2
    assert shown.kept["service"] == Kept(changed=1, removed=1)
    assert shown.kept["service"].names == {"changed": ["Night shelter"], "removed": ["Day room"]}
    assert [line for line in shown.preview().splitlines() if line.startswith("  ")] == [
        "  ~ Night shelter",
        '      description: "" → "Soup"',
        "  - Day room",
        f"  + {key('other')}",
        f"  - {key('phone')}",
    ]

    report = directory.load(package)
    assert report.kept == shown.kept
    assert set(kept_in(directory, tables.service)) == {key("Night shelter")}
    assert set(kept_in(directory, tables.phone)) == {key("other")}
    assert {k.removed for k in directory.load(package).kept.values()} == {0}


def test_a_plan_that_is_out_of_date_is_made_again(directory, both, one):
    directory.load(both)
    incoming = read_package(one())
    with directory.read() as connection:
        planned = plan(connection, incoming)
    directory.load(both.parent / "city")
    with directory.engine.begin() as connection:
        report = load(connection, incoming, planned)

    assert report.kept["service"] == Kept(unchanged=1)


def test_what_two_sources_brought_stays_until_neither_has_it(directory, both, one, tmp_path):
    loaded(directory, both, "city")
    loaded(directory, both, "county")
    with directory.read() as connection:
        assert sources_of(connection, key("Day room")) == ["city", "county"]
    package = one()

    assert loaded(directory, package, "city").kept["service"].removed == 0
    assert loaded(directory, package, "county").kept["service"].removed == 1


def test_what_was_typed_in_by_hand_and_what_it_points_to_stays(directory, both, one):
    directory.load(both)
    with directory.engine.begin() as connection:
        typed = {"id": key("typed"), "service_id": key("Day room"), "number": "2"}
        connection.execute(insert(tables.phone).values(typed))

    report = directory.load(one())

    assert report.kept["service"].removed == 0
    assert {key("typed"), key("other")} == set(kept_in(directory, tables.phone))
    with directory.engine.begin() as connection:
        connection.execute(delete(tables.phone).where(tables.phone.c.id == key("typed")))
    assert directory.load(one()).kept["service"].removed == 1


def test_another_city_under_the_same_file_name_does_not_empty_the_directory(
    directory, both, tmp_path
):
    directory.load(both)
    other = write_package(
        tmp_path / "city", organization=[organization("Mill")], service=[service("Bed", by="Mill")]
    )

    report = directory.load(other)

    assert report.left == 3
    assert "name its source to remove them" in str(report)
    assert len(kept_in(directory, tables.service)) == 3
    assert loaded(directory, other, "mill").left == 0


def test_a_row_that_became_bad_is_not_gone_and_a_file_that_is_missing_says_nothing(
    directory, both, tmp_path
):
    directory.load(both)
    worse = write_package(
        tmp_path / "city",
        organization=[organization()],
        service=[service(), service("Day room", status="?")],
    )

    report = directory.load(worse)

    assert report.refused == 1
    assert {kept.removed for kept in report.kept.values()} == {0}
    assert len(kept_in(directory, tables.service)) == 2
    assert set(kept_in(directory, tables.phone)) == {key("phone")}


def test_a_package_that_breaks_off_removes_nothing_of_that_table(directory, both):
    directory.load(both)
    (both / "services.csv").write_text(
        f"id,organization_id,name,status\n{key('Night shelter')},{key('Harbor House')}"
        f",Night shelter,active\n{key('Day room')[:9]}"
    )

    report = directory.load(both)

    assert [(bad.file, bad.line) for bad in report.bad] == [("services.csv", 3)]
    assert report.kept["service"].removed == 0


def test_what_a_provider_said_since_is_not_overwritten(directory, tmp_path):
    capacity = {"id": key("c"), "service_id": key("Night shelter"), "unit_id": key("bed")}
    capacity |= {"available": "12", "updated": "2026-11-20T10:00:00Z"}
    package = write_package(
        tmp_path / "p",
        organization=[organization()],
        service=[service()],
        unit=[{"id": key("bed"), "name": "bed"}],
        service_capacity=[capacity],
    )
    directory.load(package)
    with directory.engine.begin() as connection:
        connection.execute(
            update(tables.service_capacity).values(available=0, updated="2026-11-25T10:00:00.000Z")
        )

    assert directory.load(package).kept["service_capacity"] == Kept(unchanged=1)
    with directory.read() as connection:
        assert connection.scalar(select(tables.service_capacity.c.available)) == 0


def test_what_belongs_to_nobody_but_what_goes_in_the_same_import_goes_too(
    directory, both, tmp_path
):
    directory.load(both)
    package = write_package(
        tmp_path / "city", organization=[organization()], service=[service()], phone=[PHONE]
    )

    report = directory.load(package)

    assert [(file, field, kept) for file, _, field, _, kept in told(report)] == [
        ("phones.csv", "service_id", False)
    ]
    assert set(kept_in(directory, tables.service)) == {key("Night shelter")}
    assert kept_in(directory, tables.phone) == {}
