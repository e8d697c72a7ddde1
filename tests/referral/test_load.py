"""A keeper sends the directory as a package. What is good is kept, what is bad is told, by place only."""

import pytest
from sqlalchemy import select

from referral import tables
from referral.fields import Fault
from referral.load import SAMPLE_CITY, Kept
from referral.withheld import BLANK
from tests.referral.packages import FILES, key, organization, service, write_package


def kept_in(directory, table):
    with directory.read() as connection:
        return {row["id"]: dict(row) for row in connection.execute(select(table)).mappings()}


def told(report):
    return [(bad.file, bad.line, bad.field, bad.fault, bad.kept) for bad in report.bad]


def test_a_good_package_is_kept_and_nothing_is_told(directory, tmp_path):
    report = directory.load(
        write_package(tmp_path / "p", organization=[organization()], service=[service()])
    )

    assert told(report) == []
    assert report.kept == {"organization": Kept(added=1), "service": Kept(added=1)}
    assert kept_in(directory, tables.service)[key("Night shelter")]["status"] == "active"


def test_importing_again_changes_nothing_and_importing_news_changes_only_them(directory, tmp_path):
    both = [service(), service("Day room", description="Soup")]
    package = write_package(tmp_path / "p", organization=[organization()], service=both)
    directory.load(package)
    again = directory.load(package)
    both[1]["description"] = "Soup and bread"
    news = directory.load(write_package(tmp_path / "p", service=both))

    assert again.kept["service"] == Kept(unchanged=2)
    assert news.kept["service"] == Kept(changed=1, unchanged=1)
    assert kept_in(directory, tables.service)[key("Day room")]["description"] == "Soup and bread"


def test_a_field_that_a_package_does_not_name_stays_as_it_was(directory, tmp_path):
    directory.load(
        write_package(tmp_path / "p", organization=[organization(website="https://h.example/")])
    )
    directory.load(write_package(tmp_path / "p", organization=[organization()]))

    row = kept_in(directory, tables.organization)[key("Harbor House")]
    assert row["website"] == "https://h.example/"


def test_a_bad_row_is_told_by_file_line_and_field_and_stops_nothing(directory, tmp_path):
    rows = [
        service("One", status="open"),
        service("Two", by="Nobody"),
        service("Three"),
        {**service("Four"), "id": "4"},
        {**service("Five"), "name": ""},
        service("Three"),
        service("Six", minimum_age="eighteen"),
    ]
    report = directory.load(
        write_package(tmp_path / "p", organization=[organization()], service=rows)
    )

    assert told(report) == [
        ("services.csv", 2, "status", Fault.NOT_A_CHOICE, False),
        ("services.csv", 3, "organization_id", Fault.POINTS_NOWHERE, False),
        ("services.csv", 5, "id", Fault.NOT_A_UUID, False),
        ("services.csv", 6, "name", Fault.MISSING, False),
        ("services.csv", 7, "id", Fault.REPEATED_ID, False),
        ("services.csv", 8, "minimum_age", Fault.NOT_A_NUMBER, False),
    ]
    assert report.refused == 6
    assert list(kept_in(directory, tables.service)) == [key("Three")]


def test_a_bad_value_that_decides_nothing_costs_only_itself(directory, tmp_path):
    rows = [service(url="javascript:alert(1)", email="nobody", assured_date="yesterday")]
    report = directory.load(
        write_package(tmp_path / "p", organization=[organization()], service=rows)
    )

    assert [(field, fault, kept) for _, _, field, fault, kept in told(report)] == [
        ("url", Fault.NOT_A_URI, True),
        ("email", Fault.NOT_AN_EMAIL, True),
        ("assured_date", Fault.NOT_A_DATE, True),
    ]
    row = kept_in(directory, tables.service)[key("Night shelter")]
    assert (row["url"], row["email"], row["assured_date"]) == (None, None, None)
    assert report.refused == 0


@pytest.mark.parametrize(
    ("table", "row", "field", "fault"),
    [
        ("location", {"location_type": "moon"}, "location_type", Fault.NOT_A_CHOICE),
        ("schedule", {"opens_at": "25:00"}, "opens_at", Fault.NOT_A_TIME),
        ("schedule", {"opens_at": "24:30"}, "opens_at", Fault.NOT_A_TIME),
        ("schedule", {"opens_at": "13:00 pm"}, "opens_at", Fault.NOT_A_TIME),
        ("schedule", {"byday": "MO,FUNDAY"}, "byday", Fault.NOT_A_LIST),
        ("schedule", {"bymonthday": "first"}, "bymonthday", Fault.NOT_A_LIST),
        ("schedule", {"valid_from": "20260101"}, "valid_from", Fault.NOT_A_DATE),
        ("schedule", {"valid_from": "2026-02-30"}, "valid_from", Fault.NOT_A_DATE),
        ("schedule", {"interval": "0"}, "interval", Fault.OUT_OF_RANGE),
    ],
)
def test_a_value_that_decides_who_fits_costs_its_row(directory, tmp_path, table, row, field, fault):
    report = directory.load(write_package(tmp_path / "p", **{table: [{"id": key("x")} | row]}))

    assert told(report) == [(FILES[table], 2, field, fault, False)]
    assert report.kept[table] == Kept()


@pytest.mark.parametrize(
    ("latitude", "longitude", "field", "fault"),
    [
        ("91", "2", "latitude", Fault.OUT_OF_RANGE),
        ("1", "nan", "longitude", Fault.NOT_A_NUMBER),
        ("1", "", "longitude", Fault.MISSING),
    ],
)
def test_half_a_point_is_none_and_the_location_is_kept(
    directory, tmp_path, latitude, longitude, field, fault
):
    row = {"id": key("x"), "location_type": "physical"}
    row |= {"latitude": latitude, "longitude": longitude}
    report = directory.load(write_package(tmp_path / "p", location=[row]))

    assert told(report) == [("locations.csv", 2, field, fault, True)]
    kept = kept_in(directory, tables.location)[key("x")]
    assert (kept["latitude"], kept["longitude"]) == (None, None)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("opens_at", "9:05", "09:05"),
        ("opens_at", "09:00:00", "09:00"),
        ("opens_at", "09:00-05:00", "09:00-05:00"),
        ("opens_at", "09:00:00+0530", "09:00+05:30"),
        ("opens_at", "24:00z", "00:00Z"),
        ("opens_at", "9:30 am", "09:30"),
        ("closes_at", "12:00 a.m.", "00:00"),
        ("closes_at", "5:15PM", "17:15"),
        ("byday", "mo, -1fr", "MO,-1FR"),
        ("freq", "weekly", "WEEKLY"),
        ("valid_from", "2026-01-31", "2026-01-31"),
        ("schedule_link", "https://a.example/b?c=%20d#e", "https://a.example/b?c=%20d#e"),
        ("interval", "2", 2.0),
    ],
)
def test_a_value_is_kept_in_one_way_however_it_was_written(
    directory, tmp_path, column, text, value
):
    report = directory.load(
        write_package(tmp_path / "p", schedule=[{"id": key("x"), column: text}])
    )

    assert told(report) == []
    assert kept_in(directory, tables.schedule)[key("x")][column] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-25T10:00:00.5+01:00", "2026-11-25T09:00:00.500Z"),
        ("2026-11-25T10:00:00", "2026-11-25T10:00:00.000Z"),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
    ],
)
def test_an_instant_is_kept_in_utc(directory, tmp_path, text, value):
    package = write_package(
        tmp_path / "p", organization=[organization()], service=[service(last_modified=text)]
    )
    report = directory.load(package)

    assert [bad.fault for bad in report.bad] == [Fault.NOT_A_DATETIME] * (value is None)
    assert kept_in(directory, tables.service)[key("Night shelter")]["last_modified"] == value


def test_a_parent_may_stand_after_its_child_and_a_lost_parent_is_told(directory, tmp_path):
    rows = [
        organization("Child", parent_organization_id=key("Parent")),
        organization("Orphan", parent_organization_id=key("Nobody")),
        organization("Parent", parent_organization_id=""),
    ]
    report = directory.load(write_package(tmp_path / "p", organization=rows))

    assert told(report) == [
        ("organizations.csv", 3, "parent_organization_id", Fault.POINTS_NOWHERE, True)
    ]
    kept = kept_in(directory, tables.organization)
    assert kept[key("Child")]["parent_organization_id"] == key("Parent")
    assert kept[key("Orphan")]["parent_organization_id"] is None


def test_no_value_of_a_contact_stands_in_the_report(directory, tmp_path):
    contact = {
        "id": "Ann Persona",
        "name": "Ann Persona\x00",
        "email": "ann persona at h.example",
        "service_id": "Ann Persona's",
    }
    phone = {"id": key("x"), "number": "", "extension": "+1 500 555 0142"}
    report = directory.load(write_package(tmp_path / "p", contact=[contact], phone=[phone]))

    assert report.refused == 2
    assert {bad.fault for bad in report.bad} == {
        Fault.NOT_A_UUID,
        Fault.CONTROL_CHARACTER,
        Fault.NOT_AN_EMAIL,
        Fault.MISSING,
        Fault.NOT_A_NUMBER,
    }
    for said in (str(report), repr(report)):
        assert "Ann" not in said
        assert "0142" not in said


def test_a_file_without_a_header_is_refused_and_its_first_row_is_not_told(directory, tmp_path):
    package = write_package(tmp_path / "p", organization=[organization()])
    (package / "organizations.csv").write_text(f"{key('x')},Ann Persona,+1 500 555 0142\n")

    report = directory.load(package)

    assert [(bad.line, bad.field, bad.fault) for bad in report.bad] == [
        (1, "column 1", Fault.NOT_HSDS_FIELD),
        (1, "column 2", Fault.NOT_HSDS_FIELD),
        (1, "column 3", Fault.NOT_HSDS_FIELD),
        (1, "id", Fault.NO_ID_COLUMN),
    ]
    assert "Ann" not in str(report)


def test_odd_lines_are_told_and_the_rest_is_kept(directory, tmp_path):
    package = write_package(tmp_path / "p", organization=[organization()])
    (package / "organizations.csv").write_bytes(
        b"\xef\xbb\xbfid,name,description,name,colour\r\n"
        + f'{key("a")},"Two\nlines",x,y,z\r\n'.encode()
        + f"{key('b')},Short\r\n".encode()
        + b"\r\n"
        + key("c").encode()
        + b",Caf\xe9,x,y,z\r\n"
        + f"{key('d')},Last,{'x' * 140_000},y,z\r\n".encode()
        + f"{key('e')},Kept,x,y,z\r\n".encode()
    )

    report = directory.load(package)

    assert told(report) == [
        ("organizations.csv", 1, "column 4", Fault.NOT_HSDS_FIELD, True),
        ("organizations.csv", 1, "column 5", Fault.NOT_HSDS_FIELD, True),
        ("organizations.csv", 4, "", Fault.ROW_WIDTH, False),
        ("organizations.csv", 6, "name", Fault.READ_AS_WINDOWS, True),
        ("organizations.csv", 7, "", Fault.ROW_UNREADABLE, False),
    ]
    assert {row["name"] for row in kept_in(directory, tables.organization).values()} == {
        "Two\nlines",
        "Café",
        "Kept",
    }


def test_a_field_may_be_long_but_not_endless(directory, tmp_path):
    rows = [
        organization("A", description="x" * 100_001),
        organization("B", description="x" * 99_999),
    ]

    report = directory.load(write_package(tmp_path / "p", organization=rows))

    assert told(report) == [("organizations.csv", 2, "description", Fault.TOO_LONG, True)]


def test_a_required_column_that_is_not_there_is_told_row_by_row(directory, tmp_path):
    nameless = {"id": key("y"), "organization_id": key("x"), "status": "active"}
    report = directory.load(
        write_package(
            tmp_path / "p", organization=[{"id": key("x"), "name": "X"}], service=[nameless]
        )
    )

    # Nobody is left out for want of a description.
    assert told(report) == [
        ("organizations.csv", 2, "description", Fault.MISSING, True),
        ("services.csv", 2, "name", Fault.MISSING, False),
    ]
    assert kept_in(directory, tables.organization)[key("x")]["description"] == BLANK


def test_an_attribute_whose_term_is_lost_is_kept_without_it(directory, tmp_path):
    package = write_package(
        tmp_path / "p",
        attribute=[{"id": key("a"), "link_id": key("x"), "taxonomy_term_id": key("lost")}],
    )

    report = directory.load(package)

    assert told(report) == [("attributes.csv", 2, "taxonomy_term_id", Fault.POINTS_NOWHERE, True)]
    assert key("a") in kept_in(directory, tables.attribute)


def test_the_report_reads_in_lines(directory, tmp_path):
    report = directory.load(
        write_package(
            tmp_path / "p", organization=[organization(website="x")], service=[service(by="X")]
        )
    )

    assert str(report).splitlines() == [
        "organization: 1 added, 0 changed, 0 unchanged, 0 removed",
        "service: 0 added, 0 changed, 0 unchanged, 0 removed",
        "organizations.csv:2 website: this is not a web address or URN (row kept without it)",
        "services.csv:2 organization_id: this points to a row that is not there",
        "1 refused",
    ]


def test_the_fictional_city_is_whole(directory):
    report = directory.load(SAMPLE_CITY)

    assert told(report) == []
    assert report.kept["organization"].added >= 60
    assert report.kept["service"].added >= 120
    assert directory.load(SAMPLE_CITY).kept["service"].unchanged == report.kept["service"].added
