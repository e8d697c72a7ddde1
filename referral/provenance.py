"""Which source brought which row: what a source has no more goes, and what another one brought stays.

A row that nobody brought, because it was typed in here, is never taken away by an import.
"""

from collections.abc import Iterable, Iterator, Set
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.engine import Connection

from referral.tables import brought

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
    """Return which sources brought a row: whom to ask about it."""
    query = select(brought.c.source).where(brought.c.row_id == row_id.lower()).distinct()
    return sorted(connection.scalars(query))
