"""Tables for a terminal, and as Markdown for README."""

import unicodedata
from collections.abc import Iterable, Sequence

from hotline.operate.bench.anonymizer.figures import Table


def plain(tables: Iterable[Table]) -> str:
    """Return *tables* in columns."""
    return "\n\n".join(_plain(each) for each in tables)


def markdown(tables: Iterable[Table]) -> str:
    """Return *tables* as Markdown."""
    return "\n\n".join(_markdown(each) for each in tables)


def _plain(table: Table) -> str:
    columns = zip(table.head, *table.rows, strict=True)
    widths = [max(map(_width, column)) for column in columns]
    lines = [_line(row, widths) for row in (table.head, *table.rows)]
    return "\n".join([f"{table.title}:", *lines, *(f"  {note}" for note in table.notes)])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell + " " * (width - _width(cell)) if at == 0 else " " * (width - _width(cell)) + cell
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  " + "  ".join((first, *others))


def _width(cell: str) -> int:
    """Return how many columns of a terminal *cell* takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in cell)


def _markdown(table: Table) -> str:
    rule = ["---", *("--:" for _ in table.head[1:])]
    rows = [table.head, rule, *table.rows]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    notes = [f"\n{note}" for note in table.notes]
    return "\n".join([f"**{table.title}**\n", *lines, *notes])
