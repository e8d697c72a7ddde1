"""What was typed of a lead is never lost by a step, and a newer version begins with what was told."""

from dataclasses import asdict
from datetime import date

import pytest

from hotline.console.lead_forms import Form, draft_of, eased, form_of, stepped
from hotline.leads.crowds import climbed
from hotline.leads.disclose import CouldKnow, LeadDraft, Precision, coarse
from hotline.leads.drafts import CouldKnow as Few
from tests.house import NOON
from tests.leads.desk import draft

TYPED = Form(
    [
        *(("country", "US"), ("area", "us-ca"), ("town", "Port Ansel"), ("venue", "Quay car wash")),
        *(("seen", "2026-02"), ("day", "9"), ("people", "6"), ("nationality", "RO"), ("age", "41")),
        *(("plates", "NC 40 ZZA\n NC 41 ZZB \n"), ("numbers", "+1 500 555 0100"), ("reports", "3")),
        *(("could_know", "5+"), ("tlp", "amber"), ("gender", "Feminine"), ("summary", "A worker.")),
    ]
)


def after(*steps: str) -> LeadDraft:
    form = TYPED
    for step in steps:
        form = stepped(Form([*form.items(multi=True), ("step", step)]))
    return draft_of(form, NOON)


def test_without_a_step_each_fact_leaves_as_it_was_typed_and_a_day_as_its_month() -> None:
    told = after()
    assert (told.area, told.town, told.venue) == ("US-CA", "Port Ansel", "Quay car wash")
    assert (told.seen, told.precision) == (date(2026, 2, 9), Precision.MONTH)
    assert told.plates == ("NC 40 ZZA", "NC 41 ZZB")
    assert (told.age, told.people, told.reports) == (41, 6, 3)
    assert (told.tlp, told.could_know) == ("amber", CouldKnow.MANY)
    assert told.coarser == frozenset()


def test_a_step_tells_less_and_a_step_back_tells_what_was_typed() -> None:
    town = after("place town")
    assert (town.town, town.venue) == ("Port Ansel", "")
    assert after("place country", "place venue").venue == "Quay car wash"
    assert after("nationality region").coarser == {"nationality"}
    assert after("nationality").nationality == ""
    assert after("nationality", "nationality subregion").nationality == "RO"
    assert after("age_band").age is None
    assert (after("plates").plates, after("plates").numbers) == ((), ("+1 500 555 0100",))
    assert after("people").people is None
    assert after("time week").precision is Precision.WEEK
    assert after("could_know 2-4").could_know is Few.FEW


@pytest.mark.parametrize("step", ["place", "place moon", "moon full", "summary Mine", "warned 1"])
def test_what_is_no_step_changes_nothing(step: str) -> None:
    assert after(step) == after()


@pytest.mark.parametrize("day", ["", "31", "0", "x", "٣"])
def test_where_no_such_day_was_none_is_told(day: str) -> None:
    form = stepped(Form([*TYPED.items(multi=True), ("step", "time day")]))
    form["day"] = day
    told = draft_of(form, NOON)
    assert (told.precision, told.seen) == (Precision.MONTH, date(2026, 2, 1))


def test_the_steps_that_were_found_are_taken_and_the_others_stay() -> None:
    before = after("plates")
    cheapest = climbed(before, {"nationality": "region", "age_band": "", "place": "area"})
    form = eased(stepped(Form([*TYPED.items(multi=True), ("step", "plates")])), before, cheapest)
    assert draft_of(form, NOON) == cheapest
    assert form["age"] == "41"


def test_a_newer_version_begins_with_what_was_told() -> None:
    for changes in (
        {"seen": date(2026, 11, 18), "precision": Precision.WEEK, "town": "Port Ansel"},
        {"precision": Precision.DAY, "age": 41, "coarser": frozenset({"age_band"}), "reports": 2},
        {"age": 22, "people": 14, "minor": False, "plates": ("NC 40 ZZA",), "gender": "Feminine"},
        {"links": ("https://ads.example/a",), "person_language": "ro", "area": "GB-SCT"},
    ):
        told = coarse(draft(**changes))
        form = form_of(told, "2-4", "amber")
        again = draft_of(form, NOON)
        assert coarse(again) == told, changes
        assert (again.could_know, again.tlp) == (CouldKnow.FEW, "amber")
    # From a region no country follows: it is asked for again.
    from_there = coarse(draft(nationality="RO"))
    assert asdict(coarse(draft_of(form_of(from_there, "5+", "amber"), NOON))) == {
        **asdict(from_there),
        "nationality": "",
    }
