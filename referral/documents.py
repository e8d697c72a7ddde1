"""HSDS documents (JSON) as rows: what is nested in a record becomes rows that point to it.

A file holds one document, a list, a page of an API (``contents``), a document a line (NDJSON), or lists by table.
Long files are read record by record, and every row knows the line that its object begins on.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from json import JSONDecodeError, JSONDecoder
from pathlib import PurePosixPath
from typing import Any

from referral.package import table_named
from referral.tables import TABLES

Document = dict[str, Any]

ONE = {
    "organization": "organization",
    "program": "program",
    "location": "location",
    "service": "service",
    "unit": "unit",
    "taxonomy_term": "taxonomy_term",
    "taxonomy_detail": "taxonomy",
}
"""Fields that hold one record, and its table."""

MANY = {
    "services": "service",
    "programs": "program",
    "locations": "location",
    "service_at_locations": "service_at_location",
    "phones": "phone",
    "contacts": "contact",
    "addresses": "address",
    "languages": "language",
    "schedules": "schedule",
    "accessibility": "accessibility",
    "funding": "funding",
    "cost_options": "cost_option",
    "required_documents": "required_document",
    "service_areas": "service_area",
    "organization_identifiers": "organization_identifier",
    "additional_urls": "url",
    "additional_websites": "url",
    "capacities": "service_capacity",
    "attributes": "attribute",
    "metadata": "metadata",
}
"""Fields that hold a list of records, and their table."""

_PLACE = "\0"
"""Where the decoder notes how many objects were closed before this one: no name in JSON that is kept."""


_LONGEST_NUMBER = 30


@dataclass(slots=True)
class Found:
    """One row of *table*, as a document gives it; *wrong* names fields that hold no record."""

    table: str
    line: int
    values: Document
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class Record:
    """One record at the top of a file. *table* is empty where nothing says which it is."""

    table: str
    line: int
    text: str
    value: Any


class Broken(Exception):
    """A file ceases to be JSON at *line*."""

    def __init__(self, line: int) -> None:
        super().__init__("not JSON")
        self.line = line


def rows_of(record: Record) -> Iterator[Found]:
    """Yield the record's own row and those of what is nested in it; what is pointed to comes first."""
    lines = _lines(record)
    yield from _rows(record.table, record.value, {}, lines)


def _rows(table: str, document: Document, owner: Document, lines: "_Lines") -> Iterator[Found]:
    columns = TABLES[table].c
    values = {k: v for k, v in document.items() if k not in _nested(table) and k != _PLACE}
    values = {k: v for k, v in owner.items() if k in columns} | values
    wrong = []
    for name in filter(_nested(table).__contains__, document):
        inner = ONE.get(name) or MANY[name]
        each = document[name] if isinstance(document[name], list) else [document[name]]
        if each == [None]:
            continue
        if not all(isinstance(one, dict) for one in each) or (name in ONE and len(each) != 1):
            wrong.append(name)
            continue
        if name in ONE:
            values.setdefault(f"{inner}_id", each[0].get("id"))
        for one in each:
            yield from _rows(inner, one, _owner(name, table, document), lines)
    yield Found(table, lines.of(document.get(_PLACE, 0)), values, tuple(wrong))


def _owner(name: str, table: str, document: Document) -> Document:
    """Return what a record nested as *name* points to: its owner, or whom a program and its service share."""
    if name == "program":
        whose = document.get("organization")
        return {"organization_id": whose.get("id")} if isinstance(whose, dict) else {}
    if name in ONE:
        return {}
    key = document.get("id")
    of = {"link_id": key, "link_entity": table, "resource_id": key, "resource_type": table}
    return of | {f"{table}_id": key}


def _nested(table: str) -> frozenset[str]:
    """Return the fields of *table* that hold records: a column of that name is a value."""
    return _NESTED[table]


_NESTED = {
    name: frozenset((ONE.keys() | MANY.keys()) - set(table.c.keys()))
    for name, table in TABLES.items()
}


class _Lines:
    """The lines that the objects of one record begin on, in the order in which the objects end."""

    def __init__(self, first: int, starts: list[int]) -> None:
        self._first, self._starts = first, starts

    def of(self, place: int) -> int:
        return self._starts[place] if self._starts else self._first


def _lines(record: Record) -> _Lines:
    if "\n" not in record.text:
        return _Lines(record.line, [])
    line, open_, starts = record.line, [], []
    for token in _TOKEN.finditer(record.text):
        match token.group()[0]:
            case "\n":
                line += 1
            case "{":
                open_.append(line)
            case "}":
                starts.append(open_.pop())
    return _Lines(record.line, starts)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\n]')
_SPACE = re.compile(r"[ \t\r\n]*")


class Documents:
    """The records of one JSON file, and whether they are everything that its source has."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text
        self._breaks = [each.start() for each in re.finditer("\n", text)]
        self._closed = count()
        self._decoder = JSONDecoder(object_hook=self._numbered, parse_int=_whole)
        self.whole = True

    def _numbered(self, found: Document) -> Document:
        found[_PLACE] = next(self._closed)
        return found

    def records(self) -> Iterator[Record]:
        """Yield each record. Raises: Broken, after those that could be read."""
        if PurePosixPath(self._name).suffix in (".ndjson", ".jsonl"):
            yield from self._one_a_line()
            return
        at = self._past_space(0)
        if self._text[at : at + 1] == "[":
            yield from self._listed(at, table_of_file(self._name))
        elif self._text[at : at + 1] == "{":
            yield from self._object(at)
        else:
            raise Broken(self._line(at))

    def _one_a_line(self) -> Iterator[Record]:
        at = self._past_space(0)
        while at < len(self._text):
            record, at = self._record(at, table_of_file(self._name))
            yield record
            at = self._past_space(at)

    def _listed(self, at: int, table: str) -> Iterator[Record]:
        """Yield the items of the list at *at*, and remember where it ends."""
        self._end = at = self._past_space(at + 1)
        while self._text[at : at + 1] != "]":
            record, at = self._record(at, table)
            yield record
            at = self._past_space(at)
            if self._text[at : at + 1] == ",":
                at = self._past_space(at + 1)
            elif self._text[at : at + 1] != "]":
                raise Broken(self._line(at))
        self._end = at + 1

    def _object(self, start: int) -> Iterator[Record]:
        """Yield what an object at the top holds: it is a record itself, a page of records, or lists by table."""
        others: Document = {}
        listed = 0
        at = self._past_space(start + 1)
        while self._text[at : at + 1] == '"':
            key, at = self._decoded(at)
            at = self._past_space(at)
            if self._text[at : at + 1] != ":":
                raise Broken(self._line(at))
            at = self._past_space(at + 1)
            of_table = table_named(key) if key.endswith(".csv") else ""
            if self._text[at : at + 1] == "[" and (key == "contents" or of_table):
                for record in self._listed(at, of_table or table_of_file(self._name)):
                    listed += 1
                    yield record
                at = self._end
            else:
                others[key], at = self._decoded(at)
            at = self._past_space(at)
            if self._text[at : at + 1] == ",":
                at = self._past_space(at + 1)
        if self._text[at : at + 1] != "}":
            raise Broken(self._line(at))
        if "id" in others:
            self.whole = False
            record, _ = self._record(start, table_of_file(self._name))
            yield record
        elif not listed and "contents" not in others:
            self.whole = False
            yield Record("", self._line(start), "", others)
        self.whole &= _all_of_it(others, listed)

    def _record(self, at: int, table: str) -> tuple[Record, int]:
        self._closed = count()
        value, end = self._decoded(at)
        of = table or _table_by_shape(value)
        return Record(of, self._line(at), self._text[at:end], value), end

    def _decoded(self, at: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self._text, at)
        except (JSONDecodeError, RecursionError):
            raise Broken(self._line(at)) from None

    def _past_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _line(self, at: int) -> int:
        return bisect_right(self._breaks, at - 1) + 1 if at else 1


def _whole(digits: str) -> int | str:
    """Read a whole number; one that is longer than any field's stays text, and is refused as one."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _all_of_it(envelope: Document, listed: int) -> bool:
    """Say whether a page is all that there is."""
    total = envelope.get("total_items", envelope.get("totalElements", listed))
    return bool(total == listed)


def table_of_file(name: str) -> str:
    """Return the table that a file's name tells: ``service_full.json``, ``organizations.json``."""
    stem = PurePosixPath(name).stem.lower()
    return table_named(re.sub(r"[_-](full|list|minimal|page)?[_-]?\d*$", "", stem))


def _table_by_shape(value: Any) -> str:
    """Return the table of a record whose file does not tell; empty where its fields do not either."""
    fields = set(value) if isinstance(value, dict) else set()
    for table, signs in _SIGNS:
        if fields & signs:
            return table
    return ""


_SIGNS = (
    ("location", {"location_type", "addresses", "latitude"}),
    ("service_at_location", {"location"}),
    (
        "organization",
        {
            "website",
            "legal_status",
            "year_incorporated",
            "organization_identifiers",
            "parent_organization_id",
            "locations",
            "services",
        },
    ),
    (
        "service",
        {"status", "organization", "service_at_locations", "service_areas", "last_modified"},
    ),
    ("taxonomy_term", {"taxonomy_detail", "term_uri", "parent_id", "code", "taxonomy"}),
    ("taxonomy", {"version"}),
)
