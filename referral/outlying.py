"""Points of a package that lie where none of the others do.

A point of which latitude and longitude are the wrong way round is left out: that a house is on the other side of the
world would be believed by who must keep away from it. What is far for another reason is told, and kept.
"""

from statistics import median

from referral.fields import Fault
from referral.geography import Point, metres_between
from referral.reading import Incoming, Row

_ENOUGH = 10
"""Points of a package from which it can be said where the others are."""

_FEW = 4
"""Of so many points one may be the wrong way round; where more are, nobody can say which those are."""

_POLE = 90
_FAR = 1_000_000
_TIMES = 20
"""Metres, and how many times the usual distance: from there on a point is far from the others."""


def leave_out_outliers(incoming: Incoming) -> None:
    """Tell which locations of *incoming* lie far from the others, and leave points out that are the wrong way round."""
    rows = incoming.rows.get("location", {}).values()
    points = [(row, point) for row in rows if (point := _point(row))]
    if len(points) < _ENOUGH:
        return
    middle = Point(
        median(point.latitude for _, point in points),
        median(point.longitude for _, point in points),
    )
    limit = max(_FAR, _TIMES * median(metres_between(middle, point) for _, point in points))
    far = [(row, point) for row, point in points if metres_between(middle, point) > limit]
    are_few = len(far) * _FEW <= len(points)
    for row, point in far:
        turned = Point(point.longitude, point.latitude)
        if are_few and abs(turned.latitude) <= _POLE and metres_between(middle, turned) <= limit:
            incoming.tell(row, "latitude", Fault.TURNED_ROUND, kept=True)
            row.values |= {"latitude": None, "longitude": None}
        else:
            incoming.tell(row, "latitude", Fault.FAR_AWAY, kept=True)


def _point(row: Row) -> Point | None:
    latitude, longitude = row.values.get("latitude"), row.values.get("longitude")
    if isinstance(latitude, float) and isinstance(longitude, float):
        return Point(latitude, longitude)
    return None
