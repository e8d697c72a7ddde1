"""Keep what a service says of itself: when, known as whom, and what it was before."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from referral.fields import instant
from referral.history import Action, Changed, Record, note
from referral.provenance import batches
from referral.revision import revise
from referral.tables import change, edited, service

_KEPT_FOR = timedelta(days=90)
"""How long the history keeps what was said here."""


class NotSaid(ValueError):
    """This cannot be said of that service: it is not there, counts no such thing, or the number is none."""


def touch(connection: Connection, service_id: str, at: datetime) -> None:
    """Date a service as changed *at* that instant; the directory gets another mark. Does not commit.

    Comes first: whoever says something of the same service at once waits here.
    """
    stamp = {"last_modified": instant(at)}
    connection.execute(update(service).where(service.c.id == service_id).values(stamp))
    revise(connection)


def remember(
    connection: Connection,
    service_id: str,
    changes: list[Changed],
    *,
    by: str,
    at: datetime,
    amends: bool = True,
) -> None:
    """Keep *changes* in the service's history; where it *amends*, a second word on one day takes the place of the first."""
    day = at.date()
    _forget_history(connection, service_id, by=by, before=day - _KEPT_FOR)
    new = [each for each in changes if not (amends and _amended(connection, each, by=by, day=day))]
    if new:
        note(connection, Record("service", service_id), new, by=by, at=at, known_as=by)


def _amended(connection: Connection, changed: Changed, *, by: str, day: date) -> bool:
    """Write *changed* into what they said of the same thing today, if nothing came between."""
    its = change.c
    said = update(change).where(
        its.resource_id == changed.row_id,
        its.field_name == changed.field,
        its.last_action_date == day.isoformat(),
        its.updated_by == by,
        its.last_action_type == Action.UPDATE.value,
        its.replacement_value == changed.before,
    )
    return (
        changed.action is Action.UPDATE
        and connection.execute(said.values(replacement_value=changed.after)).rowcount > 0
    )


def _forget_history(connection: Connection, service_id: str, *, by: str, before: date) -> None:
    its = change.c
    of_service = select(edited.c.change_id).where(
        edited.c.kind == "service", edited.c.record_id == service_id
    )
    old = connection.scalars(
        select(its.id).where(
            its.id.in_(of_service),
            its.updated_by == by,
            its.resource_type.in_(("service_capacity", "schedule")),
            its.last_action_date < before.isoformat(),
        )
    )
    for some in batches(old):
        connection.execute(delete(edited).where(edited.c.change_id.in_(some)))
        connection.execute(delete(change).where(its.id.in_(some)))
