"""Distances are those over the ground, and a withheld place is no finer than its cell."""

import json
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.geography import Point, cell_centre, cell_reach, covers, metres_between, polygons

points = st.builds(Point, st.floats(-80, 80), st.floats(-179, 179))
SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]


def test_a_degree_of_latitude_is_111_kilometres():
    assert isclose(metres_between(Point(0, 0), Point(1, 0)), 111_195, rel_tol=1e-4)


def test_half_the_way_around_is_the_longest():
    assert isclose(metres_between(Point(0, 0), Point(0, 180)), 20_015_115, rel_tol=1e-4)


@settings(deadline=None)
@given(points, points)
def test_there_is_as_far_as_back(one, other):
    assert isclose(metres_between(one, other), metres_between(other, one), abs_tol=1e-6)


@settings(deadline=None)
@given(points)
def test_a_place_is_within_reach_of_the_middle_of_its_cell(point):
    middle = cell_centre(point)

    assert metres_between(point, middle) <= cell_reach(middle) * 1.001
    assert cell_centre(middle) == middle


@settings(deadline=None)
@given(st.floats(0.001, 0.099), st.floats(0.001, 0.099))
def test_every_place_of_a_cell_is_told_alike(north, east):
    assert cell_centre(Point(-48.6 + north, -123.3 + east)) == Point(-48.55, -123.25)


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE]]},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE, HOLE]}},
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE, HOLE]}}
            ],
        },
    ],
)
def test_an_outline_covers_its_inside_without_its_holes(shape):
    outline = polygons(json.dumps(shape))

    assert covers(outline, Point(3, 3))
    assert not covers(outline, Point(1.5, 1.5))
    assert not covers(outline, Point(5, 3))


@pytest.mark.parametrize(
    "extent",
    [
        "all residents",
        "[]",
        "{}",
        '{"type": "Point", "coordinates": [1, 2]}',
        '{"type": "Polygon", "coordinates": [["a"]]}',
        '{"type": "Polygon", "coordinates": [[[1]]]}',
        "[" * 10_000,
    ],
)
def test_what_is_no_outline_covers_nothing(extent):
    assert polygons(extent) == ()
