"""The hours of a service on one day, as it says them itself: they take the place of its usual ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from referral.history import Action, Changed, fields_of_row
from referral.hours import INSTEAD
from referral.saying import NotSaid, remember, touch
from referral.schedule import Schedule, occurs
from referral.shortlist import candidate
from referral.tables import schedule

Span = tuple[time, time]
"""From when to when; the whole day is ``00:00`` to ``00:00``, and an end that is not later is on the next day."""

MOST_SPANS = 4
_CLOSED = "Closed for this day"
_SAID = uuid5(NAMESPACE_URL, "urn:referral:said-hours")


@dataclass(frozen=True, slots=True)
class Today:
    """The hours of a service on *day*, by its own clock; no spans: closed. *said*: for this day alone.

    *known* is false where the directory has no hours of it at all.
    """

    day: date
    spans: tuple[Span, ...]
    said: bool
    known: bool


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
    clock = _clock(_schedules(connection, service_id))
    rows = {
        key: {"id": key, "service_id": service_id} | _row(day, span, clock)
        for place, span in enumerate(_each(spans))
        for key in [_key(service_id, day.isoformat(), place)]
    }
    touch(connection, service_id, at)
    before = _said(connection, service_id, day)
    _forget(connection, service_id, day)
    for row in rows.values():
        connection.execute(insert(schedule).values(row))
    if changes := list(_differences(before, rows)):
        remember(connection, service_id, changes, by=by, at=at)


def today(connection: Connection, service_id: str, at: datetime) -> Today:
    """Return the hours of the day that it is *at* the service. Raises: NotSaid, where there is none."""
    its_hours = _schedules(connection, service_id)
    day = at.astimezone(_clock(its_hours)).date()
    return Today(
        day,
        _spans(its_hours, day),
        said=bool(_said(connection, service_id, day)),
        known=bool(its_hours),
    )


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


def _said(connection: Connection, service_id: str, day: date) -> dict[str, dict[str, str]]:
    """Return the rows that were kept of *day* through here, by their ids."""
    keys = [_key(service_id, day.isoformat(), place) for place in range(MOST_SPANS)]
    rows = connection.execute(select(schedule).where(schedule.c.id.in_(keys))).mappings()
    return {row["id"]: {name: text for name, text in row.items() if text} for row in rows}


def _differences(
    before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]
) -> Iterator[Changed]:
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield from fields_of_row("schedule", before[key], Action.DELETE)
        elif key not in before:
            yield from fields_of_row("schedule", after[key], Action.CREATE)
        else:
            old, new = before[key], after[key]
            for name in sorted(old.keys() | new.keys()):
                if old.get(name, "") != new.get(name, ""):
                    yield Changed("schedule", key, name, old.get(name, ""), new.get(name, ""))


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
