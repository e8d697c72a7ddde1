"""Ask for many ids at once."""

import json
from collections.abc import Collection

from sqlalchemy import JSON, ColumnElement, cast, func, literal, select
from sqlalchemy.engine import Connection


def among(
    connection: Connection, column: ColumnElement[str], texts: Collection[str]
) -> ColumnElement[bool]:
    """*column* is one of *texts*, which are one parameter however many they are.

    A statement takes some tens of thousands of parameters, and each costs time.
    """
    listed = json.dumps(sorted(texts))
    if connection.dialect.name == "postgresql":
        elements = func.json_array_elements_text(cast(literal(listed), JSON))
    else:
        elements = func.json_each(listed)
    return column.in_(select(elements.table_valued("value").c.value))
