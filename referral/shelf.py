"""Lay services out by need and by where they lie, so that a question looks only at those within its reach.

A plain box around the person, in degrees: whoever is outside is surely farther than the person can go. What comes
to the person, or may lie anywhere, is always within reach.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import cos, radians

from referral.candidate import Area, Candidate, Question
from referral.geography import CELL, EARTH_RADIUS, Point, cell_reach

_DEGREE = EARTH_RADIUS * radians(1)
_SLACK = cell_reach(Point(CELL / 2, CELL / 2)) + 10
"""Metres by which a withheld place may be nearer than the middle of its cell, where cells are widest."""


@dataclass(slots=True)
class _Row:
    """The services for one need: those that may be *anywhere*, and the others from south to north."""

    anywhere: list[Candidate] = field(default_factory=list)
    placed: list[tuple[float, float, Candidate]] = field(default_factory=list)
    latitudes: list[float] = field(default_factory=list)

    def put(self, service: Candidate) -> None:
        points = [place.point for place in service.places if place.point is not None]
        if not points or service.fetches or any(place.remote for place in service.places):
            self.anywhere.append(service)
        else:
            self.placed += [(point.latitude, point.longitude, service) for point in points]

    def sort(self) -> None:
        self.placed.sort(key=lambda each: each[0])
        self.latitudes = [latitude for latitude, _, _ in self.placed]

    def within(self, origin: Point, metres: float) -> Iterator[Candidate]:
        """Yield what may lie within *metres* of *origin*; one of several places may yield it again."""
        yield from self.anywhere
        north = metres / _DEGREE
        south_end = bisect_left(self.latitudes, origin.latitude - north)
        north_end = bisect_right(self.latitudes, origin.latitude + north)
        pole_side = min(89.9, abs(origin.latitude) + north)
        east = north / cos(radians(pole_side)) if pole_side < 89.9 else 180.0
        for _, longitude, service in self.placed[south_end:north_end]:
            if abs((longitude - origin.longitude + 180) % 360 - 180) <= east:
                yield service


class Shelf:
    """*services* that are asked about again and again; `match` takes it in their stead."""

    def __init__(self, services: Iterable[Candidate]) -> None:
        self.services = tuple(services)
        self._rows: dict[str, _Row] = {}
        for service in self.services:
            for need in service.needs:
                self._rows.setdefault(need, _Row()).put(service)
        for row in self._rows.values():
            row.sort()

    def within_reach(self, question: Question) -> list[Candidate]:
        """Return what may fit as far as need and distance go, each once; all the others are out."""
        row = self._rows.get(question.need, _Row())
        where, metres = question.where, question.within
        origin = where.middle if isinstance(where, Area) else where
        if origin is None or metres is None:
            found = [*row.anywhere, *(service for _, _, service in row.placed)]
        else:
            around = where.reach if isinstance(where, Area) else 0
            found = [*row.within(origin, metres + around + _SLACK)]
        return list({service.service_id: service for service in found}.values())
