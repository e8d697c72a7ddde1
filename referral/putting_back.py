"""Put back what was changed by hand: a version of a record is undone, and that is one more version.

What was changed is as it was before, what was added goes, and what was taken away is there again, with its ids.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.editing import NotThere, Values, lock, take_out, touch
from referral.fields import BadField, Value, as_text, read
from referral.history import Action, Changed, Record, Version, fields_of_row, note, version
from referral.parts import RECORDS
from referral.provenance import WHOLE, hold
from referral.tables import TABLES, held

Rows = dict[tuple[str, str], dict[str, str]]


class CannotPutBack(Exception):
    """What it belonged to is gone, it can say that no more, or it would be the whole record: that is retired."""


def put_back(connection: Connection, record: Record, number: int, *, by: str, at: datetime) -> int:
    """Undo version *number* of *record*, and return how many fields that changed. Does not commit.

    Raises: NotThere, CannotPutBack.
    """
    lock(connection, record)
    found = version(connection, record, number)
    if found is None:
        raise NotThere
    told = [
        *_removed(connection, found),
        *_again(connection, found),
        *_as_before(connection, found),
    ]
    if told:
        note(connection, record, told, by=by, at=at)
        touch(connection, record, at=at)
    return len(told)


def may_put_back(found: Version) -> bool:
    """Say whether a version can be undone: that a record came into being cannot."""
    return not any(each.kind in RECORDS and each.action is Action.CREATE for each in found.changes)


def now(connection: Connection, changes: Iterable[Changed]) -> dict[tuple[str, str], Values]:
    """Return the changed rows as they are now, by kind and id; those that are gone are not in it."""
    rows: dict[tuple[str, str], Values] = {}
    wanted: dict[str, set[str]] = {}
    for each in changes:
        wanted.setdefault(each.kind, set()).add(each.row_id)
    for kind in wanted.keys() & TABLES.keys():
        table = TABLES[kind]
        its = among(connection, table.c.id, wanted[kind])
        for row in connection.execute(select(table).where(its)).mappings():
            rows[kind, row["id"]] = dict(row)
    return rows


def _removed(connection: Connection, found: Version) -> Iterator[Changed]:
    """Take out what was added."""
    made = {(one.kind, one.row_id) for one in found.changes if one.action is Action.CREATE}
    if not may_put_back(found):
        raise CannotPutBack
    there = now(connection, found.changes)
    for kind, row_id in sorted(made & there.keys()):
        if (kind, row_id) in now(connection, found.changes):
            yield from take_out(connection, kind, row_id)


def _again(connection: Connection, found: Version) -> Iterator[Changed]:
    """Put in again what was taken away; what it points to must be there, or come with it."""
    gone: Rows = {}
    for each in found.changes:
        if each.action is Action.DELETE:
            gone.setdefault((each.kind, each.row_id), {})[each.field] = each.before
    there = now(connection, found.changes)
    coming = {key: texts for key, texts in gone.items() if key not in there}
    for name, table in TABLES.items():
        for (kind, row_id), texts in coming.items():
            if kind != name:
                continue
            row: Values = dict.fromkeys(table.c.keys()) | {"id": row_id}
            row |= {field: _read(table, field, text) for field, text in texts.items()}
            _must_have_owners(connection, kind, row)
            connection.execute(insert(table).values(row))
            _let_come(connection, kind, row_id)
            yield from fields_of_row(kind, row, Action.CREATE)


def _must_have_owners(connection: Connection, kind: str, row: dict[str, Value]) -> None:
    for column in TABLES[kind].c:
        to = column.info.get("to")
        if to and row[column.name] is not None:
            its = TABLES[to].c.id
            if connection.scalar(select(its).where(its == row[column.name])) is None:
                raise CannotPutBack


def _read(table: Table, field: str, text: str) -> Value:
    """Return what a field said before. Raises: CannotPutBack, where it can say that no more."""
    if field not in table.c:
        raise CannotPutBack
    try:
        return read(table.c[field], text)
    except BadField as bad:
        raise CannotPutBack from bad


def _let_come(connection: Connection, kind: str, row_id: str) -> None:
    """Let imports bring the row again."""
    its = held.c
    connection.execute(
        delete(held).where(its.kind == kind, its.row_id == row_id, its.field == WHOLE)
    )


def _as_before(connection: Connection, found: Version) -> Iterator[Changed]:
    there = now(connection, found.changes)
    for each in found.changes:
        row = there.get((each.kind, each.row_id))
        if each.action is not Action.UPDATE or row is None or each.before == each.after:
            continue
        table = TABLES[each.kind]
        value = _read(table, each.field, each.before)
        is_now = as_text(row[each.field])
        if is_now == each.before:
            continue
        connection.execute(
            table.update().where(table.c.id == each.row_id).values({each.field: value})
        )
        hold(connection, each.kind, each.row_id, [each.field])
        yield Changed(each.kind, each.row_id, each.field, is_now, each.before)
