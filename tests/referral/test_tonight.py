"""A woman with her girl needs a place tonight. She speaks Tigrinya and has no papers with her.

Noor asks the directory of the fictional city, as the console does.
"""

from datetime import UTC, datetime

from referral.candidate import Person
from referral.match import match
from referral.reasons import Because, Change
from referral.shortlist import area_named, shortlist

TONIGHT = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)  # half past four in the morning in Ansel
SHE = Person(gender="woman", age=(25, 40), with_children=True)
OLD_TOWN = (-48.520, -123.300)


def tonight(ansel, **more):
    with ansel.read() as connection:
        services = shortlist(connection, need="shelter")
    question = {"where": OLD_TOWN, "languages": ["ti"], "for_whom": SHE, "needs_no_documents": True}
    return match(services, need="shelter", at=TONIGHT, **(question | more))


def test_harbor_house_fits_best_and_bayt_al_amal_opens_later(ansel):
    first, *others = tonight(ansel).fitting

    assert (first.service.organization, first.service.name) == (
        "Harbor House",
        "Night shelter for women",
    )
    said = {reason.because: reason.facts for reason in first.reasons}
    assert said[Because.LANGUAGE_INTERPRETED] == {"language": "ti"}
    assert said[Because.CAPACITY_FREE]["available"] == 2
    assert said[Because.DISTANCE]["approximate"] is True
    [family] = [each for each in others if each.service.organization == "Bayt al-Amal"]
    opens = next(r.facts["opens"] for r in family.reasons if r.because is Because.OPEN_LATER)
    assert opens == datetime(2026, 11, 25, 15, tzinfo=UTC)


def test_the_others_say_why_they_fell_out(ansel):
    fallen = {each.service.name: each for each in tonight(ansel).fallen_out}

    for name, because, change in (
        ("Linden women’s house", Because.CHILDREN_NOT_TAKEN, Change.SECOND_PLACE),
        ("House for men", Because.GENDER_NOT_TAKEN, Change.EXCEPTION),
        ("Emergency rooms, city", Because.DOCUMENTS_ASKED, Change.DOCUMENTS),
        ("Hostel rooms in need", Because.STATUS_PAUSED, Change.REOPENS),
        ("Refuge rooms", Because.CAPACITY_FULL, Change.PLACE_FREE),
    ):
        assert fallen[name].deciding.because is because
        assert fallen[name].would_fit_if is change


def test_what_would_fit_if_fits_when_it_changes(ansel):
    with_papers = tonight(ansel, needs_no_documents=False)

    assert "Emergency rooms, city" in {each.service.name for each in with_papers.fitting}


def test_she_may_refuse_a_house(ansel):
    [harbor] = {
        each.service.organization_id
        for each in tonight(ansel).fitting
        if each.service.organization == "Harbor House"
    }

    refused = tonight(ansel, excluded=[harbor])
    assert "Harbor House" not in {each.service.organization for each in refused.fitting}


def test_who_is_in_a_district_is_served_by_who_serves_the_city(ansel):
    with ansel.read() as connection:
        found = tonight(ansel, where=area_named(connection, "Quayside"), within=60_000)

    assert {"Night shelter for women", "Family rooms"} <= {m.service.name for m in found.fitting}
    fallen = {each.service.name: each.deciding.because for each in found.fallen_out}
    assert fallen["Room over the boathouse"] is Because.AREA_NOT_SERVED
