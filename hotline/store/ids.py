"""Ids of rows: how one is drawn, and how rows are asked for by many of them."""

import json
import secrets
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, Text, TypeDecorator, bindparam, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

Ids = Select[tuple[str]]
"""A query of ids, to stand inside another query."""


def unless(column: ColumnElement[str], ids: Ids | None) -> ColumnElement[bool]:
    """Return the condition that *column* is none of *ids*; None leaves nothing out."""
    return true() if ids is None else column.not_in(ids)


_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
"""How RFC 9562 marks its own kind of UUID, for each digit that was drawn there."""


def new_id() -> str:
    """Return a fresh random row id, a version 4 UUID in 32 hexadecimal characters: it tells neither order nor time.

    Some leave the house as UUIDs, in STIX; made without the standard library's object, which takes three times as long.
    """
    drawn = secrets.token_hex(16)
    return f"{drawn[:12]}4{drawn[13:16]}{_VARIANT[drawn[16]]}{drawn[17:]}"


class ManyIds(TypeDecorator[Collection[str]]):
    """Ids as a single parameter, for `among`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> str:
        ids = sorted(value or ())
        return json.dumps(ids) if dialect.name == "sqlite" else " ".join(ids)


class among(FunctionElement[Any]):  # noqa: N801 - it is called like a function of SQL.
    """Tell whether a column is one of many ids: a statement that stays the same, however many there are."""

    # No type: as a Boolean it would be compared with 1 on SQLite.
    type = NullType()
    inherit_cache = True


@compiles(among)
def _among(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    if compiler.dialect.name == "sqlite":
        return f"({column} IN (SELECT value FROM json_each({ids})))"  # noqa: S608 - parameters.
    return f"({column} = ANY (string_to_array({ids}, ' ')))"


def one_of(column: ColumnElement[str], name: str = "ids") -> ColumnElement[bool]:
    """Return whether *column* is one of the ids that are given as *name* when the statement runs."""
    return among(column, bindparam(name, type_=ManyIds()))
