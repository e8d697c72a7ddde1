"""Who fits is told with reasons, who does not with the deciding fact, and chance has no part in it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from referral.candidate import Area, Capacity, Cost, Person, Place
from referral.geography import cell_centre
from referral.languages import is_signed, main_language
from referral.match import NotAQuestion, match
from referral.reasons import Because, Change, Standing
from tests.referral.services import (
    ALWAYS,
    AT,
    HERE,
    OFFICE_HOURS,
    SQUARE,
    away,
    harbor_house,
    square,
)

WOMAN = Person(gender="woman", age=(20, 30))


def ask(*services, **question):
    return match(services, **({"need": "shelter", "at": AT} | question))


def reason_of(service, **question):
    """Return the reasons of the one *service*, by code, whether it fits or not."""
    found = ask(service, **question)
    reasons = [*found.fitting[0].reasons] if found.fitting else []
    for fallen in found.fallen_out:
        reasons += [fallen.deciding, *fallen.also]
    return {reason.because: reason for reason in reasons}


def change_for(service, **question):
    """Return why the one *service* falls out, and what would change it."""
    found = ask(service, **question)
    assert not found.fitting
    return found.fallen_out[0].deciding.because, found.fallen_out[0].would_fit_if


def test_a_no_that_we_were_told_counts_for_one_night_as_a_word_about_all_beds():
    said = AT - timedelta(minutes=40)
    older = (Capacity(2, "bed", AT - timedelta(hours=2)),)
    [fallen] = ask(harbor_house(capacities=older, no_room=said)).fallen_out
    assert fallen.deciding.because is Because.CAPACITY_SAID_NO
    assert fallen.deciding.facts == {"said": said}
    assert fallen.would_fit_if is Change.PLACE_FREE
    assert ask(harbor_house(no_room=AT - timedelta(hours=6))).fitting
    # A count that came after it holds; of several kinds it was about one.
    newer = (Capacity(2, "bed", AT - timedelta(minutes=20)),)
    [fits] = ask(harbor_house(capacities=newer, no_room=said)).fitting
    assert fits.score.room == 0
    kinds = (*older, Capacity(1, "family room", AT - timedelta(hours=2)))
    [fits] = ask(harbor_house(capacities=kinds, no_room=said)).fitting
    assert fits.score.room == 3


def test_a_service_that_fits_says_why():
    found = ask(harbor_house(), for_whom=WOMAN)

    reasons = {reason.because: reason for reason in found.fitting[0].reasons}
    assert set(reasons) == {Because.NEED_OFFERED, Because.CAPACITY_FREE, Because.OPEN_NOW}
    assert reasons[Because.CAPACITY_FREE].facts == {
        "available": 2,
        "unit": "bed",
        "said": AT - timedelta(hours=2),
    }
    assert found.fallen_out == ()


@pytest.mark.parametrize(
    ("facts", "question", "because", "change"),
    [
        ({}, {"need": "legal"}, Because.NEED_NOT_OFFERED, Change.NEVER),
        ({"status": "defunct"}, {}, Because.STATUS_ENDED, Change.NEVER),
        ({"status": "inactive"}, {}, Because.STATUS_PAUSED, Change.REOPENS),
        (
            {},
            {"excluded": [harbor_house().organization_id]},
            Because.PERSON_REFUSED,
            Change.PERSON_CHANGES_IT,
        ),
        (
            {},
            {"excluded": [harbor_house().service_id]},
            Because.PERSON_REFUSED,
            Change.PERSON_CHANGES_IT,
        ),
        (
            {"minimum_age": 18},
            {"for_whom": Person(minor=True)},
            Because.AGE_TOO_YOUNG,
            Change.EXCEPTION,
        ),
        (
            {"maximum_age": 17},
            {"for_whom": Person(minor=False)},
            Because.AGE_TOO_OLD,
            Change.EXCEPTION,
        ),
        (
            {"serves": frozenset({"woman"})},
            {"for_whom": Person(gender="man")},
            Because.GENDER_NOT_TAKEN,
            Change.EXCEPTION,
        ),
        (
            {"takes_children": False},
            {"for_whom": Person(with_children=True)},
            Because.CHILDREN_NOT_TAKEN,
            Change.SECOND_PLACE,
        ),
        (
            {"areas": (Area("Ansel", SQUARE),)},
            {"where": Area("Port Corran", square(-49.0))},
            Because.AREA_NOT_SERVED,
            Change.PERSON_IN_AREA,
        ),
        (
            {"areas": (Area("Ansel", SQUARE),)},
            {"where": (-40.0, -100.0)},
            Because.AREA_NOT_SERVED,
            Change.PERSON_IN_AREA,
        ),
        (
            {"documents": ("passport",)},
            {"needs_no_documents": True},
            Because.DOCUMENTS_ASKED,
            Change.DOCUMENTS,
        ),
        ({"costs": (Cost(5, "XAC"),)}, {"must_be_free": True}, Because.COST_ASKED, Change.PAID),
        (
            {"step_free": False},
            {"needs_step_free": True},
            Because.NOT_STEP_FREE,
            Change.OTHER_SITE,
        ),
        (
            {"places": (Place(away(61_000)),)},
            {"where": HERE, "within": 60_000},
            Because.TOO_FAR,
            Change.TRAVEL,
        ),
        (
            {"places": (Place(away(600)),)},
            {"where": HERE, "keep_away": 1_000},
            Because.TOO_NEAR,
            Change.NEVER,
        ),
        (
            {"languages": frozenset({"en"})},
            {"languages": ["ti"]},
            Because.LANGUAGE_NOT_SPOKEN,
            Change.INTERPRETER,
        ),
        (
            {"capacities": (Capacity(0, "bed", AT - timedelta(hours=1)),)},
            {},
            Because.CAPACITY_FULL,
            Change.PLACE_FREE,
        ),
        (
            {"schedules": OFFICE_HOURS},
            {"open_by": AT + timedelta(hours=3)},
            Because.OPEN_TOO_LATE,
            Change.CAN_WAIT,
        ),
        (
            {"schedules": (replace(ALWAYS[0], valid_to=AT.date() - timedelta(days=2)),)},
            {},
            Because.OPEN_NO_MORE,
            Change.REOPENS,
        ),
    ],
)
def test_what_does_not_fit_says_the_deciding_fact_and_what_would_change_it(
    facts, question, because, change
):
    assert change_for(harbor_house(**facts), **question) == (because, change)


@pytest.mark.parametrize(
    ("facts", "question", "because", "standing"),
    [
        ({"minimum_age": 18}, {}, Because.AGE_NOT_KNOWN, Standing.WAIT),
        (
            {"minimum_age": 18},
            {"for_whom": Person(age=(16, 20))},
            Because.AGE_NOT_KNOWN,
            Standing.WAIT,
        ),
        (
            {"maximum_age": 18},
            {"for_whom": Person(age=(16, 20))},
            Because.AGE_NOT_KNOWN,
            Standing.WAIT,
        ),
        (
            {"minimum_age": 18},
            {"for_whom": Person(minor=False)},
            Because.AGE_TAKEN,
            Standing.YES,
        ),
        (
            {"serves": frozenset({"woman"})},
            {"for_whom": WOMAN},
            Because.GENDER_TAKEN,
            Standing.YES,
        ),
        ({"serves": frozenset({"woman"})}, {}, Because.GENDER_NOT_KNOWN, Standing.WAIT),
        (
            {"serves": frozenset({"woman"})},
            {"for_whom": Person(gender="other")},
            Because.GENDER_NOT_KNOWN,
            Standing.WAIT,
        ),
        (
            {"takes_children": True},
            {"for_whom": Person(with_children=True)},
            Because.CHILDREN_TAKEN,
            Standing.YES,
        ),
        (
            {},
            {"for_whom": Person(with_children=True)},
            Because.CHILDREN_NOT_KNOWN,
            Standing.WAIT,
        ),
        ({"areas": (Area("Ansel"),)}, {"where": " ANSEL"}, Because.AREA_SERVED, Standing.YES),
        (
            {"areas": (Area("Ansel", SQUARE),)},
            {"where": HERE},
            Because.AREA_SERVED,
            Standing.YES,
        ),
        ({"areas": (Area("Ansel"),)}, {"where": HERE}, Because.AREA_NOT_KNOWN, Standing.WAIT),
        (
            {"areas": (Area("Linden"),)},
            {"where": "Quayside"},
            Because.AREA_NOT_KNOWN,
            Standing.WAIT,
        ),
        (
            {"areas": (Area("Ansel", SQUARE),)},
            {"where": "Quayside"},
            Because.AREA_NOT_KNOWN,
            Standing.WAIT,
        ),
        # A district inside the city is served; of the whole coast, a city is only a part.
        (
            {"areas": (Area("Ansel", SQUARE),)},
            {"where": Area("Quayside", square(-48.5, 0.01))},
            Because.AREA_SERVED,
            Standing.YES,
        ),
        (
            {"areas": (Area("Ansel", square(-48.1, 0.1)),)},
            {"where": Area("The coast", square(-48.5, 0.9))},
            Because.AREA_NOT_KNOWN,
            Standing.WAIT,
        ),
        ({}, {"where": HERE}, Because.DISTANCE_NOT_KNOWN, Standing.WAIT),
        (
            {"places": (Place(remote=True),)},
            {"where": HERE, "within": 5},
            Because.DISTANCE_REMOTE,
            Standing.YES,
        ),
        (
            {"places": (Place(away(61_000)),), "fetches": True},
            {"where": HERE, "within": 60_000},
            Because.DISTANCE,
            Standing.YES,
        ),
        ({"fetches": True}, {}, Because.FETCHES, Standing.YES),
        ({}, {"needs_fetching": True}, Because.DOES_NOT_FETCH, Standing.NO),
        ({"documents": ("passport",)}, {}, Because.DOCUMENTS_ASKED, Standing.NO),
        ({"asks_no_documents": True}, {}, Because.DOCUMENTS_NONE, Standing.YES),
        ({}, {"needs_no_documents": True}, Because.DOCUMENTS_NOT_KNOWN, Standing.WAIT),
        ({"costs": (Cost(0),)}, {}, Because.COST_FREE, Standing.YES),
        ({"costs": (Cost(5, "XAC"),)}, {}, Because.COST_ASKED, Standing.NO),
        ({}, {"must_be_free": True}, Because.COST_NOT_KNOWN, Standing.WAIT),
        (
            {"costs": (Cost(5), Cost(0))},
            {"must_be_free": True},
            Because.COST_NOT_KNOWN,
            Standing.WAIT,
        ),
        ({"step_free": True}, {"needs_step_free": True}, Because.STEP_FREE, Standing.YES),
        ({}, {"needs_step_free": True}, Because.ACCESS_NOT_KNOWN, Standing.WAIT),
        (
            {"languages": frozenset({"ti"})},
            {"languages": ["ti-ER"]},
            Because.LANGUAGE_SPOKEN,
            Standing.YES,
        ),
        (
            {"interpreted": frozenset({"ti"})},
            {"languages": ["ti"]},
            Because.LANGUAGE_INTERPRETED,
            Standing.YES,
        ),
        (
            {"languages": frozenset({"en"}), "by_telephone": frozenset({"*"})},
            {"languages": ["ti"]},
            Because.LANGUAGE_BY_TELEPHONE,
            Standing.WAIT,
        ),
        ({}, {"languages": ["ti"]}, Because.LANGUAGE_NOT_KNOWN, Standing.WAIT),
        ({"capacities": ()}, {}, Because.CAPACITY_NOT_KNOWN, Standing.WAIT),
        (
            {"capacities": (Capacity(0, "bed", AT - timedelta(days=9)),)},
            {},
            Because.CAPACITY_FULL_LONG_AGO,
            Standing.WAIT,
        ),
        (
            {"capacities": (Capacity(1, "bed", AT - timedelta(days=9)),)},
            {},
            Because.CAPACITY_FREE_LONG_AGO,
            Standing.WAIT,
        ),
        ({"schedules": ()}, {}, Because.OPEN_NOT_KNOWN, Standing.WAIT),
        ({"schedules": OFFICE_HOURS}, {}, Because.OPEN_LATER, Standing.WAIT),
        ({"withheld": True}, {}, Because.ADDRESS_WITHHELD, Standing.WAIT),
    ],
)
def test_what_still_fits_says_what_is_for_it_and_what_must_be_asked(
    facts, question, because, standing
):
    found = ask(harbor_house(**facts), **question)

    assert [(r.because, r.standing) for r in found.fitting[0].reasons if r.because is because] == [
        (because, standing)
    ]


def test_a_doctor_does_not_ask_who_comes_along():
    doctor = harbor_house(needs=frozenset({"medical"}))

    assert Because.CHILDREN_NOT_KNOWN not in reason_of(
        doctor, need="medical", for_whom=Person(with_children=True)
    )


def test_a_price_counts_on_its_own_days_only():
    last_year = Cost(9, "XAC", valid_to=AT.date() - timedelta(days=300))

    assert Because.COST_FREE in reason_of(harbor_house(costs=(last_year, Cost(0))))


def test_the_deciding_fact_is_the_one_least_likely_to_change():
    full_and_refused = harbor_house(capacities=(Capacity(0, "bed", AT),), minimum_age=18)

    fallen = ask(full_and_refused, for_whom=Person(minor=True)).fallen_out[0]

    assert fallen.deciding.because is Because.AGE_TOO_YOUNG
    assert [reason.because for reason in fallen.also] == [Because.CAPACITY_FULL]


def test_some_places_too_near_are_asked_about_and_all_of_them_fall_out():
    near, far = Place(away(600)), Place(away(9_000))
    question = {"where": HERE, "keep_away": 1_000}

    assert Because.TOO_NEAR in reason_of(harbor_house(places=(near, near)), **question)
    assert Because.NEARNESS_NOT_KNOWN in reason_of(harbor_house(places=(near, far)), **question)
    assert set(reason_of(harbor_house(places=(far,)), **question)).isdisjoint(
        {Because.TOO_NEAR, Because.NEARNESS_NOT_KNOWN}
    )


def test_a_withheld_place_in_the_next_cell_may_be_too_near_so_it_is_asked():
    shelter = harbor_house(places=(Place(cell_centre(away(3_000)), withheld=True),), withheld=True)

    reasons = reason_of(shelter, where=HERE, keep_away=1_000)

    assert reasons[Because.NEARNESS_NOT_KNOWN].standing is Standing.WAIT
    assert reasons[Because.DISTANCE].facts["approximate"] is True


def test_a_withheld_place_falls_out_as_too_far_only_when_its_whole_cell_is():
    shelter = harbor_house(places=(Place(cell_centre(HERE), withheld=True),))
    middle = ask(shelter, where=HERE).fitting[0].score.metres

    assert Because.DISTANCE in reason_of(shelter, where=HERE, within=middle - 1_000)
    assert Because.TOO_FAR in reason_of(shelter, where=away(90_000), within=20_000)


def test_from_an_area_distances_count_from_its_middle_and_fall_out_only_surely():
    quayside = Area("Quayside", square(HERE.latitude, 0.05))
    shelter = harbor_house(places=(Place(away(9_000)),))

    reasons = reason_of(shelter, where=quayside, within=4_000)

    assert reasons[Because.DISTANCE].facts == {"metres": 9_000, "approximate": True}
    assert Because.TOO_FAR in reason_of(shelter, where=quayside, within=1_000)
    assert Because.DISTANCE_NOT_KNOWN in reason_of(shelter, where="Quayside", within=1_000)


def test_order_is_fits_tonight_then_distance_then_how_soon_they_answer():
    place = (Place(away(5_000)),)
    tonight_near = harbor_house(service_id="1", places=(Place(away(900)),), answers_in=90)
    tonight_far_quick = harbor_house(service_id="2", places=place, answers_in=12)
    tonight_far_slow = harbor_house(service_id="3", places=place, answers_in=55)
    tonight_far_silent = harbor_house(service_id="4", places=place)
    tonight_nowhere = harbor_house(service_id="5")
    tomorrow = harbor_house(service_id="6", places=(Place(HERE),), schedules=OFFICE_HOURS)
    unsure = harbor_house(service_id="7", places=(Place(HERE),), minimum_age=18)

    found = ask(
        unsure,
        tomorrow,
        tonight_nowhere,
        tonight_far_silent,
        tonight_far_slow,
        tonight_far_quick,
        tonight_near,
        where=HERE,
    )

    assert [each.service.service_id for each in found.fitting] == list("1234567")


def test_sooner_open_comes_before_later_open():
    def opens(service_id, **later):
        start = AT + timedelta(**later)
        only = replace(ALWAYS[0], opens=start.time(), closes=start.time(), dtstart=start.date())
        return harbor_house(service_id=service_id, schedules=(only,))

    found = ask(opens("c", days=5), opens("b", days=2), opens("a", hours=6))

    assert [(m.service.service_id, m.score.wait) for m in found.fitting] == [
        ("a", 1),
        ("b", 2),
        ("c", 3),
    ]


def test_those_that_never_fit_stand_before_those_that_may():
    full = harbor_house(service_id="1", capacities=(Capacity(0, "bed", AT),))
    gone = harbor_house(service_id="2", status="defunct")

    assert [each.service.service_id for each in ask(full, gone).fallen_out] == ["2", "1"]


@pytest.mark.parametrize(
    "question",
    [
        {"need": "helicopter"},
        {"at": datetime(2026, 11, 25, 21, 0)},
        {"open_by": datetime(2026, 11, 26, 9, 0)},
    ],
)
def test_a_wrong_question_is_refused(question):
    with pytest.raises(NotAQuestion):
        ask(harbor_house(), **question)


def test_a_point_may_be_given_as_a_pair():
    shelter = harbor_house(places=(Place(away(2_000)),))

    assert ask(shelter, where=(HERE.latitude, HERE.longitude)) == ask(shelter, where=HERE)


@pytest.mark.parametrize(
    ("code", "language"),
    [("sgn-US", "ase"), ("sgn_gb", "bfi"), ("sgn-ase", "ase"), ("ase", "ase"), ("sgn", "sgn")],
)
def test_a_sign_language_is_that_of_a_country_or_has_a_code(code, language):
    assert main_language(code) == language
    assert is_signed(code)
    assert not is_signed("pt-BR")
