"""Import a tabular HSDS data package: what is good is kept, what is bad is told, and nothing stops the rest.

Rows are kept by their id, so that importing a package again changes nothing. A bad value costs its row only
where leaving it out would change who fits (an age, an hour, a point); elsewhere the row is kept without it.
The report names file, line and field, and never a value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from referral.fields import BadField, Fault, Value, read
from referral.package import Resource, Source, open_package, resources, rows
from referral.tables import TABLES

SAMPLE_CITY = Path(__file__).parent / "data"
"""A fictional city: a package to try things with."""

_AT_ONCE = 400

_T = TypeVar("_T")


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
class Kept:
    """How many rows of one table were new, differed, or were there already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class LoadReport:
    """What an import did: rows kept by HSDS table, and everything that was wrong, file by file."""

    kept: dict[str, Kept] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Return how many rows, or whole files, were not kept."""
        return len({(each.file, each.line) for each in self.bad if not each.kept})


@dataclass(slots=True)
class _Row:
    line: int
    values: dict[str, Value]


def load_package(connection: Connection, path: Path) -> LoadReport:
    """Import the package at *path*, a folder or a zip, and report on it. Does not commit.

    Raises: PackageUnreadable, when *path* holds no package at all.
    """
    report = LoadReport()
    with open_package(path) as source:
        listed = resources(source)
        for resource in listed:
            if not resource.table:
                report.bad.append(BadRow(resource.file, 0, "", Fault.NOT_HSDS_FILE))
        for name, table in TABLES.items():
            for resource in listed:
                if resource.table == name:
                    _load_file(connection, source, resource, table, report)
    return report


def _load_file(
    connection: Connection, source: Source, resource: Resource, table: Table, report: LoadReport
) -> None:
    kept = report.kept.setdefault(resource.table, Kept())
    reading = _Reading(resource.file, table, report)
    parents: dict[str, _Row] = {}
    try:
        for batch in _batches(reading.rows(source, resource.path)):
            good = reading.pointing_somewhere(connection, batch)
            parents |= _set_apart(table, good)
            _keep(connection, table, good, kept)
    except OSError:
        reading.tell(0, "", Fault.FILE_UNREADABLE)
    _join_parents(connection, table, parents, reading)


class _Reading:
    """One CSV file being read: its fields by column, and what was found wrong."""

    def __init__(self, file: str, table: Table, report: LoadReport) -> None:
        self.file, self.table, self.report = file, table, report
        self.columns: list[Column[Any] | None] = []
        self.seen: set[str] = set()

    def tell(self, line: int, name: str, fault: Fault, *, kept: bool = False) -> None:
        self.report.bad.append(BadRow(self.file, line, name, fault, kept))

    def rows(self, source: Source, path: str) -> Iterator[_Row]:
        records = rows(source, path)
        if not self._header(next(records, (1, None))[1] or []):
            self.tell(1, "id", Fault.NO_ID_COLUMN)
            return
        for line, record in records:
            if record is None:
                self.tell(line, "", Fault.ROW_UNREADABLE)
            elif any(text.strip() for text in record) and (row := self._row(line, record)):
                yield row

    def _header(self, names: list[str]) -> bool:
        for place, text in enumerate(names, start=1):
            column = self.table.c.get(text.strip().lower())
            if column is None or column in self.columns:
                self.tell(1, f"column {place}", Fault.NOT_HSDS_FIELD, kept=True)
                column = None
            self.columns.append(column)
        return any(column is not None and column.name == "id" for column in self.columns)

    def _row(self, line: int, record: list[str]) -> _Row | None:
        if len(record) != len(self.columns):
            self.tell(line, "", Fault.ROW_WIDTH)
            return None
        row, whole = _Row(line, {}), True
        for column, text in zip(self.columns, record, strict=True):
            if column is not None:
                whole &= self._field(row, column, text)
        for column in self.table.c:
            if not column.nullable and column not in self.columns:
                self.tell(line, column.name, Fault.MISSING)
                whole = False
        return row if whole and self._is_first(row) else None

    def _field(self, row: _Row, column: Column[Any], text: str) -> bool:
        """Read one value into *row*; say whether the row can still be kept."""
        try:
            row.values[column.name] = read(column, text)
        except BadField as bad:
            row.values[column.name] = None
            return self._without(row, column, bad.fault)
        if row.values[column.name] is None and (not column.nullable or column.info.get("expected")):
            return self._without(row, column, Fault.MISSING)
        return True

    def _without(self, row: _Row, column: Column[Any], fault: Fault) -> bool:
        may_miss = bool(column.nullable and not column.info["decides"])
        self.tell(row.line, column.name, fault, kept=may_miss)
        return may_miss

    def _is_first(self, row: _Row) -> bool:
        key = str(row.values["id"])
        if key in self.seen:
            self.tell(row.line, "id", Fault.REPEATED_ID)
            return False
        self.seen.add(key)
        return True

    def pointing_somewhere(self, connection: Connection, batch: list[_Row]) -> list[_Row]:
        """Return those of *batch* whose required pointers lead to a row; leave other lost ones out."""
        for column in self.columns:
            name = column.info.get("to") if column is not None else None
            if column is None or not name or TABLES[name] is self.table:
                continue
            there = _present(connection, TABLES[name], {row.values[column.name] for row in batch})
            batch = [row for row in batch if self.points(row, column, there)]
        return batch

    def points(self, row: _Row, column: Column[Any], there: set[str]) -> bool:
        target = row.values[column.name]
        if target is None or target in there:
            return True
        row.values[column.name] = None
        return self._without(row, column, Fault.POINTS_NOWHERE)


def _batches(many: Iterable[_T]) -> Iterator[list[_T]]:
    several = iter(many)
    while batch := list(islice(several, _AT_ONCE)):
        yield batch


def _present(connection: Connection, table: Table, ids: set[Value]) -> set[str]:
    wanted = ids - {None}
    return (
        set(connection.scalars(select(table.c.id).where(table.c.id.in_(wanted))))
        if wanted
        else set()
    )


def _parent_of(table: Table) -> Column[Any] | None:
    """Return the column that points to another row of *table* itself."""
    return next((c for c in table.c if TABLES.get(c.info.get("to", "")) is table), None)


def _set_apart(table: Table, batch: list[_Row]) -> dict[str, _Row]:
    """Take the parents out of *batch*: a parent may stand further down in the file."""
    column, apart = _parent_of(table), {}
    for row in batch:
        if column is not None and column.name in row.values:
            parent = row.values.pop(column.name)
            apart[str(row.values["id"])] = _Row(row.line, {column.name: parent})
    return apart


def _join_parents(
    connection: Connection, table: Table, parents: dict[str, _Row], reading: _Reading
) -> None:
    """Set the parents once every row is there; one that points nowhere is told and left out."""
    column = _parent_of(table)
    if column is None:
        return
    for batch in _batches(parents.items()):
        there = _present(connection, table, {row.values[column.name] for _, row in batch})
        for key, row in batch:
            reading.points(row, column, there)
            parent = row.values[column.name]
            connection.execute(
                table.update()
                .where(table.c.id == key, column.is_distinct_from(parent))
                .values({column.name: parent})
            )


def _keep(connection: Connection, table: Table, batch: list[_Row], kept: Kept) -> None:
    """Insert what is new and update what differs, by id."""
    if not batch:
        return
    names = list(batch[0].values)
    columns = [table.c[name] for name in names]
    ids = [row.values["id"] for row in batch]
    there = {
        row.id: dict(row._mapping)
        for row in connection.execute(select(*columns).where(table.c.id.in_(ids)))
    }
    new = [row.values for row in batch if row.values["id"] not in there]
    differing = [
        row.values for row in batch if there.get(str(row.values["id"]), row.values) != row.values
    ]
    kept.added += len(new)
    kept.changed += len(differing)
    kept.unchanged += len(batch) - len(new) - len(differing)
    if new or differing:
        connection.execute(_upsert(connection, table, names), new + differing)


def _upsert(connection: Connection, table: Table, names: list[str]) -> Any:
    """Return an insert that updates the row of the same id, in the words of either database."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    updates = {name: statement.excluded[name] for name in names if name != "id"}
    if not updates:
        return statement.on_conflict_do_nothing(index_elements=["id"])
    return statement.on_conflict_do_update(index_elements=["id"], set_=updates)
