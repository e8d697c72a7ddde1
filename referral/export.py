"""Hand the directory out as a package of HSDS 3.1: tables (CSV and datapackage.json) or documents (JSON).

What leaves is what the API tells, and nothing else: both read `directory.following`, so a confidential location
goes out as a stub. Rows that no document holds (a unit nobody counts in, a phone of nobody) follow by themselves.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, and_, select, true
from sqlalchemy.engine import Connection

from referral import documents
from referral.directory import Collection, Detail, following
from referral.documents import Document, Found, Record, rows_of
from referral.nesting import CONTACT, PHONE, Shape, plain
from referral.nesting import documents as nested_documents
from referral.provenance import batches
from referral.tables import TABLES, Kind, attribute, change, edited
from referral.withheld import Withheld, of_withheld, withheld, withhold

FILES = {
    "accessibility": "accessibility",
    "funding": "funding",
    "metadata": "metadata",
    "service_at_location": "service_at_location",
    "service_capacity": "service_capacity",
    "url": "url",
    "address": "addresses",
    "taxonomy": "taxonomies",
}
"""The files of a package whose names are no plural by ``s``, as the specification's examples call them."""

_ROOTS = {
    "service": Collection.SERVICES,
    "organization": Collection.ORGANIZATIONS,
    "location": Collection.LOCATIONS,
    "service_at_location": Collection.SERVICE_AT_LOCATIONS,
    "taxonomy": Collection.TAXONOMIES,
    "taxonomy_term": Collection.TAXONOMY_TERMS,
}

_TYPES = {Kind.NUMBER: "number", Kind.DATE: "date", Kind.DATETIME: "datetime", Kind.TIME: "time"}


def file_of(table: str) -> str:
    return f"{FILES.get(table, f'{table}s')}.csv"


def export_documents(connection: Connection, folder: Path) -> dict[str, int]:
    """Write a list of full documents for each collection into *folder*; return how many by file."""
    folder.mkdir(parents=True, exist_ok=True)
    told: set[str] = set()
    written = {}
    for table, collection in _ROOTS.items():
        name = f"{collection.value}.json"
        each = _noting(_records(connection, table), table, told)
        written[name] = _write_list(folder / name, each)
    rest: dict[str, list[Document]] = {}
    for found in _others(connection, told):
        rest.setdefault(file_of(found.table), []).append(found.values)
    if rest:
        (folder / "others.json").write_text(_json(rest) + "\n", encoding="utf-8")
        written["others.json"] = sum(map(len, rest.values()))
    return written


def export_tables(connection: Connection, folder: Path) -> dict[str, int]:
    """Write a tabular data package into *folder*; return how many rows by file."""
    folder.mkdir(parents=True, exist_ok=True)
    told: set[str] = set()
    rows: dict[str, dict[str, Document]] = {}
    documented = (
        found
        for table in _ROOTS
        for document in _records(connection, table)
        for found in rows_of(Record(table, 0, "", document))
    )
    for found in chain(_each(documented, told), _others(connection, told)):
        row = rows.setdefault(found.table, {}).setdefault(found.values["id"], {})
        row |= {name: value for name, value in found.values.items() if value is not None}
    for table in TABLES:
        _write_table(folder, table, rows.get(table, {}))
    described = [_described(table) for table in TABLES]
    about = {"name": "directory", "profile": "tabular-data-package", "resources": described}
    (folder / "datapackage.json").write_text(_json(about, indent=1) + "\n", encoding="utf-8")
    return {file_of(table): len(rows.get(table, {})) for table in TABLES}


def _each(rows: Iterable[Found], told: set[str]) -> Iterator[Found]:
    for found in rows:
        told.add(found.values["id"])
        yield found


def _noting(records: Iterable[Document], table: str, told: set[str]) -> Iterator[Document]:
    for document in records:
        told |= {found.values["id"] for found in rows_of(Record(table, 0, "", document))}
        yield document


def _records(connection: Connection, table: str) -> Iterator[Document]:
    """Yield all full documents of a collection, in the order of ids."""
    after = ""
    while some := following(connection, _ROOTS[table], after=after, limit=200, detail=Detail.FULL):
        _complete(connection, some)
        yield from some
        after = some[-1]["id"]


def _complete(connection: Connection, found: list[Document]) -> None:
    """Add to attributes and metadata what kind of record they are of: a table must say so."""
    nested = [each for document in found for each in _nested(document)]
    for table, name in ((attribute, "link_entity"), (change, "resource_type")):
        its = [each for kind, each in nested if kind == table.name.removeprefix("directory_")]
        said: dict[str, str] = {}
        for some in batches(sorted({each["id"] for each in its})):
            query = select(table.c.id, table.c[name]).where(table.c.id.in_(some))
            said |= {row[0]: row[1] for row in connection.execute(query) if row[1]}
        for each in its:
            each |= {name: said[each["id"]]} if each["id"] in said else {}


def _nested(document: Document) -> Iterator[tuple[str, Document]]:
    for name, value in document.items():
        kind = documents.MANY.get(name) or documents.ONE.get(name)
        for each in value if isinstance(value, list) else [value]:
            if kind and isinstance(each, dict):
                yield kind, each
                yield from _nested(each)


_NEVER_ALONE = ("attribute", "metadata", "address")
"""An address of nobody may be that of a house whose own row, which would withhold it, could not be read."""


def _others(connection: Connection, told: set[str]) -> Iterator[Found]:
    """Yield the rows that belong to no record, and what is said of those and of attributes that were told."""
    secret = withheld(connection)
    hidden = of_withheld(connection, secret)
    for name, table in TABLES.items():
        if name not in _ROOTS and name not in _NEVER_ALONE:
            pointers = [c for c in table.c if "to" in c.info]
            alone = and_(true(), *(column.is_(None) for column in pointers))
            query = select(table).where(alone).order_by(table.c.id)
            found = connection.execute(query).mappings()
            rows = [r for r in found if r["id"] not in told and r["id"] not in hidden]
            whole = _with_their_own if name in _WITH_OWN else _told
            yield from _each(whole(name, rows, secret, connection), told)
    everywhere = {key for t in TABLES.values() for key in connection.scalars(select(t.c.id))}
    # What was taken away here may have been withheld, and nothing tells any more that it was.
    everywhere |= set(
        connection.scalars(
            select(change.c.resource_id).join(edited, edited.c.change_id == change.c.id)
        )
    )
    ours = set(connection.scalars(select(edited.c.change_id)))
    for kind, table, link in (
        ("attribute", attribute, "link_id"),
        ("metadata", change, "resource_id"),
    ):
        found = connection.execute(select(table).order_by(table.c.id)).mappings()
        rows_of_it = (_without_words(dict(r), secret) for r in found if r["id"] not in ours)
        known = (r for r in rows_of_it if r[link] in told or r[link] not in everywhere)
        rest = (row for row in known if row["id"] not in told and row[link] not in hidden)
        yield from _each(_told(kind, rest, secret, connection), told)


_WITH_OWN: dict[str, Shape] = {"contact": CONTACT, "phone": PHONE}


def _with_their_own(
    name: str, rows: Iterable[RowMapping], secret: Withheld, connection: Connection
) -> Iterator[Found]:
    """Yield rows that belong to nobody with what is theirs: the phones of a contact, the languages of a phone."""
    ids = [row["id"] for row in rows]
    for document in nested_documents(connection, _WITH_OWN[name], ids):
        yield from rows_of(Record(name, 0, "", withhold(document, secret)))


def _without_words(row: Document, secret: Withheld) -> Document:
    """Of what is or may be a mark, leave out what it says: its place may be known to nobody here."""
    may_mark = "link_id" in row and row["taxonomy_term_id"] in (None, *secret.terms)
    return row | dict.fromkeys(("value", "label", "link_type")) if may_mark else row


def _told(
    name: str, rows: Iterable[RowMapping | Document], secret: Withheld, _: Connection
) -> Iterator[Found]:
    for row in rows:
        values = {name: plain(value) for name, value in row.items() if value is not None}
        if not any(isinstance(v, str) and secret.gives_away(v) for v in values.values()):
            yield Found(name, 0, values)


def _write_list(path: Path, records: Iterable[Document]) -> int:
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, record in enumerate(records, start=1):
            file.write(",\n" if number > 1 else "\n")
            file.write(_json(record))
        file.write("\n]\n")
    return number


def _write_table(folder: Path, table: str, rows: dict[str, Document]) -> None:
    names = TABLES[table].c.keys()
    with (folder / file_of(table)).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows[key] for key in sorted(rows))


def _described(table: str) -> Document:
    fields = [
        {"name": column.name, "type": _TYPES.get(column.info["kind"], "string")}
        | ({} if column.nullable else {"constraints": {"required": True}})
        for column in TABLES[table].c
    ]
    schema = {"primaryKey": "id", "fields": fields}
    return {"name": FILES.get(table, f"{table}s"), "path": file_of(table), "schema": schema}


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
