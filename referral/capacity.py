"""What a service says of itself from day to day: how much is free, and its hours of one day.

Whoever speaks for a service says so through here, known as *by* (never a person's name: the history of the
directory is public). What was said last holds; how long it is believed is for `rules` to say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from referral.days import MOST_SPANS, Span, Today, say_open, today
from referral.fields import instant
from referral.history import Action, Changed, as_text, fields_of_row
from referral.rules import Trust, trusted
from referral.saying import NotSaid, remember, touch
from referral.tables import service, service_capacity, unit

__all__ = [
    "MOST_FREE",
    "MOST_SPANS",
    "NotSaid",
    "Span",
    "Today",
    "Unit",
    "say_free",
    "say_open",
    "today",
    "units",
]

MOST_FREE = 9_999
_UNITS = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that a service counts. *id* is for `say_free`; *available* is None until it was ever said.

    *name* and *description* are the directory's words (``bed``, "Beds for women").
    """

    id: str
    name: str
    description: str
    available: int | None
    maximum: int | None
    said: datetime | None

    def trust(self, at: datetime, *, overnight: bool = True) -> Trust:
        """Say how far what was *said* is believed *at* that instant."""
        return trusted(self.said, at, overnight=overnight)


def units(connection: Connection, service_id: str) -> tuple[Unit, ...]:
    """Return what a service counts; where it never counted, everything that it could, at most a dozen."""
    its = service_capacity.c
    counted = connection.execute(
        select(its.id, its.description, its.available, its.maximum, its.updated, unit.c.name)
        .join_from(service_capacity, unit)
        .where(its.service_id == service_id)
        .order_by(unit.c.name, its.id)
        .limit(_UNITS)
    )
    found = tuple(
        Unit(
            row.id,
            row.name,
            row.description or "",
            int(row.available),
            None if row.maximum is None else int(row.maximum),
            datetime.fromisoformat(row.updated),
        )
        for row in counted
    )
    return found or _uncounted(connection)


def _uncounted(connection: Connection) -> tuple[Unit, ...]:
    rows = connection.execute(select(unit.c.id, unit.c.name).order_by(unit.c.name).limit(_UNITS))
    return tuple(Unit(row.id, row.name, "", None, None, None) for row in rows)


def say_free(
    connection: Connection,
    service_id: str,
    unit_id: str,
    available: int,
    *,
    by: str,
    at: datetime,
) -> None:
    """Keep how much of a unit (`Unit.id`) is free now; more than there were places makes more places. Does not commit.

    Each word stands in the history, with when the one before was said: who puts that back makes no old number look new.

    Raises: NotSaid.
    """
    if not 0 <= available <= MOST_FREE:
        raise NotSaid
    touch(connection, service_id, at)
    count = _count(connection, service_id, unit_id)
    if count is None:
        its = {"service_id": service_id, "unit_id": unit_id, "available": available}
        row: dict[str, Any] = {"id": str(uuid4()), **its, "updated": instant(at)}
        connection.execute(insert(service_capacity).values(row))
        said = fields_of_row("service_capacity", row, Action.CREATE)
    else:
        most = count.maximum
        new = {
            "available": available,
            "maximum": most if most is None else max(most, available),
            "updated": instant(at),
        }
        its_row = update(service_capacity).where(service_capacity.c.id == count.id)
        connection.execute(its_row.values(new))
        told = {name: (as_text(getattr(count, name)), as_text(new[name])) for name in new}
        said = [
            Changed("service_capacity", count.id, name, *both)
            for name, both in told.items()
            if both[0] != both[1]
        ]
    remember(connection, service_id, said, by=by, at=at, amends=False)


def _count(connection: Connection, service_id: str, unit_id: str) -> Any:
    """Return the row that counts a unit at a service, None where it never counted. Raises: NotSaid."""
    its = service_capacity.c
    mine = (its.service_id == service_id,)
    row = connection.execute(select(service_capacity).where(*mine, its.id == unit_id)).first()
    if row is not None:
        return row
    counted = select(its.id).where(*mine).limit(1)
    known = select(unit.c.id).where(unit.c.id == unit_id)
    if (
        not _is_there(connection, service_id)
        or connection.scalar(counted) is not None
        or connection.scalar(known) is None
    ):
        raise NotSaid
    return None


def _is_there(connection: Connection, service_id: str) -> bool:
    found = select(service.c.id).where(service.c.id == service_id)
    return connection.scalar(found) is not None
