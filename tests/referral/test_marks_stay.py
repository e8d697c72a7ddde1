"""Harbor House is marked. Whatever packages say afterwards, only who edits the directory lifts the mark."""

import csv
import json

import pytest
from sqlalchemy import select

from referral import editing, tables
from referral.export import export_documents, export_tables
from referral.fields import Fault
from referral.history import Record
from referral.load import load_package
from referral.withheld import withheld
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_api import client_of
from tests.referral.test_withheld import AT, mark, the_house

HOUSE = key("house")


@pytest.fixture
def sends(directory, tmp_path):
    """Let a source send a package; return what was told of marks, and whether the house is still withheld."""

    def send(path=None, source="city", **package):
        path = path or write_package(
            tmp_path / f"{source} {len(list(tmp_path.iterdir()))}", **package
        )
        with directory.engine.begin() as connection:
            report = load_package(connection, path, source=source)
            told = [(bad.file, bad.line) for bad in report.bad if bad.fault is Fault.MARK_STAYS]
            return told, HOUSE in withheld(connection).location_ids

    return send


def test_no_source_lifts_a_mark_by_its_term_or_its_attribute(sends, tmp_path):
    assert sends(**the_house()) == ([], True)

    alone = tmp_path / "taxonomy_terms.json"
    alone.write_text(json.dumps([{"id": key("term"), "name": "Open", "description": "x"}]))
    assert sends(alone, "other") == ([("taxonomy_terms.json", 1)], True)
    # Another spelling is the same mark.
    spelt = {"id": key("term"), "code": "Confidential Location", "name": "c", "description": "c"}
    assert sends(source="other", taxonomy_term=[spelt]) == ([], True)

    for fields in (
        {"link_id": key("Night shelter")},
        {"taxonomy_term_id": key("shelter")},
        {"taxonomy_term_id": key("nowhere")},
    ):
        told, is_withheld = sends(source="other", attribute=[mark(HOUSE) | fields])
        assert (len(told), is_withheld) == (1, True)

    # Nor does the source that brought it, with nothing, or with a row that cannot be read.
    empty = the_house()
    empty["attribute"] = empty["attribute"][1:]
    assert sends(**empty) == ([], True)
    assert sends(source="other", attribute=empty["attribute"]) == ([("attributes.csv", 0)], True)
    assert sends(source="other", attribute=empty["attribute"]) == ([], True)
    without_a_term = the_house(taxonomy_term=the_house()["taxonomy_term"][1:])
    without_a_term["attribute"] = empty["attribute"]
    assert sends(**without_a_term)[1]


def test_a_mark_by_a_term_above_or_by_name_stays_too(sends):
    package = the_house()
    package["taxonomy_term"] += [
        {"id": key("refuge"), "code": "refuge", "name": "Refuge", "description": "r"}
        | {"parent_id": key("term")},
        {"id": key("named"), "name": "Confidential location", "description": "n"},
    ]
    package["attribute"][0]["taxonomy_term_id"] = key("refuge")
    assert sends(**package) == ([], True)
    moved = [{**package["taxonomy_term"][2], "parent_id": key("shelter")}]
    assert sends(source="other", taxonomy_term=moved) == ([("taxonomy_terms.csv", 2)], True)
    renamed = [{"id": key("named"), "name": "Open to all", "description": "n"}]
    assert sends(source="other", taxonomy_term=renamed) == ([("taxonomy_terms.csv", 2)], True)


def test_a_mark_that_came_before_its_place_or_without_an_id_of_its_own_withholds(sends):
    package = the_house()
    package["location"][0]["location_type"] = "house"
    assert sends(**package)[0] == [("attributes.csv", 2)]
    places = {name: the_house()[name] for name in ("location", "service_at_location", "address")}
    assert sends(source="other", **places) == ([], True)


@pytest.mark.parametrize("spoilt", [{"id": "m-1"}, {"id": key("need")}])
def test_a_mark_whose_id_cannot_be_kept_is_kept_under_another(sends, directory, spoilt):
    package = the_house()
    package["attribute"] = [package["attribute"][1], package["attribute"][0] | spoilt]
    assert sends(**package) == ([("attributes.csv", 3)], True)
    assert sends(**package) == ([("attributes.csv", 3)], True)
    with directory.read() as connection:
        assert len(connection.scalars(select(tables.attribute.c.id)).all()) == 2


def test_a_mark_set_by_hand_goes_out_comes_back_and_stays_until_it_is_lifted_by_hand(
    sends, directory, tmp_path
):
    package = the_house()
    package["attribute"] = package["attribute"][1:]
    assert sends(**package) == ([], False)
    with directory.engine.begin() as connection:
        typed = {"taxonomy_term_id": key("term")}
        its = editing.add(
            connection, "attribute", typed, to=Record("location", HOUSE), by="Ines", at=AT
        )
    out = tmp_path / "out"
    with directory.read() as connection:
        export_tables(connection, out)
    assert sends(out, "partner")[1]
    path = out / "attributes.csv"
    rows = list(csv.DictReader(path.read_text().splitlines()))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(row for row in rows if row["id"] != its)
    assert sends(out, "partner")[1]

    with directory.engine.begin() as connection:
        editing.take_away(connection, "attribute", its, by="Ines", at=AT)
        assert not withheld(connection).location_ids
    assert sends(out, "partner") == ([], False)


def test_a_place_that_an_import_leads_away_from_what_is_marked_is_marked_itself(sends, directory):
    package = the_house()
    package["attribute"][0] = mark(key("Night shelter"), link_entity="service")
    package["service_at_location"].append(
        {"id": key("other site"), "service_id": key("Night shelter"), "location_id": key("other")}
    )
    package["location"].append({"id": key("other"), "location_type": "physical", "name": "Quay"})
    sends(**package)
    package["service_at_location"].pop(0)

    told, is_withheld = sends(**package)

    assert (told, is_withheld) == ([("locations.csv", 2)], True)
    assert sends(**package) == ([], True)
    with directory.read() as connection:
        assert withheld(connection).location_ids == {HOUSE, key("other")}


def test_a_term_that_could_not_be_read_is_mended_by_who_sent_it(sends):
    package = the_house()
    package["attribute"][0]["taxonomy_term_id"] = "lost"
    assert sends(**package) == ([], True)
    package["attribute"][0]["taxonomy_term_id"] = key("shelter")
    assert sends(source="other", attribute=package["attribute"])[1]
    with_it = the_house(organization=[organization()])
    with_it["attribute"][0] |= {"id": key("again"), "taxonomy_term_id": "lost", "link_id": key("x")}
    assert sends(source="third", attribute=with_it["attribute"][:1]) == ([], True)
    with_it["attribute"][0]["taxonomy_term_id"] = key("shelter")
    told, _ = sends(source="third", attribute=with_it["attribute"][:1])
    assert told == []


def test_what_a_withheld_place_shares_is_told_nowhere(sends, directory, tmp_path):
    package = the_house()
    night, house = {"service_id": key("Night shelter")}, {"organization_id": key("Harbor House")}
    package["phone"] += [
        {"id": key("p3"), "location_id": HOUSE, "number": "555 9999", **night},
        {"id": key("p4"), "service_at_location_id": key("site"), "number": "555 8888", **house},
        {"id": key("p5"), "contact_id": key("c3"), "number": "555 7777", **house},
    ]
    package["contact"].append({"id": key("c3"), "location_id": HOUSE, "name": "Zelda", **house})
    package["schedule"].append(
        {"id": key("s3"), "location_id": HOUSE, "opens_at": "10:00", "closes_at": "11:00", **night}
        | {"notes": "purple door"}
    )
    package["attribute"].append(
        {"id": key("said"), "link_id": key("site"), "taxonomy_term_id": key("shelter")}
        | {"link_entity": "service_at_location", "value": "blue gate", "label": "ring twice"}
    )
    sends(**package)

    told = client_of(directory).get("/directory/services?full=true&format=ndjson").text
    for way in (export_tables, export_documents):
        with directory.read() as connection:
            way(connection, tmp_path / way.__name__)
        told += "".join(path.read_text() for path in (tmp_path / way.__name__).iterdir())
    for secret in ("9999", "8888", "7777", "Zelda", "purple", "blue gate", "ring twice"):
        assert secret not in told
    assert "10:00" in told


def test_what_lost_its_place_is_not_handed_out_as_nobodys(sends, directory, tmp_path):
    package = the_house()
    package["location"][0]["location_type"] = "house"
    sends(**package)

    for way in (export_tables, export_documents):
        with directory.read() as connection:
            way(connection, tmp_path / way.__name__)
        told = "".join(path.read_text() for path in (tmp_path / way.__name__).iterdir())
        assert [w for w in ("Wren", "0177", "Ann", "green door", "3rd floor") if w in told] == []
    assert sends(**the_house()) == ([], True)


def test_what_was_changed_here_leaves_neither_the_api_nor_what_is_handed_out(
    sends, directory, tmp_path
):
    sends(organization=[organization()], service=[service()])
    with directory.engine.begin() as connection:
        for typed in ({"email": "ann.private@x.example"}, {"email": ""}):
            editing.edit(connection, "service", key("Night shelter"), typed, by="Ines", at=AT)
        export_tables(connection, tmp_path / "csv")
        export_documents(connection, tmp_path / "json")
    told = client_of(directory).get(f"/directory/services/{key('Night shelter')}").text
    for folder in ("csv", "json"):
        told += "".join(path.read_text() for path in (tmp_path / folder).iterdir())
    assert "ann.private" not in told
