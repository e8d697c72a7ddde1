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

from referral.fields import Fault, Value
from referral.package import Resource, Source, open_package, resources, rows
from referral.reading import BadRow, Reading, Row
from referral.revision import revise
from referral.tables import TABLES, Kind
from referral.withheld import BLANK, Withheld, withheld

SAMPLE_CITY = Path(__file__).parent / "data"
"""A fictional city: a package to try things with."""

_AT_ONCE = 400

_T = TypeVar("_T")


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

    def __str__(self) -> str:
        """Return the report in lines: what was kept, table by table, then each fault."""
        tables = (
            f"{name}: {kept.added} added, {kept.changed} changed, {kept.unchanged} unchanged"
            for name, kept in self.kept.items()
        )
        return "\n".join((*tables, *map(str, self.bad), f"{self.refused} refused"))

    @property
    def refused(self) -> int:
        """Return how many rows, or whole files, were not kept."""
        return len({(each.file, each.line) for each in self.bad if not each.kept})


def load_package(connection: Connection, path: Path) -> LoadReport:
    """Import the package at *path*, a folder or a zip, and report on it. Does not commit.

    Everything is read before anything is written, so that the database is locked for a short time only.

    Raises: PackageUnreadable, when *path* holds no package at all.
    """
    report = LoadReport()
    with open_package(path) as source:
        readings = [_read_file(source, each, report) for each in resources(source)]
    for name in TABLES:
        for reading in readings:
            if reading.resource.table == name:
                _write(connection, reading, report)
    _leave_addresses_out(connection, readings)
    revise(connection)
    report.bad.sort(key=lambda each: (each.file, each.line))
    return report


def _read_file(source: Source, resource: Resource, report: LoadReport) -> Reading:
    reading = Reading(resource, report.bad)
    if reading.table is None:
        reading.tell(0, "", Fault.NOT_HSDS_FILE)
        return reading
    try:
        reading.read(rows(source, resource.path), reading.table)
    except OSError:
        reading.tell(0, "", Fault.FILE_UNREADABLE)
    return reading


def _write(connection: Connection, reading: Reading, report: LoadReport) -> None:
    table = TABLES[reading.resource.table]
    kept = report.kept.setdefault(reading.resource.table, Kept())
    parents: dict[str, Row] = {}
    for batch in _batches(reading.good):
        good = _pointing_somewhere(connection, table, reading, batch)
        parents |= _set_apart(table, good)
        _keep(connection, table, good, kept)
    _join_parents(connection, table, parents, reading)


def _pointing_somewhere(
    connection: Connection, table: Table, reading: Reading, batch: list[Row]
) -> list[Row]:
    """Return those of *batch* whose required pointers lead to a row; leave other lost ones out."""
    for column in reading.columns:
        name = column.info.get("to") if column is not None else None
        if column is None or not name or TABLES[name] is table:
            continue
        there = _present(connection, TABLES[name], {row.values[column.name] for row in batch})
        batch = [row for row in batch if reading.points(row, column, there)]
    return batch


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


def _set_apart(table: Table, batch: list[Row]) -> dict[str, Row]:
    """Take the parents out of *batch*: a parent may stand further down in the file."""
    column, apart = _parent_of(table), {}
    for row in batch:
        if column is not None and column.name in row.values:
            parent = row.values.pop(column.name)
            apart[str(row.values["id"])] = Row(row.line, {column.name: parent})
    return apart


def _join_parents(
    connection: Connection, table: Table, parents: dict[str, Row], reading: Reading
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


def _keep(connection: Connection, table: Table, batch: list[Row], kept: Kept) -> None:
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


def _leave_addresses_out(connection: Connection, readings: list[Reading]) -> None:
    """Take out of what was just kept every text that repeats a withheld address.

    `withhold` would not let it out; but what is not there cannot be searched for either.
    """
    secret = withheld(connection)
    for reading in readings:
        for row, name in _giving_away(reading, secret):
            table = TABLES[reading.resource.table]
            empty = None if table.c[name].nullable else BLANK
            connection.execute(
                table.update().where(table.c.id == row.values["id"]).values({name: empty})
            )
            reading.tell(row.line, name, Fault.REPEATS_ADDRESS, kept=True)


def _giving_away(reading: Reading, secret: Withheld) -> Iterator[tuple[Row, str]]:
    words = {Kind.TEXT, Kind.URI, Kind.EMAIL}
    names = {c.name for c in reading.columns if c is not None and c.info["kind"] in words}
    for row in reading.good:
        its_own = {row.values["id"], row.values.get("location_id")} & secret.location_ids
        for name in names if not its_own else ():
            value = row.values.get(name)
            if isinstance(value, str) and secret.gives_away(value):
                yield row, name
