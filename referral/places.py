"""The places of the directory by their names: areas that services serve, and towns where houses of theirs stand.

Nobody draws on a map here. A withheld location adds no town and moves the middle of none.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection, Engine

from referral.among import among
from referral.candidate import Area, Circle
from referral.geography import Point, mean
from referral.revision import revision
from referral.shortlist import area_named, area_names
from referral.tables import address, location
from referral.withheld import withheld

MOST = 300
"""Places that are listed."""

_HOUSES = 200
"""Houses of a town whose middle is taken for its own."""

_IS_ITS = address.c.location_id == location.c.id

_KEPT: WeakKeyDictionary[Engine, tuple[str, tuple[str, ...]]] = WeakKeyDictionary()
"""The mark of each directory (`revision`), and the names of its places at that mark."""


def place_names(connection: Connection) -> tuple[str, ...]:
    """Return the names of places, the first `MOST` by the alphabet; kept until the directory has another mark."""
    mark = revision(connection)
    kept_at, kept = _KEPT.get(connection.engine, ("", ()))
    if not mark or kept_at != mark:
        kept = _names(connection)
        _KEPT[connection.engine] = mark, kept
    return kept


def place_named(connection: Connection, name: str) -> Area | Point | None:
    """Return the area *name*, with its outline; the middle of that town where none is drawn; None for neither."""
    served = area_named(connection, name)
    if served is not None and served.outline:
        return served
    return _town(connection, name) or served


def circle_around(connection: Connection, name: str, metres: float) -> Circle | None:
    """Return what lies within *metres* of the place *name*; None where nobody knows where that is."""
    place = place_named(connection, name)
    middle = place.middle if isinstance(place, Area) else place
    return None if middle is None else Circle(name, middle, metres)


def _names(connection: Connection) -> tuple[str, ...]:
    towns = (
        select(address.c.city).join(location, _IS_ITS).where(*_public_houses(connection)).distinct()
    )
    found = connection.scalars(towns.order_by(address.c.city).limit(MOST))
    names = {*found, *area_names(connection, limit=MOST)}
    return tuple(sorted(filter(str.strip, names), key=str.casefold))[:MOST]


def _town(connection: Connection, name: str) -> Point | None:
    its = select(location.c.latitude, location.c.longitude).join(address, _IS_ITS)
    houses = its.where(address.c.city == name, *_public_houses(connection))
    rows = connection.execute(houses.order_by(location.c.id).limit(_HOUSES))
    return mean([Point(row.latitude, row.longitude) for row in rows])


def _public_houses(connection: Connection) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for a house whose place is known and may be told."""
    hidden = among(connection, location.c.id, withheld(connection).location_ids)
    return (location.c.latitude.is_not(None), location.c.longitude.is_not(None), ~hidden)
