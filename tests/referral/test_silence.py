"""What is handed out may be sent back: of confidential places it says nothing, and so it takes nothing of them away."""

from sqlalchemy import func, select

from referral import export
from referral.load import SAMPLE_CITY, load, plan, read_package
from referral.tables import TABLES
from referral.withheld import of_withheld, withheld
from tests.referral.packages import key, organization, service, write_package


def counts(connection):
    return {
        name: connection.scalar(select(func.count()).select_from(table))
        for name, table in TABLES.items()
        if name != "metadata"
    }


def test_our_own_export_takes_nothing_of_confidential_places_away(directory, tmp_path):
    with directory.engine.begin() as connection:
        load(connection, read_package(SAMPLE_CITY, source="city"))
        before = counts(connection)
        rows = {
            name: connection.execute(select(table).order_by(table.c.id)).all()
            for name, table in TABLES.items()
        }
        assert of_withheld(connection, withheld(connection))
        export.export_tables(connection, tmp_path / "out")
        incoming = read_package(tmp_path / "out", source="city")
        told = plan(connection, incoming).report
        report = load(connection, incoming)
        after = {
            name: connection.execute(select(table).order_by(table.c.id)).all()
            for name, table in TABLES.items()
        }
        assert counts(connection) == before
    assert [name for name in rows if rows[name] != after[name]] == []
    for each in (told, report):
        assert each.withheld > 0
        assert f"{each.withheld} kept: not in your package because it is confidential" in str(each)
        assert {one.changed + one.removed for one in each.kept.values()} == {0}


HOUSES = ("Hidden", "Open")


def package(tmp_path, name, *, streets=("Mill Road", "High Street"), **tables):
    its = {
        "organization": [organization(f"{one} House") for one in HOUSES],
        "service": [service(one, organization_id=key(f"{one} House")) for one in HOUSES],
        "location": [{"id": key(f"at {one}"), "location_type": "physical"} for one in HOUSES],
        "service_at_location": [
            {"id": key(f"site {one}"), "service_id": key(one), "location_id": key(f"at {one}")}
            for one in HOUSES
        ],
        "taxonomy_term": [
            {"id": key("t"), "code": "confidential-location", "name": "c", "description": "c"}
        ],
        "attribute": [
            {"id": key("m"), "link_id": key("at Hidden"), "taxonomy_term_id": key("t"), "link_entity": "location"}
        ],
        "address": [
            {"id": key(f"{number} {street}"), "location_id": key(f"at {one}"), "address_1": f"{number} {street}",
             "city": "Ansel", "state_province": "AN", "postal_code": f"{number}", "country": "GB", "address_type": kind}
            for one, street in zip(HOUSES, streets, strict=True)
            for number, kind in ((11, "physical"), (12, "postal"))
        ],
    }  # fmt: skip
    return read_package(write_package(tmp_path / name, **(its | tables)), source="them")


def test_who_tells_of_a_confidential_place_takes_away_what_they_leave_out(directory, tmp_path):
    whole = package(tmp_path, "p")
    some = package(tmp_path, "q")
    gone = key("12 Mill Road")
    some.rows["address"].pop(gone)
    some.met["address"].discard(gone)
    with directory.engine.begin() as connection:
        load(connection, whole)
        report = load(connection, some)
        left = set(connection.scalars(select(TABLES["address"].c.id)))
    assert report.withheld == 0
    assert gone not in left
    assert len(left) == 3


def test_a_house_that_is_gone_whole_takes_all_of_it_along(directory, tmp_path):
    with directory.engine.begin() as connection:
        load(connection, package(tmp_path, "p"))
        without = package(tmp_path, "q")
        for name in ("location", "service_at_location", "address"):
            for row in list(without.rows[name].values()):
                if key("at Hidden") in row.values.values():
                    del without.rows[name][row.values["id"]]
                    without.met[name].discard(row.values["id"])
        report = load(connection, without)
        left = set(connection.scalars(select(TABLES["address"].c.location_id)))
    assert (report.withheld, left) == (0, {key("at Open")})


def test_a_preview_says_what_changes_and_no_value_of_a_confidential_place(directory, tmp_path):
    with directory.engine.begin() as connection:
        load(connection, package(tmp_path, "p"))
        renamed = [service(one, organization_id=key(f"{one} House")) for one in HOUSES]
        renamed[1] |= {"eligibility_description": "Everyone", "description": "Near 11 Mill Road"}
        other = package(tmp_path, "q", service=renamed)
        for row in other.rows["address"].values():
            row.values["city"] = "Fernley"
        told = plan(connection, other).report.preview().splitlines()
    assert '      eligibility_description: "" → "Everyone"' in told
    assert not any("Mill Road" in line for line in told)
    public, hidden = key("11 High Street"), key("11 Mill Road")
    assert told[told.index(f"  ~ {hidden}") + 1] == "      city"
    assert told[told.index(f"  ~ {public}") + 1] in (
        '      city: "Ansel" → "Fernley"',
        "      city",
    )
