"""The rules of matching that look at places: who is served where, how far it is, and where nobody must come.

Of a withheld place its cell alone is known, and of some people an area alone: what is not sure is asked.
"""

from typing import NamedTuple

from referral.candidate import Area, Candidate, Circle, Place, Question
from referral.geography import Point, cell_reach, covers, metres_between
from referral.reasons import Because, Change, Fact, Reason, out, wait, yes


def nearness(service: Candidate, question: Question) -> Reason | None:
    """Keep out what lies too near to where the person must not be seen.

    Of a withheld place only its cell is known, so it may turn out too near: a caseworker asks the service.
    So it is where only some places of a service are too near.
    """
    seen = sightings(service, question) if question.keep_away else []
    if not seen:
        return None
    if all(each.furthest < question.keep_away for each in seen):
        return out(
            Because.TOO_NEAR,
            Change.NEVER,
            metres=min(each.metres for each in seen),
            keep_away=question.keep_away,
        )
    if any(each.closest < question.keep_away for each in seen):
        return wait(Because.NEARNESS_NOT_KNOWN, keep_away=question.keep_away)
    return None


def avoided(service: Candidate, question: Question) -> Reason | None:
    """Keep out what lies where the person must not come; where one place does or may, it must be asked.

    What is done at a distance is done from anywhere.
    """
    places = [place for place in service.places if not place.remote]
    for area in question.avoids if places else ():
        lies = {_lies_in(area, place) for place in places}
        if lies == {True} and len(places) == len(service.places):
            return out(Because.IN_AVOIDED_AREA, Change.NEVER, area=area.name)
        if lies != {False}:
            return wait(Because.AVOIDED_AREA_NOT_KNOWN, area=area.name)
    return None


def _lies_in(area: Area | Circle, place: Place) -> bool | None:
    """Say whether *place* lies in *area*; None where that cannot be told, as of a cell that touches it."""
    if place.point is None or area.middle is None:
        return None
    if not place.withheld:
        return area.covers(place.point)
    apart = metres_between(area.middle, place.point)
    return False if apart > area.reach + cell_reach(place.point) else None


def area(service: Candidate, question: Question) -> Reason | None:
    """Compare the place with the service's areas, by outline, or by name where none is drawn.

    Names that differ decide nothing: a district lies in a city that is called otherwise.
    """
    where, areas = question.where, service.areas
    if where is None or not areas:
        return None
    served = sorted(each.name for each in areas if _serves(each, where))
    if served:
        return yes(Because.AREA_SERVED, area=served[0])
    if any(_may_serve(each, where) for each in areas):
        return wait(Because.AREA_NOT_KNOWN)
    names = ", ".join(sorted({each.name for each in areas}))
    return out(Because.AREA_NOT_SERVED, Change.PERSON_IN_AREA, areas=names)


def _serves(served: Area, where: Point | Area) -> bool:
    if isinstance(where, Point):
        return covers(served.outline, where)
    middle = where.middle
    return served.is_named(where.name) or (middle is not None and covers(served.outline, middle))


def _may_serve(served: Area, where: Point | Area) -> bool:
    """Say whether it stays open: an outline is missing, or a part of where the person may be is served."""
    middle = served.middle
    if isinstance(where, Point) or middle is None:
        return middle is None
    return where.middle is None or covers(where.outline, middle)


class Sighting(NamedTuple):
    """How many *metres* a place is away, give or take *slack* where only a cell or an area is known."""

    metres: int
    slack: int

    @property
    def closest(self) -> int:
        return self.metres - self.slack

    @property
    def furthest(self) -> int:
        return self.metres + self.slack


def sightings(service: Candidate, question: Question) -> list[Sighting]:
    """Return how far the places of *service* are, nearest first; none where that cannot be told."""
    where = question.where
    origin = where.middle if isinstance(where, Area) else where
    if origin is None:
        return []
    around = where.reach if isinstance(where, Area) else 0
    there = [(p.point, p.withheld) for p in service.places if p.point is not None]
    return sorted(
        Sighting(
            round(metres_between(origin, point)),
            round(around + (cell_reach(point) if withheld else 0)),
        )
        for point, withheld in there
    )


def distance(service: Candidate, question: Question) -> Reason | None:
    """Tell how far the nearest place is; a limit counts only where it is surely passed, and nobody fetches."""
    if question.where is None:
        return None
    if any(place.remote for place in service.places):
        return yes(Because.DISTANCE_REMOTE)
    seen = sightings(service, question)
    if not seen:
        return wait(Because.DISTANCE_NOT_KNOWN, 0)
    facts: dict[str, Fact] = {"metres": seen[0].metres, "approximate": seen[0].slack > 0}
    limit = question.within
    if limit is None or service.fetches or any(each.closest <= limit for each in seen):
        return yes(Because.DISTANCE, **facts)
    return out(Because.TOO_FAR, Change.TRAVEL, within=limit, **facts)
