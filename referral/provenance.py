"""Which source brought which row: what a source has no more goes, and what another one brought stays.

A row that was typed in here is no import's: none changes it, owns it or takes it away. A field that was edited here
stays as it is, a row that was taken away here stays away, and a record that was edited here stays even where
its source has it no more. What the source says instead is kept beside it, until somebody lets the source decide.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.engine import Connection

from referral.among import among
from referral.tables import brought, edited, held

AT_ONCE = 400

_T = TypeVar("_T")


def batches(many: Iterable[_T]) -> Iterator[list[_T]]:
    several = iter(many)
    while batch := list(islice(several, AT_ONCE)):
        yield batch


def brought_by(connection: Connection, source: str, kind: str) -> set[str]:
    """Return the ids of all rows of a table that *source* brought."""
    query = select(brought.c.row_id).where(brought.c.source == source, brought.c.kind == kind)
    return set(connection.scalars(query))


def brought_alone(connection: Connection, source: str, kind: str) -> set[str]:
    """Return the ids of those rows that no other source brought."""
    other = brought.alias()
    shared = exists().where(
        other.c.row_id == brought.c.row_id, other.c.kind == kind, other.c.source != source
    )
    query = select(brought.c.row_id).where(
        brought.c.source == source, brought.c.kind == kind, ~shared
    )
    return set(connection.scalars(query))


def bring(connection: Connection, source: str, kind: str, ids: Set[str]) -> None:
    """Write down that *source* brought these rows. Does not commit."""
    new = ids - brought_by(connection, source, kind)
    rows = [{"source": source, "kind": kind, "row_id": each} for each in sorted(new)]
    if rows:
        connection.execute(insert(brought), rows)


def forget(connection: Connection, source: str, kind: str, ids: Set[str]) -> None:
    """Take back that *source* brought these rows. Does not commit."""
    its = brought.c
    for some in batches(sorted(ids)):
        connection.execute(
            delete(brought).where(its.source == source, its.kind == kind, its.row_id.in_(some))
        )


def sources_of(connection: Connection, row_id: str) -> list[str]:
    """Return which sources brought a row: whom to ask about it. None, where it was typed in here."""
    query = select(brought.c.source).where(brought.c.row_id == row_id.lower()).distinct()
    found = sorted(connection.scalars(query))
    return [] if HERE in found else found


HERE = ""
"""Stands for the source, where a row was typed in here: no package is without a name."""


def typed_in(connection: Connection, kind: str, row_id: str) -> None:
    """Write down that a row was typed in here; that holds also while it is taken away. Does not commit."""
    connection.execute(insert(brought).values(source=HERE, kind=kind, row_id=row_id))


def made_here(connection: Connection, kind: str) -> set[str]:
    """Return the ids of those rows of a table that were typed in here, or written here as history."""
    if kind == "metadata":
        return set(connection.scalars(select(edited.c.change_id)))
    return brought_by(connection, HERE, kind)


WHOLE = ""
"""Stands for the field, where a whole row was taken away here."""

Held = dict[tuple[str, str], frozenset[str]]
"""The fields of each row that were edited here, by kind and id."""


COUNTED = frozenset({"service_capacity"})


def hold(connection: Connection, kind: str, row_id: str, fields: Iterable[str]) -> None:
    """Let what was edited here stand against imports. Does not commit.

    Of what is counted, such as free beds, the newest word stands, whoever says it.
    """
    if kind in COUNTED:
        fields = {WHOLE} & set(fields)
    its = held.c
    known = set(connection.scalars(select(its.field).where(its.kind == kind, its.row_id == row_id)))
    rows = [
        {"kind": kind, "row_id": row_id, "field": name, "source": ""}
        for name in sorted(set(fields) - known)
    ]
    if rows:
        connection.execute(insert(held), rows)


def let_go(connection: Connection, kind: str, row_id: str, field: str) -> str | None:
    """Let the source decide again on a field, and return what it said last, if that differs. Does not commit."""
    its = held.c
    one = (its.kind == kind, its.row_id == row_id, its.field == field)
    says = connection.scalar(select(its.says).where(*one))
    connection.execute(delete(held).where(*one))
    return says


def all_held(connection: Connection) -> Held:
    """Return everything that stands against imports."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in connection.execute(select(held.c.kind, held.c.row_id, held.c.field)):
        found.setdefault((row.kind, row.row_id), set()).add(row.field)
    return {key: frozenset(fields) for key, fields in found.items()}


def held_of(connection: Connection, ids: Collection[str]) -> dict[tuple[str, str, str], str | None]:
    """Return what of the rows *ids* stands against imports, by kind, id and field, with what a source says instead.

    What was typed in here stands whole, and is not among it.
    """
    its = brought.c
    is_ours = exists().where(
        its.source == HERE, its.kind == held.c.kind, its.row_id == held.c.row_id
    )
    query = select(held).where(among(connection, held.c.row_id, ids), ~is_ours)
    rows = connection.execute(query)
    return {(row.kind, row.row_id, row.field): row.says for row in rows}


def say(
    connection: Connection, source: str, said: Mapping[tuple[str, str, str], str | None]
) -> None:
    """Keep what *source* says where something else was written here; None where it says the same. Does not commit."""
    its = held.c
    for (kind, row_id, field), says in said.items():
        connection.execute(
            update(held)
            .where(its.kind == kind, its.row_id == row_id, its.field == field)
            .values(source=source, says=says)
        )


def forget_row(connection: Connection, kind: str, row_id: str) -> None:
    """Take back that any source brought a row, which is taken away here. Does not commit."""
    its = brought.c
    connection.execute(
        delete(brought).where(its.kind == kind, its.row_id == row_id, its.source != HERE)
    )
