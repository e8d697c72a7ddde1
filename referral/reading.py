"""One CSV file of a package: its rows as they can be kept, and what was wrong with the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from referral.fields import BadField, Fault, Value, read
from referral.package import Resource
from referral.tables import TABLES


@dataclass(frozen=True, slots=True)
class BadRow:
    """What was wrong where. *line* counts from 1 and is 0 for the whole file.

    *field* is an HSDS field or ``column 7``; *kept* says that the row was kept, without that field.
    """

    file: str
    line: int
    field: str
    fault: Fault
    kept: bool = False

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" {self.field}" if self.field else "")
        return f"{where}: {self.fault}" + (" (row kept without it)" if self.kept else "")


@dataclass(slots=True)
class Row:
    line: int
    values: dict[str, Value]


class Reading:
    """One CSV file: its columns, its good rows, and what was found wrong."""

    def __init__(self, resource: Resource, bad: list[BadRow]) -> None:
        self.resource, self.bad = resource, bad
        self.table = TABLES.get(resource.table)
        self.columns: list[Column[Any] | None] = []
        self.good: list[Row] = []
        self._seen: set[str] = set()

    def tell(self, line: int, name: str, fault: Fault, *, kept: bool = False) -> None:
        self.bad.append(BadRow(self.resource.file, line, name, fault, kept))

    def read(self, records: Iterator[tuple[int, list[str] | None]], table: Table) -> None:
        _, names = next(records, (1, []))
        if names is None:
            self.tell(0, "", Fault.FILE_UNREADABLE)
            return
        self._header(names, table)
        named = {column.name for column in self.columns if column is not None}
        if "id" not in named:
            self.tell(1, "id", Fault.NO_ID_COLUMN)
            return
        lacking = [c.name for c in table.c if not c.nullable and c.name not in named]
        for line, record in records:
            if record is None:
                self.tell(line, "", Fault.ROW_UNREADABLE)
            elif any(text.strip() for text in record):
                self._row(line, record, lacking)

    def _header(self, names: list[str], table: Table) -> None:
        met: set[str] = set()
        for place, text in enumerate(names, start=1):
            name = text.strip().lower()
            column = table.c.get(name) if name not in met else None
            if column is None:
                self.tell(1, f"column {place}", Fault.NOT_HSDS_FIELD, kept=True)
            self.columns.append(column)
            met.add(name)

    def _row(self, line: int, record: list[str], lacking: list[str]) -> None:
        """Read one record, and keep it among the good rows if nothing that decides is wrong."""
        if len(record) != len(self.columns):
            self.tell(line, "", Fault.ROW_WIDTH)
            return
        row, whole = Row(line, {}), not lacking
        for name in lacking:
            self.tell(line, name, Fault.MISSING)
        for column, text in zip(self.columns, record, strict=True):
            if column is not None:
                whole &= self._field(row, column, text)
        if whole and self._is_first(row):
            self.good.append(row)

    def _field(self, row: Row, column: Column[Any], text: str) -> bool:
        """Read one value into *row*; say whether the row can still be kept."""
        try:
            row.values[column.name] = read(column, text)
        except BadField as bad:
            row.values[column.name] = None
            return self._without(row, column, bad.fault)
        if row.values[column.name] is None and (not column.nullable or column.info.get("expected")):
            return self._without(row, column, Fault.MISSING)
        return True

    def _without(self, row: Row, column: Column[Any], fault: Fault) -> bool:
        may_miss = bool(column.nullable and not column.info["decides"])
        self.tell(row.line, column.name, fault, kept=may_miss)
        return may_miss

    def _is_first(self, row: Row) -> bool:
        key = str(row.values["id"])
        if key in self._seen:
            self.tell(row.line, "id", Fault.REPEATED_ID)
            return False
        self._seen.add(key)
        return True

    def points(self, row: Row, column: Column[Any], there: set[str]) -> bool:
        target = row.values[column.name]
        if target is None or target in there:
            return True
        row.values[column.name] = None
        return self._without(row, column, Fault.POINTS_NOWHERE)
