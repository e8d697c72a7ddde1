"""Whoever matches names a place of the directory; no map is drawn, and no confidential house moves or adds one."""

from referral.candidate import Area, Circle, Place
from referral.geography import Point, cell_centre
from referral.match import match
from referral.places import circle_around, place_named, place_names
from referral.reasons import Because
from tests.referral.packages import write_package
from tests.referral.services import AT, HERE, away, harbor_house
from tests.referral.test_withheld import the_house


def test_areas_and_towns_are_places_and_areas_come_with_their_outline(ansel):
    with ansel.read() as connection:
        names = place_names(connection)
        assert place_names(connection) is names
        quayside, town = place_named(connection, "Quayside"), place_named(connection, "Ansel")
        around = circle_around(connection, "Quayside", 2_000)
        assert place_named(connection, "Nowhere") is None
        assert circle_around(connection, "Nowhere", 2_000) is None

    assert {"Quayside", "Ansel", "City of Ansel"} <= set(names)
    assert isinstance(quayside, Area)
    assert isinstance(town, Point)
    assert around == Circle("Quayside", quayside.middle, 2_000)


def test_the_town_of_a_confidential_house_is_not_a_place(directory, tmp_path):
    told = the_house()
    told["attribute"] = told["attribute"][1:]
    directory.load(write_package(tmp_path / "p", **told))
    with directory.read() as connection:
        assert place_names(connection) == ("Ansel",)

    directory.load(write_package(tmp_path / "q", **the_house()))
    with directory.read() as connection:
        assert place_names(connection) == ()
        assert place_named(connection, "Ansel") is None


def test_what_lies_within_a_circle_falls_out_and_a_cell_that_it_touches_is_asked():
    where = away(1_000)
    cases = {
        Place(where): (1_500, Because.IN_AVOIDED_AREA),
        Place(cell_centre(where), withheld=True): (1_500, Because.AVOIDED_AREA_NOT_KNOWN),
        Place(away(1_600)): (1_500, None),
    }
    for place, (metres, because) in cases.items():
        found = match(
            [harbor_house(places=(place,))],
            need="shelter",
            at=AT,
            avoids=[Circle("the harbour", HERE, metres)],
        )
        said = [reason.because for one in found.fitting for reason in one.reasons]
        said += [one.deciding.because for one in found.fallen_out]
        safety = {Because.IN_AVOIDED_AREA, Because.AVOIDED_AREA_NOT_KNOWN}
        assert safety & set(said) == ({because} if because else set())
