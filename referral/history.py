"""What was changed here by hand: each field before and after, and on which day, as HSDS ``metadata`` has it.

That is handed out with the rest, so who changed it stands beside it, and there only that somebody here did.

A change stands on the row that it changed, and is counted to the record that a reader looks at: a telephone of a
service is part of that service. What is changed at once is one version of the record.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, func, insert, select
from sqlalchemy.engine import Connection

from referral.fields import Value, as_text
from referral.tables import TABLES, change, edited

__all__ = [
    "Action",
    "Changed",
    "Record",
    "Version",
    "as_text",
    "checked_by",
    "fields_of_row",
    "note",
    "version",
    "versions",
]

SOMEBODY = "keeper"
"""Stands in what is handed out for whoever keeps the directory here."""


class Record(NamedTuple):
    """What a reader looks at: a service, an organization or a location."""

    kind: str
    id: str


class Action(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


_ACTIONS = frozenset(Action)


class Changed(NamedTuple):
    """One field of one row, as text before and after; empty where there was or is nothing."""

    kind: str
    row_id: str
    field: str
    before: str
    after: str
    action: Action = Action.UPDATE


@dataclass(frozen=True, slots=True)
class Version:
    """Everything that was changed of a record at once. *number* counts from 1, *by* is a pseudonym."""

    number: int
    day: str
    by: str
    changes: tuple[Changed, ...]


def note(
    connection: Connection,
    record: Record,
    changes: Iterable[Changed],
    *,
    by: str,
    at: datetime,
    known_as: str = SOMEBODY,
) -> int:
    """Write down one more version of *record*, and return its number. Does not commit.

    *known_as* is what everybody may read of who changed it. Whoever else writes one of the same record waits until this
    is committed: two versions have two numbers.
    """
    its_own = TABLES[record.kind].c.id
    connection.execute(select(its_own).where(its_own == record.id).with_for_update())
    highest = select(func.max(edited.c.number)).where(
        edited.c.kind == record.kind, edited.c.record_id == record.id
    )
    number = (connection.scalar(highest) or 0) + 1
    rows, its = [], []
    for each in changes:
        key = str(uuid.uuid4())
        rows.append(_row(key, each, by=known_as, day=at.date().isoformat()))
        its.append(
            {
                "change_id": key,
                "kind": record.kind,
                "record_id": record.id,
                "number": number,
                "editor": by,
            }
        )
    if rows:
        connection.execute(insert(change), rows)
        connection.execute(insert(edited), its)
    return number


def versions(
    connection: Connection, record: Record, *, before: int = 0, limit: int = 20
) -> list[Version]:
    """Return up to *limit* versions of *record*, newest first; those older than number *before*, if that is given."""
    its = edited.c
    asked = [its.kind == record.kind, its.record_id == record.id]
    if before:
        asked.append(its.number < before)
    numbers = select(its.number).where(*asked).distinct().order_by(its.number.desc()).limit(limit)
    wanted = list(connection.scalars(numbers))
    return list(_read(connection, record, wanted)) if wanted else []


def version(connection: Connection, record: Record, number: int) -> Version | None:
    """Return one version of *record*, None where it has no such version."""
    return next(_read(connection, record, [number]), None)


def checked_by(connection: Connection, services: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return day and pseudonym of who last said here that they checked each of *services*."""
    its = edited.c
    rows = connection.execute(
        select(its.record_id, change.c.replacement_value, its.editor)
        .join(change, change.c.id == its.change_id)
        .where(
            its.kind == "service",
            its.record_id.in_(services),
            change.c.resource_id == its.record_id,
            change.c.field_name == "assured_date",
        )
        .order_by(its.number)
    )
    return {row.record_id: (row.replacement_value or "", row.editor) for row in rows}


def fields_of_row(kind: str, values: Mapping[str, Value], action: Action) -> list[Changed]:
    """Return each field of a row that came or went whole."""
    key = str(values["id"])
    told = {name: as_text(value) for name, value in values.items() if name != "id"}
    made = action is Action.CREATE
    return [
        Changed(kind, key, name, "" if made else text, text if made else "", action)
        for name, text in told.items()
        if text
    ]


def _row(key: str, each: Changed, *, by: str, day: str) -> dict[str, str]:
    return {
        "id": key,
        "resource_id": each.row_id,
        "resource_type": each.kind,
        "last_action_date": day,
        "last_action_type": each.action.value,
        "field_name": each.field,
        "previous_value": each.before,
        "replacement_value": each.after,
        "updated_by": by,
    }


def _read(connection: Connection, record: Record, numbers: list[int]) -> Iterator[Version]:
    its = edited.c
    rows = connection.execute(
        select(its.number, its.editor, change)
        .join(change, change.c.id == its.change_id)
        .where(its.kind == record.kind, its.record_id == record.id, its.number.in_(numbers))
        .order_by(
            its.number.desc(), change.c.resource_type, change.c.resource_id, change.c.field_name
        )
    )
    for number, found in groupby(rows, key=attrgetter("number")):
        several: list[Row[Any]] = list(found)
        first = several[0]
        told = tuple(map(_changed, several))
        yield Version(number, first.last_action_date, first.editor, told)


def _changed(row: Row[Any]) -> Changed:
    return Changed(
        row.resource_type,
        row.resource_id,
        row.field_name,
        row.previous_value or "",
        row.replacement_value or "",
        Action(row.last_action_type) if row.last_action_type in _ACTIONS else Action.UPDATE,
    )
