"""What leaves is STIX 2.1 that validators accept without a word, and its ids follow from nothing."""

import json
import uuid
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import stix2
from flask import Flask

from hotline.leads import sending, stix
from hotline.leads.codes import CODES, CodeList, Tlp
from hotline.leads.disclose import CouldKnow, Precision, coarse
from hotline.leads.ladders import GENDERS
from hotline.leads.stix import Sender
from tests.leads.desk import Desk, draft

DAY = date(2026, 11, 25)
SENDER = Sender(
    str(uuid.uuid4()), "Example line", "2026-11-25T00:00:00.000Z", "2026-11-25T00:00:00.000Z"
)
FULL: dict[str, Any] = {
    "area": "RO-CT",
    "headline": "Workers at a car wash",
    "translations": {"ro": "Muncitori la o spălătorie auto.", "ar": "عمال في مغسلة سيارات."},
    "links": ("https://ads.example.com/post",),
    "minor": True,
    "person_language": "ro-MD",
    "town": "Constanța",
    "venue": "Spălătoria Nord",
    "precision": Precision.WEEK,
    "nationality": "MD",
    "age": 19,
    "gender": "Feminine",
    "plates": ("B 123 ABC",),
    "numbers": ("+40721000000",),
    "handles": ("@boss", "boss@chat"),
    "reports": 3,
}
OF_A_PERSON = ("minor", "person_language", "nationality", "age", "gender")
SCENE = {name: fact for name, fact in FULL.items() if name not in OF_A_PERSON}
SCENE["could_know"] = CouldKnow.MANY
LANGUAGES = (
    *(
        path.name.replace("_", "-")
        for path in Path("translations").iterdir()
        if (path / "LC_MESSAGES").is_dir()
    ),
    *("ti", "so", "sr-Latn", "pt-BR", "zh-Hant", "tl"),
)


def objects_of(tlp: Tlp = Tlp.STRICT, **changes: Any) -> list[dict[str, Any]]:
    told = coarse(draft(**changes))
    own = stix.lead_objects(told, stix.new_ids(uuid.uuid4().hex), SENDER, DAY, tlp=tlp)
    return [*stix.shared_objects(SENDER, own), *own]


def of_type(objects: Iterable[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [found for found in objects if found["type"] == kind]


def assert_valid(objects: list[dict[str, Any]]) -> None:
    """Hold *objects* against the standard, strictly: a warning is a failure too."""
    from stix2validator import ValidationOptions, validate_instance  # takes seconds to load

    for found in objects:
        stix2.parse(found, allow_custom=False)
    bundle = {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": objects}
    result = validate_instance(
        json.loads(json.dumps(bundle)), ValidationOptions(version="2.1", strict=True)
    )
    assert [str(error) for error in result.errors] == []
    assert [str(warning) for warning in result.warnings] == []


@pytest.mark.parametrize(
    "changes",
    [{}, FULL, {"people": None, "sector": "", "indicators": (), "control": ()}, {"country": "MT"}],
)
@pytest.mark.parametrize("tlp", list(Tlp))
def test_a_lead_is_valid_strictly(tlp: Tlp, changes: dict[str, Any]) -> None:
    assert_valid(objects_of(tlp, **changes))


def test_whatever_is_told_beside_what_else_is_valid_strictly() -> None:
    """Each fact alone, and all but each; what all leads share once."""
    objects = {found["id"]: found for found in objects_of()}
    chosen = [{}, *({name: FULL[name]} for name in FULL)]
    chosen += [{name: FULL[name] for name in FULL if name != without} for without in FULL]
    for changes in chosen:
        objects |= {found["id"]: found for found in objects_of(**changes)}
    for precision in Precision:
        objects |= {found["id"]: found for found in objects_of(**{**FULL, "precision": precision})}
    for gender in GENDERS:
        objects |= {found["id"]: found for found in objects_of(gender=gender)}
    assert_valid(list(objects.values()))


def test_every_code_is_valid_strictly_and_told_as_a_label_and_in_words() -> None:
    codes = {name: tuple(CODES[name]) for name in CodeList}
    changes = {
        "exploitation": codes[CodeList.EXPLOITATION],
        "indicators": codes[CodeList.INDICATOR],
        "control": codes[CodeList.CONTROL],
    }
    for sector in codes[CodeList.SECTOR]:
        objects = objects_of(**changes, sector=sector)
        assert_valid(objects)
        (report,) = of_type(objects, "report")
        told = (*changes["exploitation"], *changes["control"], sector)
        assert {f"htcds:{code}" for code in told} < set(report["labels"])
        for name, all_codes in codes.items():
            for code in all_codes if name is not CodeList.SECTOR else (sector,):
                assert CODES[name][code].label in report["description"]


def test_words_in_any_language_are_valid_strictly_and_none_is_lost() -> None:
    texts = {name: f"text {name}" for name in LANGUAGES}
    objects = {found["id"]: found for found in objects_of(translations=texts)}
    for language in LANGUAGES:
        objects |= {found["id"]: found for found in objects_of(language=language, headline="Words")}
    assert_valid(list(objects.values()))
    words = json.dumps(list(objects.values()))
    assert all(f'"{text}"' in words for text in texts.values())


def test_a_recalled_lead_is_valid_strictly_and_tells_nothing_of_what_it_told() -> None:
    own = [
        found
        for found in objects_of(**FULL)
        if stix.marked(Tlp.STRICT)[1] in found.get("object_marking_refs", ())
    ]
    last = [stix.recalled(found, DAY) for found in own if "modified" in found]
    assert {found["type"] for found in last} >= {"report", "note", "location", "observed-data"}
    assert_valid([*stix.shared_objects(SENDER, last), *last])
    kept = json.dumps(last, ensure_ascii=False)
    said = (
        "car wash",
        "Constanța",
        "Nord",
        "B 123",
        "+407",
        "boss",
        "ads.example",
        "htcds",
        "2026-11-09",
    )
    assert not [words for words in said if words in kept]
    observed = {found["id"] for found in own if "modified" not in found}
    assert observed
    assert not [found for found in observed if found in kept]


def test_what_a_client_reads_is_valid_strictly(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO", "BG")
    lead_id = desk.publishes(**SCENE)
    desk.publishes(country="BG")
    desk.recalls(desk.publishes(**{**SCENE, "area": ""}))
    assert lead_id
    assert_valid(dele.reads(app))


def test_there_are_no_indicators() -> None:
    assert "indicator" not in {found["type"] for found in objects_of(**FULL)}


def test_where_nothing_of_the_alleged_is_told_nothing_was_observed() -> None:
    assert not {"observed-data", *stix.OBSERVABLES} & {found["type"] for found in objects_of()}
    seen = of_type(objects_of(**FULL), "url") + of_type(objects_of(**FULL), "user-account")
    (observed,) = of_type(objects_of(**FULL), "observed-data")
    assert observed["object_refs"] == [found["id"] for found in seen]


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        (Precision.MONTH, "2026-11-01", "2026-11-30"),
        (Precision.WEEK, "2026-11-09", "2026-11-15"),
        (Precision.DAY, "2026-11-09", "2026-11-09"),
    ],
)
def test_it_was_observed_as_finely_as_is_told(precision: Precision, first: str, last: str) -> None:
    (observed,) = of_type(objects_of(**{**FULL, "precision": precision}), "observed-data")
    assert observed["first_observed"] == f"{first}T00:00:00.000Z"
    assert observed["last_observed"] == f"{last}T23:59:59.999Z"


def test_a_town_or_venue_is_one_leads_own_and_a_country_is_everybodys() -> None:
    shared, own = of_type(objects_of(**FULL), "location")
    assert shared["id"] == of_type(objects_of(area="RO-CT"), "location")[0]["id"]
    assert (own["city"], own["administrative_area"]) == ("Constanța", "RO-CT")
    assert own["name"] == "Spălătoria Nord, Constanța, RO-CT, Romania"
    assert own["id"] != of_type(objects_of(**FULL), "location")[1]["id"]


@pytest.mark.parametrize("tlp", list(Tlp))
def test_each_of_a_leads_own_objects_is_marked_as_it_may_be_passed_on(tlp: Tlp) -> None:
    objects = objects_of(tlp, **FULL)
    names = {found["id"]: found.get("name") for found in of_type(objects, "marking-definition")}
    own = [
        found
        for found in objects
        if "Handling" in map(names.get, found.get("object_marking_refs", ()))
    ]
    observed = [found for found in own if found["type"] in stix.OBSERVABLES]
    assert {names[found["object_marking_refs"][0]] for found in own if found not in observed} == {
        f"TLP:{tlp.upper()}"
    }
    # Several leads may tell what was observed.
    assert {names[found["object_marking_refs"][0]] for found in observed} == {"TLP:AMBER+STRICT"}


@pytest.mark.parametrize("tlp", list(Tlp))
def test_no_marking_is_beside_a_lead_that_it_does_not_bear(tlp: Tlp) -> None:
    names = {found["name"] for found in of_type(objects_of(tlp), "marking-definition")}
    assert names == {"Handling", "TLP:CLEAR", f"TLP:{tlp.upper()}"}


def test_every_lead_says_in_words_what_it_is_and_how_it_is_handled() -> None:
    for changes, count in ((FULL, "3 reports, may be one person."), ({}, "1 report.")):
        objects = objects_of(**changes)
        (report,) = of_type(objects, "report")
        (note,) = (found for found in of_type(objects, "note") if "labels" in found)
        for words in (report["description"], note["content"]):
            assert "Unverified information" in words
            assert "not evidence" in words
            assert "Not for immigration enforcement" in words
            assert "Do not try to find out who" in words
            assert report["extensions"][stix.EXTENSION_ID]["lead_ref"] in words
        assert count in report["description"]
        # Nobody judged it: STIX has no number for Admiralty F6.
        assert "confidence" not in report
        assert 'admiralty-scale:source-reliability="f"' in report["labels"]
        assert 'admiralty-scale:information-credibility="6"' in report["labels"]
    for words in ("B 123 ABC", "+40721000000", "@boss", "ads.example.com", "Eastern Europe"):
        assert words in of_type(objects_of(**FULL), "report")[0]["description"]


def test_every_reference_is_kept_beside_what_refers_to_it() -> None:
    objects = objects_of(**FULL)
    there = {found["id"] for found in objects} | {stix.stix_id_of("0" * 32)}
    for found in objects:
        single = [found.get("created_by_ref"), found.get("object_ref")]
        for ref in [*found.get("object_refs", []), *found.get("object_marking_refs", []), *single]:
            assert ref is None or ref in there


def test_what_leads_share_has_one_id_and_their_own_ids_are_random() -> None:
    first, second = objects_of(**FULL), objects_of(**FULL)
    shared = {found["id"] for found in first} & {found["id"] for found in second}
    kinds = {"marking-definition", "identity", "extension-definition", "location"}
    kinds |= set(stix.OBSERVABLES)
    assert {name.partition("--")[0] for name in shared} == kinds
    assert [f for f in first if f["id"] in shared] == [f for f in second if f["id"] in shared]


def test_its_own_properties_are_as_the_extension_defines_them() -> None:
    from jsonschema import validate  # takes seconds to load

    (report,) = of_type(objects_of(**FULL), "report")
    extension = report["extensions"][stix.EXTENSION_ID]
    validate(extension, stix.EXTENSION_SCHEMA)
    assert extension["victim_count_band"] == "6-10"
    assert extension["minor_involved"] == "yes"
    assert extension["person_language"] == "ro"
    assert set(extension) == set(stix.EXTENSION_SCHEMA["properties"])
    (definition,) = (f for f in objects_of() if f["type"] == "extension-definition")
    assert json.loads(definition["schema"]) == stix.EXTENSION_SCHEMA


def test_translations_belong_to_the_summary() -> None:
    objects = objects_of(**FULL)
    (note,) = (found for found in of_type(objects, "note") if "labels" not in found)
    (content,) = (found for found in objects if found["type"] == "language-content")
    assert (content["object_ref"], content["object_modified"]) == (note["id"], note["modified"])
    assert set(content["contents"]) == {"ro", "ar"}


def test_times_are_days_and_versions_still_rise() -> None:
    former = "2026-11-25T00:00:00.000Z"
    assert all(
        found.get("created", former).endswith("T00:00:00.000Z") for found in objects_of(**FULL)
    )
    assert stix.version_after(former, DAY) == "2026-11-25T00:00:00.001Z"
    assert stix.version_after(former, date(2026, 11, 26)) == "2026-11-26T00:00:00.000Z"


def test_a_hotline_that_changes_its_name_tells_those_who_know_it(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.store.write(lambda session: sending.introduce(session, "Night line", at=desk.at))
    desk.publishes()
    desk.store.write(lambda session: sending.introduce(session, "Day line", at=desk.at))
    names = [found["name"] for found in dele.reads(app, **{"match[type]": "identity"})]
    assert "Day line" in names
    assert "Night line" not in names
    assert_valid(dele.reads(app))
