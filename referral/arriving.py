"""Read a package whole, before anything is written: tabular or documents, of any version of HSDS."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from referral import documents
from referral.fields import UUID, Fault
from referral.lines import Line, records
from referral.older import Older, fields_of, into, is_older, reading_order
from referral.outlying import leave_out_outliers
from referral.package import Resource, Source, lines_of, open_package, resources, text_of
from referral.reading import Incoming, Row, header, name_in
from referral.tables import TABLES

EVERY = 1_000
"""Rows after which progress is told."""

Progress = Callable[[str, int], None]
"""Takes the name of a file and how many of its rows were read."""

_NAME = re.compile(r"[a-z][a-z_]{0,40}")
"""What may be the name of a field; anything else could be a value, and is not repeated."""


def _silent(_file: str, _rows: int) -> None:
    pass


def read_package(path: Path, *, source: str = "", progress: Progress = _silent) -> Incoming:
    """Read the package at *path*: a folder, a zip or a JSON file.

    *source* says whose it is; without one the name of the file does.

    Raises: PackageUnreadable, when *path* holds no package at all.
    """
    incoming = Incoming((source or path.resolve().stem)[:100], is_named=bool(source))
    with open_package(path) as files:
        _Arriving(files, incoming, progress).read()
    incoming.finish()
    leave_out_outliers(incoming)
    return incoming


class _Arriving:
    def __init__(self, source: Source, incoming: Incoming, progress: Progress) -> None:
        self._source, self._incoming, self._progress = source, incoming, progress
        self._older = Older(incoming.source)
        self._alike: dict[tuple[str, object], int] = {}

    def read(self) -> None:
        listed = resources(self._source)
        names = {each: self._names(each) for each in listed if not each.holds_documents}
        old = any(is_older(each.table, set(names[each])) for each in names if each.table)
        for each in sorted(listed, key=lambda each: reading_order(each.table)):
            if each.holds_documents:
                self._documents(each)
            elif not each.table:
                self._tell(each, 0, Fault.NOT_HSDS_FILE)
            else:
                self._table(each, old=old)

    def _names(self, resource: Resource) -> list[str]:
        """Return the first line of a file, or nothing where there is none."""
        try:
            first = next(self._lines(resource), Line(1, []))
        except OSError:
            return []
        return [name_in(name) for name in first.values or []]

    def _lines(self, resource: Resource) -> Iterator[Line]:
        return records(lines_of(self._source, resource.path))

    def _tell(
        self, resource: Resource, line: int, fault: Fault, name: str = "", *, kept: bool = False
    ) -> None:
        self._incoming.tell(Row(resource.file, line, {}), name, fault, kept=kept)

    def _cut_short(self, *tables: str) -> None:
        self._incoming.parts |= {*tables, *map(into, tables)} if tables else set(TABLES)

    def _table(self, resource: Resource, *, old: bool) -> None:
        if resource.table in TABLES and not old:
            self._incoming.begin(resource.table)
        try:
            self._rows(resource, self._lines(resource), old=old)
        except OSError:
            self._tell(resource, 0, Fault.FILE_UNREADABLE)
            self._cut_short(resource.table)

    def _rows(self, resource: Resource, lines: Iterator[Line], *, old: bool) -> None:
        names = next(lines, Line(1, [])).values
        if names is None:
            self._tell(resource, 0, Fault.FILE_UNREADABLE)
            self._cut_short(resource.table)
            return
        known = fields_of(resource.table) if old else TABLES[resource.table].c.keys()
        fields, strange = header(names, known)
        for place in strange:
            self._tell(resource, 1, Fault.NOT_HSDS_FIELD, f"column {place}", kept=True)
        if "id" not in fields:
            self._tell(resource, 1, Fault.NO_ID_COLUMN, "id")
            self._cut_short(resource.table)
            return
        for number, line in enumerate(lines, start=1):
            if number % EVERY == 0:
                self._progress(resource.file, number)
            self._line(resource, fields, line, old=old)

    def _line(self, resource: Resource, fields: list[str], line: Line, *, old: bool) -> None:
        if line.values is None:
            self._tell(resource, line.number, Fault.ROW_UNREADABLE)
            self._cut_short(resource.table)
            return
        record, more = line.values[: len(fields)], line.values[len(fields) :]
        if not any(map(str.strip, line.values)):
            return
        if len(record) < len(fields) or any(map(str.strip, more)):
            self._tell(resource, line.number, Fault.ROW_WIDTH)
            self._met(resource.table, fields, record)
            return
        if line.odd:
            self._tell(resource, line.number, Fault.QUOTES, kept=True)
        given = {n: text for n, text in zip(fields, record, strict=True) if n}
        self._take(resource, line.number, given, old=old)

    def _met(self, table: str, fields: list[str], record: list[str]) -> None:
        """Remember the id of a row that cannot be read: it is not gone."""
        place = fields.index("id")
        key = record[place].strip().lower() if place < len(record) else ""
        if table in self._incoming.met and UUID.fullmatch(key):
            self._incoming.met[table].add(key)
        else:
            self._cut_short(table)

    def _take(self, resource: Resource, line: int, given: dict[str, str], *, old: bool) -> None:
        if not old:
            self._incoming.take(Row(resource.file, line, {}), resource.table, given)
            return
        was, older = resource.table, self._older
        unread = older.unread(was, given)
        if unread:
            self._tell(resource, line, Fault.NOT_A_CHOICE, unread)
        for table, values in older.convert(was, given):
            row = Row(
                resource.file,
                line,
                {},
                names=older.called(was, table, given),
                nothing_without=older.nothing_without(was, table, given),
            )
            self._incoming.begin(table)
            if unread:
                self._incoming.met[table].add(values["id"])
            else:
                self._incoming.take(row, table, values)

    def _documents(self, resource: Resource) -> None:
        try:
            found = documents.Documents(resource.path, text_of(self._source, resource.path))
            self._records(resource, found)
        except OSError:
            self._tell(resource, 0, Fault.FILE_UNREADABLE)
            self._cut_short()
        except documents.Broken as broken:
            self._tell(resource, broken.line, Fault.ROW_UNREADABLE)
            self._cut_short()
        else:
            if not found.whole:
                self._cut_short()

    def _records(self, resource: Resource, found: documents.Documents) -> None:
        strange: set[tuple[str, str]] = set()
        for number, record in enumerate(found.records(), start=1):
            if number % EVERY == 0:
                self._progress(resource.file, number)
            if not record.table or record.table not in TABLES:
                self._tell(resource, record.line, Fault.NOT_HSDS_FILE)
            elif not isinstance(record.value, dict):
                self._tell(resource, record.line, Fault.NOT_AN_OBJECT)
            else:
                for row in documents.rows_of(record):
                    self._take_document(resource, row, strange)

    def _met_alike(self, found: documents.Found) -> bool:
        """Say whether the record was read before with the same values: most are nested in many others."""
        key = (found.table, found.values.get("id"))
        try:
            values = hash((found.wrong, *found.values.items()))
            known = self._alike.get(key) == values
            self._alike[key] = values
        except TypeError:  # A list stands where a value should: it is told below.
            return False
        return known

    def _take_document(
        self, resource: Resource, found: documents.Found, strange: set[tuple[str, str]]
    ) -> None:
        if self._met_alike(found):
            return
        columns = TABLES[found.table].c
        row = Row(resource.file, found.line, {}, label=f"{found.table}.")
        for name in found.wrong:
            self._incoming.tell(row, name, Fault.NOT_AN_OBJECT, kept=True)
        for name in sorted(found.values.keys() - set(columns.keys())):
            if (found.table, name) not in strange:
                strange.add((found.table, name))
                shown = name if _NAME.fullmatch(name) else "(a field)"
                self._incoming.tell(row, shown, Fault.NOT_HSDS_FIELD, kept=True)
        given = dict.fromkeys(c.name for c in columns if c.nullable and "to" not in c.info)
        given |= {c.name: found.values[c.name] for c in columns if c.name in found.values}
        self._incoming.begin(found.table)
        self._incoming.take(row, found.table, given, merging=True)
