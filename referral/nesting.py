"""Build HSDS documents from rows: what belongs to a record is nested in it, as the API reference shows.

However many records are asked for, each kind of child costs one query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, Table, select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.tables import TABLES, attribute, change, edited
from referral.withheld import Document


@dataclass(frozen=True, slots=True)
class Shape:
    """What is nested in a record of *table*.

    *one* pairs a field with the shape that its ``<table>_id`` leads to; *many* pairs a field with the shape
    of the rows that point here. Of the columns that point elsewhere only those of *keeps* are told: the
    others are nested, or are where the record is found.
    """

    table: str
    one: tuple[tuple[str, "Shape"], ...] = ()
    many: tuple[tuple[str, "Shape"], ...] = ()
    keeps: frozenset[str] = field(default_factory=frozenset)


LANGUAGE = Shape("language")
PHONE = Shape("phone", many=(("languages", LANGUAGE),))
CONTACT = Shape("contact", many=(("phones", PHONE),))
SCHEDULE = Shape("schedule")
AREA = Shape("service_area")
URL = Shape("url")
FUNDING = Shape("funding")
TAXONOMY = Shape("taxonomy")
TERM = Shape("taxonomy_term", one=(("taxonomy_detail", TAXONOMY),), keeps=frozenset({"parent_id"}))

_PARENT = frozenset({"parent_organization_id"})
BRIEF_ORGANIZATION = Shape("organization", keeps=_PARENT)
BRIEF_PROGRAM = Shape("program")
BRIEF_SERVICE = Shape(
    "service", one=(("organization", BRIEF_ORGANIZATION), ("program", BRIEF_PROGRAM))
)
BRIEF_LOCATION = Shape("location")
BRIEF_SITE = Shape(
    "service_at_location", one=(("location", BRIEF_LOCATION), ("service", BRIEF_SERVICE))
)

LOCATION = Shape(
    "location",
    many=(
        ("languages", LANGUAGE),
        ("addresses", Shape("address")),
        ("contacts", CONTACT),
        ("accessibility", Shape("accessibility")),
        ("phones", PHONE),
        ("schedules", SCHEDULE),
    ),
)
_OF_ORGANIZATION = (
    ("additional_websites", URL),
    ("funding", FUNDING),
    ("contacts", CONTACT),
    ("phones", PHONE),
    ("locations", LOCATION),
    ("programs", Shape("program")),
    ("organization_identifiers", Shape("organization_identifier")),
)
_OF_SERVICE = (
    ("additional_urls", URL),
    ("phones", PHONE),
    ("schedules", SCHEDULE),
    ("service_areas", AREA),
    ("languages", LANGUAGE),
    ("funding", FUNDING),
    ("cost_options", Shape("cost_option")),
    ("required_documents", Shape("required_document")),
    ("contacts", CONTACT),
    ("capacities", Shape("service_capacity", one=(("unit", Shape("unit")),))),
)
_OF_SITE = (
    ("service_areas", AREA),
    ("contacts", CONTACT),
    ("phones", PHONE),
    ("schedules", SCHEDULE),
)
_SITE = Shape("service_at_location", one=(("location", LOCATION),), many=_OF_SITE)
_NESTED_ORGANIZATION = Shape("organization", many=_OF_ORGANIZATION, keeps=_PARENT)
_PROGRAM = (("program", Shape("program")),)
SERVICE = Shape(
    "service",
    one=(("organization", _NESTED_ORGANIZATION), *_PROGRAM),
    many=(*_OF_SERVICE, ("service_at_locations", _SITE)),
)
SITE = Shape(
    "service_at_location",
    one=(
        ("location", LOCATION),
        (
            "service",
            Shape(
                "service", one=(("organization", _NESTED_ORGANIZATION), *_PROGRAM), many=_OF_SERVICE
            ),
        ),
    ),
    many=_OF_SITE,
)
_OWN_SERVICE = Shape("service", one=_PROGRAM, many=(*_OF_SERVICE, ("service_at_locations", _SITE)))
ORGANIZATION = Shape(
    "organization", many=(*_OF_ORGANIZATION, ("services", Shape("service"))), keeps=_PARENT
)
ORGANIZATION_WITH_SERVICES = Shape(
    "organization", many=(*_OF_ORGANIZATION, ("services", _OWN_SERVICE)), keeps=_PARENT
)


def documents(
    connection: Connection, shape: Shape, ids: Sequence[str], *, full: bool = True
) -> list[Document]:
    """Return the records *ids* as HSDS documents of that *shape*, in the order of *ids*.

    A *full* document also carries attributes and metadata, its own and those of what is nested in it.
    """
    everything: dict[str, list[Document]] = {}
    rows = _rows(connection, TABLES[shape.table], "id", ids)
    built = dict(
        zip((row["id"] for row in rows), _build(connection, shape, rows, everything), strict=True)
    )
    if full:
        _attach_attributes(connection, everything)
        _attach_metadata(connection, everything)
    return [built[key] for key in ids if key in built]


def _rows(
    connection: Connection, table: Table, name: str, values: Iterable[Any]
) -> list[RowMapping]:
    wanted = {value for value in values if value is not None}
    if not wanted:
        return []
    query = select(table).where(among(connection, table.c[name], wanted)).order_by(table.c.id)
    return list(connection.execute(query).mappings())


def _build(
    connection: Connection,
    shape: Shape,
    rows: Sequence[RowMapping],
    everything: dict[str, list[Document]],
) -> list[Document]:
    table = TABLES[shape.table]
    fields = [c.name for c in table.c if "to" not in c.info or c.name in shape.keeps]
    built = [{name: plain(row[name]) for name in fields if row[name] is not None} for row in rows]
    for document in built:
        everything.setdefault(document["id"], []).append(document)
    for name, inner in shape.one:
        key = f"{inner.table}_id"
        found = _rows(connection, TABLES[inner.table], "id", (row[key] for row in rows))
        nested = _build(connection, inner, found, everything)
        by_id = {row["id"]: each for row, each in zip(found, nested, strict=True)}
        for row, document in zip(rows, built, strict=True):
            if row[key] in by_id:
                document[name] = by_id[row[key]]
    for name, inner in shape.many:
        key = f"{shape.table}_id"
        found = _rows(connection, TABLES[inner.table], key, (row["id"] for row in rows))
        nested = _build(connection, inner, found, everything)
        by_owner: dict[str, list[Document]] = {}
        for row, each in zip(found, nested, strict=True):
            by_owner.setdefault(row[key], []).append(each)
        for document in built:
            if document["id"] in by_owner:
                document[name] = by_owner[document["id"]]
    return built


def plain(value: Any) -> Any:
    """Write whole numbers without a fraction: an age of 18 is not 18.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _attach_attributes(connection: Connection, everything: dict[str, list[Document]]) -> None:
    links = _rows(connection, attribute, "link_id", everything)
    terms = _terms(connection, {row["taxonomy_term_id"] for row in links})
    for row in links:
        if row["taxonomy_term_id"] in terms:
            told = {name: row[name] for name in ("id", "link_type", "value", "label") if row[name]}
            told["taxonomy_term"] = terms[row["taxonomy_term_id"]]
            for document in everything[row["link_id"]]:
                document.setdefault("attributes", []).append(told)


def _terms(connection: Connection, ids: set[str | None]) -> dict[str, Document]:
    wanted = [key for key in ids if key]
    return {each["id"]: each for each in documents(connection, TERM, wanted, full=False)}


def _attach_metadata(connection: Connection, everything: dict[str, list[Document]]) -> None:
    """Tell what sources say of changes; what was changed here holds old values, and stays in the `history`."""
    found = _rows(connection, change, "resource_id", everything)
    ids = {row["id"] for row in found}
    ours = (
        set(
            connection.scalars(
                select(edited.c.change_id).where(among(connection, edited.c.change_id, ids))
            )
        )
        if ids
        else set()
    )
    for row in (row for row in found if row["id"] not in ours):
        told = {
            name: row[name] or "" for name in row if name not in ("resource_id", "resource_type")
        }
        for document in everything[row["resource_id"]]:
            document.setdefault("metadata", []).append(told)
