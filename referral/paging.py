"""Reach page 500 as quickly as page 1, although HSDS counts pages and does not say where one left off.

Of a whole collection the ids are known that begin each block of records, so that a page is read from the block
it begins in. What was searched for has to be counted for ``total_items`` anyway, and is cut out of that count.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.engine import Connection

from referral.revision import revision

BLOCK = 100
"""Records of a block: what a page may have to pass over."""

_MOST_KEPT = 32
_kept: dict[tuple[str, str, int], list[str]] = {}
_keeping = Lock()

Columns = Sequence[ColumnElement[Any]]
Conditions = Sequence[ColumnElement[bool]]
Rows = Sequence[Any]


def rows_of_page(
    connection: Connection,
    columns: Columns,
    conditions: Conditions = (),
    *,
    number: int,
    size: int,
) -> tuple[Rows, int]:
    """Return the rows of page *number* (from 1), in the order of the first of *columns*, and how many there are in all.

    The first column is the primary key.
    """
    before = (number - 1) * size
    if conditions:
        return _cut(connection, columns, conditions, before=before, size=size)
    key = columns[0]
    total = _count(connection, key, conditions)
    if before >= total:
        return [], total
    blocks = _blocks(connection, key, total) or [""]
    block = min(before // BLOCK, len(blocks) - 1)
    passed = before - block * BLOCK
    query = select(*columns).where(key >= blocks[block]).order_by(key).limit(passed + size)
    return connection.execute(query).all()[passed:], total


def _count(connection: Connection, key: ColumnElement[Any], conditions: Conditions) -> int:
    return connection.scalar(select(func.count(key)).where(*conditions)) or 0


def _cut(
    connection: Connection, columns: Columns, conditions: Conditions, *, before: int, size: int
) -> tuple[Rows, int]:
    """Number and count what is wanted in one pass over it; past the end it is counted alone."""
    place = func.row_number().over(order_by=columns[0]).label("place")
    total = func.count(columns[0]).over().label("total")
    counted = select(*columns, place, total).where(*conditions).subquery()
    query = select(counted).where(counted.c.place > before).order_by(counted.c.place).limit(size)
    rows = connection.execute(query).all()
    if rows or not before:
        return rows, rows[0].total if rows else 0
    return [], _count(connection, columns[0], conditions)


def _blocks(connection: Connection, key: ColumnElement[Any], total: int) -> list[str]:
    """Return the ids that begin each block; they are found once until the directory is written to."""
    mark = revision(connection)
    name = (mark, str(key), total)
    found = _kept.get(name)
    if found is None:
        found = _found(connection, key)
        if mark:
            _keep(name, found)
    return found


def _keep(name: tuple[str, str, int], blocks: list[str]) -> None:
    with _keeping:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[name] = blocks


def _found(connection: Connection, key: ColumnElement[Any]) -> list[str]:
    place = func.row_number().over(order_by=key).label("place")
    counted = select(key.label("id"), place).subquery()
    first = counted.c.place % BLOCK == 1
    return list(connection.scalars(select(counted.c.id).where(first).order_by(counted.c.id)))
