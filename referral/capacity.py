"""What a service says of itself from day to day: how much is free, and its hours of one day.

Whoever speaks for a service says so through here, known as *by* (never a person's name: the history of the
directory is public). What was said last holds; how long it is believed is for `rules` to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from referral.fields import instant
from referral.hours import INSTEAD
from referral.revision import revise
from referral.rules import Trust, trusted
from referral.schedule import Schedule, occurs
from referral.shortlist import candidate
from referral.tables import change, schedule, service, service_capacity, unit

Span = tuple[time, time]
"""From when to when; the whole day is ``00:00`` to ``00:00``, and an end that is not later is on the next day."""

MOST_FREE = 9_999
MOST_SPANS = 4
_UNITS = 12
_KEPT_FOR = timedelta(days=90)
"""How long the history keeps what was free."""

_CLOSED = "Closed for this day"
_SAID = uuid5(NAMESPACE_URL, "urn:referral:said-hours")


class NotSaid(ValueError):
    """This cannot be said of that service: it is not there, counts no such thing, or the number is none."""


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


@dataclass(frozen=True, slots=True)
class Today:
    """The hours of a service on *day*, by its own clock; no spans: closed. *said*: for this day alone.

    *known* is false where the directory has no hours of it at all.
    """

    day: date
    spans: tuple[Span, ...]
    said: bool
    known: bool


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
    """Keep how much of a unit (`Unit.id`) is free now. Does not commit.

    Raises: NotSaid.
    """
    if not 0 <= available <= MOST_FREE:
        raise NotSaid
    count = _count(connection, service_id, unit_id, at)
    before, most = count.available, count.maximum
    connection.execute(
        update(service_capacity)
        .where(service_capacity.c.id == count.id)
        .values(
            available=available,
            maximum=most if most is None else max(most, available),
            updated=instant(at),
        )
    )
    _touch(connection, service_id, at)
    if before != available:
        said = (str(int(before)), str(available))
        _remember(connection, ("service_capacity", count.id, "available"), said, by=by, at=at)


def say_open(
    connection: Connection,
    service_id: str,
    day: date,
    spans: Sequence[Span] | None,
    *,
    by: str,
    at: datetime,
) -> None:
    """Keep the hours of one *day*, by the service's clock: no spans is closed, None is as usual. Does not commit.

    Raises: NotSaid.
    """
    if len(spans or ()) > MOST_SPANS:
        raise NotSaid
    usual = _schedules(connection, service_id)
    before, clock = _hours(usual, day), _clock(usual)
    _forget(connection, service_id, day)
    for place, span in enumerate(_each(spans)):
        row = _row(day, span, clock) | {"id": _key(service_id, day.isoformat(), place)}
        connection.execute(insert(schedule).values(service_id=service_id, **row))
    _touch(connection, service_id, at)
    after = _hours(_schedules(connection, service_id), day)
    if before != after:
        said = (f"{day} {before}", f"{day} {after}")
        _remember(connection, ("service", service_id, "schedules"), said, by=by, at=at)


def today(connection: Connection, service_id: str, at: datetime) -> Today:
    """Return the hours of the day that it is *at* the service. Raises: NotSaid, where there is none."""
    its_hours = _schedules(connection, service_id)
    day = at.astimezone(_clock(its_hours)).date()
    return Today(
        day,
        _spans(its_hours, day),
        said=_is_said(connection, service_id, day),
        known=bool(its_hours),
    )


def _count(connection: Connection, service_id: str, unit_id: str, at: datetime) -> Any:
    """Return the row that counts a unit at a service, a new one where it never counted."""
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
    key, new = str(uuid4()), {"available": 0, "updated": instant(at)}
    connection.execute(
        insert(service_capacity).values(id=key, service_id=service_id, unit_id=unit_id, **new)
    )
    return connection.execute(select(service_capacity).where(its.id == key)).one()


def _is_there(connection: Connection, service_id: str) -> bool:
    found = select(service.c.id).where(service.c.id == service_id)
    return connection.scalar(found) is not None


def _schedules(connection: Connection, service_id: str) -> tuple[Schedule, ...]:
    found = candidate(connection, service_id)
    if found is None:
        raise NotSaid
    return found.schedules


def _clock(schedules: Sequence[Schedule]) -> tzinfo:
    return schedules[0].clock if schedules else UTC


def _spans(schedules: Sequence[Schedule], day: date) -> tuple[Span, ...]:
    """Return the windows that begin on *day*."""
    return tuple(sorted({(one.opens, one.closes) for one in schedules if occurs(one, day)}))


def _hours(schedules: Sequence[Schedule], day: date) -> str:
    """Return the hours of *day* as the history writes them."""
    spans = _spans(schedules, day)
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in spans) or "closed"


def _each(spans: Sequence[Span] | None) -> list[Span | None]:
    """Return what is to be kept of a day; one None is a row that closes it."""
    if spans is None:
        return []
    return [*sorted(set(spans))] or [None]


def _row(day: date, span: Span | None, clock: tzinfo) -> dict[str, str]:
    """Return a schedule of one day, of the hours *span* or of none."""
    its = dict.fromkeys(("valid_from", "valid_to", "dtstart"), day.isoformat())
    if span is None:
        return its | {"notes": _CLOSED}
    opens, closes = (f"{each:%H:%M}{_offset(day, each, clock)}" for each in span)
    return its | {"notes": INSTEAD, "opens_at": opens, "closes_at": closes}


def _offset(day: date, hour: time, clock: tzinfo) -> str:
    return datetime.combine(day, hour, clock).isoformat()[-6:]


def _key(service_id: str, day: str, place: int) -> str:
    return str(uuid5(_SAID, f"{service_id} {day} {place}"))


def _is_said(connection: Connection, service_id: str, day: date) -> bool:
    first = select(schedule.c.id).where(schedule.c.id == _key(service_id, day.isoformat(), 0))
    return connection.scalar(first) is not None


def _forget(connection: Connection, service_id: str, day: date) -> None:
    """Take away what was said of *day*, and of days before, through here: the directory's own rows stay."""
    its = schedule.c
    rows = connection.execute(
        select(its.id, its.dtstart).where(its.service_id == service_id, its.dtstart <= str(day))
    )
    gone = [
        row.id
        for row in rows
        if row.id in {_key(service_id, row.dtstart, place) for place in range(MOST_SPANS)}
    ]
    connection.execute(delete(schedule).where(its.id.in_(gone)))


def _touch(connection: Connection, service_id: str, at: datetime) -> None:
    stamp = {"last_modified": instant(at)}
    connection.execute(update(service).where(service.c.id == service_id).values(stamp))
    revise(connection)


def _remember(
    connection: Connection,
    what: tuple[str, str, str],
    said: tuple[str, str],
    *,
    by: str,
    at: datetime,
) -> None:
    """Keep in the history what of a record, of which type and in which field, was *said* before and now."""
    resource_type, resource_id, name = what
    before, after = said
    _forget_history(connection, resource_id, name, at)
    connection.execute(
        insert(change).values(
            id=str(uuid4()),
            resource_id=resource_id,
            resource_type=resource_type,
            last_action_date=at.date().isoformat(),
            last_action_type="update",
            field_name=name,
            previous_value=before,
            replacement_value=after,
            updated_by=by,
        )
    )


def _forget_history(connection: Connection, resource_id: str, name: str, at: datetime) -> None:
    its, oldest = change.c, (at.date() - _KEPT_FOR).isoformat()
    connection.execute(
        delete(change).where(
            its.resource_id == resource_id,
            its.field_name == name,
            its.last_action_date < oldest,
        )
    )
