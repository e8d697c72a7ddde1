"""Which changes of a record are kept shut until somebody opens them: what tells, or ever told, of what is withheld.

What is gone is shut whatever it was, for nothing tells any more what it belonged to. What is there is shut where it is
withheld or was once, or belongs or belonged to what is or was: by a mark that was ever given or taken away by hand. A
service that is or was given at such a place is shut whole. That is read from the whole history, not from a part of it.
"""

from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.editing import Values
from referral.history import Changed, Record
from referral.tables import (
    attribute,
    change,
    edited,
    service_at_location,
)
from referral.viewing import is_withheld
from referral.withheld import Withheld, mark_terms, marked_places, withheld

_POINTERS = ("service_at_location_id", "service_id", "location_id", "contact_id", "phone_id")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shut:
    """What is shut of a record's history: everything but the rows that are *open*, None where all are."""

    open: frozenset[Key] | None = frozenset()

    def hides(self, each: Changed) -> bool:
        return self.open is not None and (each.kind, each.row_id) not in self.open


NOTHING_SHUT = Shut(open=None)


def shut(connection: Connection, record: Record, there: dict[Key, Values]) -> Shut:
    """Return what is shut of the history of *record*; *there* are the changed rows as they are now."""
    ever = _ever(connection)
    before = _pointers(connection, record)
    pointed = {key for keys in before.values() for key in keys}
    if record.id in ever.parts or ever.location_ids & (_places(connection, record) | pointed):
        return Shut()
    hidden = ever.parts | ever.location_ids
    return Shut(
        frozenset(
            (kind, key)
            for (kind, key), row in there.items()
            if not hidden & before.get(key, set()) and not is_withheld(connection, kind, row, ever)
        ),
    )


def _ever(connection: Connection) -> Withheld:
    """Return what is withheld now, or was once by what stands in any history."""
    now, marks = withheld(connection), _marked_once(connection)
    places = marked_places(connection, set(marks)) if marks else set()
    return replace(now, location_ids=now.location_ids | places, parts=now.parts | marks)


def _marked_once(connection: Connection) -> frozenset[str]:
    """Return the ids of what a change made by hand marked as withheld, or ceased to."""
    terms = mark_terms(connection)
    its = change.c
    marking = or_(
        among(connection, its.previous_value, terms),
        among(connection, its.replacement_value, terms),
    )
    marks = select(its.resource_id).where(
        its.resource_type == "attribute", its.field_name == "taxonomy_term_id", marking
    )
    found = set(connection.scalars(select(attribute.c.link_id).where(attribute.c.id.in_(marks))))
    links = and_(its.resource_id.in_(marks), its.field_name == "link_id")
    for row in connection.execute(select(its.previous_value, its.replacement_value).where(links)):
        found |= {key for key in row if key}
    return frozenset(found)


def _pointers(connection: Connection, record: Record) -> dict[str, set[str]]:
    """Return what each row of the history of *record* ever pointed to, by its id."""
    its = change.c
    rows = connection.execute(
        select(its.resource_id, its.previous_value, its.replacement_value)
        .join(edited, edited.c.change_id == its.id)
        .where(
            edited.c.kind == record.kind,
            edited.c.record_id == record.id,
            its.field_name.in_((*_POINTERS, "link_id")),
        )
    )
    found: dict[str, set[str]] = {}
    for row_id, *keys in rows:
        found.setdefault(row_id, set()).update(filter(None, keys))
    return found


def _places(connection: Connection, record: Record) -> set[str]:
    """Return the places that *record* is, or is given at."""
    if record.kind == "location":
        return {record.id}
    site = service_at_location.c
    query = select(site.location_id).where(site.service_id == record.id)
    return set(connection.scalars(query))
