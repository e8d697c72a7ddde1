"""How far, and whether inside: plain arithmetic on points, in degrees and metres. Nothing is looked up."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import asin, cos, floor, hypot, radians, sin, sqrt

EARTH_RADIUS = 6_371_008.8
"""Mean radius in metres (IUGG R1)."""

CELL = 0.1
"""Side, in degrees, of the cell that a withheld place is known by: about 11 km."""

Ring = tuple[tuple[float, float], ...]
Polygon = tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees, north and east positive (WGS 84)."""

    latitude: float
    longitude: float


def metres_between(one: Point, other: Point) -> float:
    """Return the distance over the ground in metres, by the haversine formula."""
    north, east = (
        radians(other.latitude - one.latitude),
        radians(other.longitude - one.longitude),
    )
    narrowing = cos(radians(one.latitude)) * cos(radians(other.latitude))
    root = sin(north / 2) ** 2 + narrowing * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(root)))


def mean(points: Sequence[Point]) -> Point | None:
    """Return the point in the middle of *points*, None where there are none."""
    if not points:
        return None
    north, east = (sum(each) / len(points) for each in zip(*map(_degrees, points), strict=True))
    return Point(north, east)


def _degrees(point: Point) -> tuple[float, float]:
    return point.latitude, point.longitude


def cell_centre(point: Point) -> Point:
    """Return the middle of the cell that *point* lies in: all that is told of a withheld place.

    Distances are measured to the middle, so asking from many points finds the cell and nothing finer.
    """
    return Point(
        *(round((floor(d / CELL) + 0.5) * CELL, 6) for d in (point.latitude, point.longitude))
    )


def cell_reach(centre: Point) -> float:
    """Return how many metres a point of the cell around *centre* may be away from its middle."""
    degree = EARTH_RADIUS * radians(1)
    widest = cos(radians(max(0.0, abs(centre.latitude) - CELL / 2)))
    return degree * hypot(CELL / 2, CELL / 2 * widest)


def polygons(extent: str) -> tuple[Polygon, ...]:
    """Return the polygons of a GeoJSON *extent* (RFC 7946), or none where it is not one."""
    try:
        return tuple(_polygons(json.loads(extent)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()


def _polygons(shape: dict[str, object]) -> Iterator[Polygon]:
    match shape:
        case {"type": "Feature", "geometry": dict(geometry)}:
            yield from _polygons(geometry)
        case {"type": "FeatureCollection", "features": list(features)}:
            for feature in features:
                yield from _polygons(feature)
        case {"type": "Polygon", "coordinates": list(rings)}:
            yield _polygon(rings)
        case {"type": "MultiPolygon", "coordinates": list(several)}:
            for rings in several:
                yield _polygon(rings)


def _polygon(rings: list[list[list[float]]]) -> Polygon:
    return tuple(tuple((float(x), float(y)) for x, y, *_ in ring) for ring in rings)


def covers(shapes: Sequence[Polygon], point: Point) -> bool:
    """Say whether *point* lies in one of *shapes*: inside its first ring and in none of its holes."""
    return any(
        _within(outer, point) and not any(_within(hole, point) for hole in holes)
        for outer, *holes in filter(None, shapes)
    )


def _within(ring: Ring, point: Point) -> bool:
    """Count how often a ray to the east crosses *ring*; an odd number means inside."""
    x, y, inside = point.longitude, point.latitude, False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
