"""One record of the directory with all its parts, as those who keep it read it.

What a withheld location would tell is left out (`withhold`), unless it is opened: then it is written down who did.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from referral import nesting
from referral.among import among
from referral.editing import NotThere, Values, row_of
from referral.fields import as_text
from referral.history import Changed, Record
from referral.nesting import Shape, documents
from referral.parts import rows_above
from referral.tables import (
    TABLES,
    attribute,
    location,
    schedule,
    service,
    service_at_location,
    taxonomy,
    taxonomy_term,
    unit,
)
from referral.withheld import BLANK, Document, Withheld, told, withheld, withhold

_SHAPES = {
    "service": Shape(
        "service",
        one=(("organization", nesting.BRIEF_ORGANIZATION), ("program", nesting.BRIEF_PROGRAM)),
        many=nesting.SERVICE.many,
    ),
    "organization": Shape(
        "organization",
        many=tuple(
            one for one in nesting.ORGANIZATION.many if one[0] not in ("services", "locations")
        ),
        keeps=frozenset({"parent_organization_id"}),
    ),
    "location": Shape("location", many=nesting.LOCATION.many, keeps=frozenset({"organization_id"})),
}

MOST_CHOICES = 1_000


def view(connection: Connection, record: Record, *, is_open: bool = False) -> Document:
    """Return *record* as an HSDS document; only where it *is_open* with all of a withheld location. Raises: NotThere."""
    if record.kind not in _SHAPES:
        raise NotThere
    found = documents(connection, _SHAPES[record.kind], [record.id.lower()], full=False)
    if not found:
        raise NotThere
    inside = {each["id"]: each for each in nested(found[0])}
    for link, given in _terms(connection, inside):
        inside[link].setdefault("attributes", []).append(given)
    document: Document = found[0] if is_open else withhold(found[0], withheld(connection))
    return document


def kept_secret(connection: Connection, record: Record) -> list[tuple[str, str]]:
    """Return kind and id of the telephones and contacts of *record* that are withheld themselves."""
    parts = withheld(connection).parts
    found: list[tuple[str, str]] = []
    for kind in ("phone", "contact") if parts else ():
        its = TABLES[kind].c
        query = select(its.id).where(its[f"{record.kind}_id"] == record.id)
        ids = connection.scalars(query.where(among(connection, its.id, parts)))
        found += [(kind, key) for key in ids]
    return found


def nested(document: Document) -> Iterator[Document]:
    """Yield *document* and everything with an id that is nested in it."""
    if "id" in document:
        yield document
    for value in document.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from nested(each)


def is_withheld(connection: Connection, kind: str, row: Values, secret: Withheld) -> bool:
    """Say whether *row* is a withheld location, a service at one, or a part of these; or a part withheld by itself."""
    place = row["id"] if kind == "location" else row.get("location_id")
    if place in secret.location_ids or row["id"] in secret.parts:
        return True
    return any(
        is_withheld(connection, to, its, secret) for to, its in rows_above(connection, kind, row)
    )


def terms(connection: Connection) -> list[tuple[str, str, str]]:
    """Return id, name and taxonomy of the terms that can be given, by taxonomy and name."""
    term = taxonomy_term.c
    rows = connection.execute(
        select(term.id, term.name, term.taxonomy, taxonomy.c.name.label("of"))
        .join_from(taxonomy_term, taxonomy, term.taxonomy_id == taxonomy.c.id, isouter=True)
        .order_by(taxonomy.c.name, term.name, term.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, row.name, row.of or row.taxonomy or "") for row in rows]


def units(connection: Connection) -> list[str]:
    """Return what services count, by name."""
    query = select(unit.c.name).distinct().order_by(unit.c.name).limit(MOST_CHOICES)
    return list(connection.scalars(query))


def unit_name(connection: Connection, unit_id: str) -> str:
    """Return the name of a unit, empty where there is none."""
    return connection.scalar(select(unit.c.name).where(unit.c.id == unit_id)) or ""


def offset_of(connection: Connection, service_id: str) -> str:
    """Return the offset from UTC that hours of a service are written with, empty where they have none."""
    times = connection.scalars(
        select(schedule.c.opens_at)
        .where(schedule.c.service_id == service_id, schedule.c.opens_at.is_not(None))
        .order_by(schedule.c.id)
    )
    return next((each[5:] for each in times if each[5:]), "")


def texts(kind: str, row: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a row as `fields.read` reads them."""
    return {name: as_text(row[name]) for name, _ in TABLES[kind].c.items()}


def organization_of(connection: Connection, record: Record) -> str:
    """Return the id of the organization that a service or a location is of, empty where it is nobody's."""
    row = row_of(connection, record.kind, record.id)
    return str(row.get("organization_id") or "")


def _terms(
    connection: Connection, inside: Mapping[str, Document]
) -> Iterator[tuple[str, Document]]:
    term = taxonomy_term.c
    rows = connection.execute(
        select(attribute.c.id, attribute.c.link_id, attribute.c.value, term.name, term.code)
        .join(taxonomy_term, term.id == attribute.c.taxonomy_term_id)
        .where(among(connection, attribute.c.link_id, list(inside)))
        .order_by(term.name, attribute.c.id)
    )
    for row in rows:
        its: Document = {"id": row.id, "taxonomy_term": {"name": row.name, "code": row.code or ""}}
        yield row.link_id, its | ({"value": row.value} if row.value else {})


def services_at(
    connection: Connection, location_id: str, secret: Withheld
) -> list[tuple[str, str]]:
    """Return id and name of the services that are given at a location, at most `MOST_CHOICES`."""
    site = service_at_location.c
    rows = connection.execute(
        select(service.c.id, service.c.name)
        .where(service.c.id.in_(select(site.service_id).where(site.location_id == location_id)))
        .order_by(service.c.name, service.c.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, told(row.name, secret)) for row in rows]


def name_of(connection: Connection, record: Record) -> str:
    """Return the name of a record; of a withheld location, or where a name repeats its address, none."""
    secret = withheld(connection)
    if record.id in secret.location_ids:
        return ""
    return told(str(row_of(connection, record.kind, record.id)["name"] or ""), secret)


def places_of(connection: Connection, organization_id: str) -> list[tuple[str, str]]:
    """Return id and name of the locations of an organization; of a withheld one without its name."""
    secret = withheld(connection)
    rows = connection.execute(
        select(location.c.id, location.c.name)
        .where(location.c.organization_id == organization_id)
        .order_by(location.c.name, location.c.id)
        .limit(MOST_CHOICES)
    )
    return [
        (row.id, "" if row.id in secret.location_ids else told(row.name or "", secret))
        for row in rows
    ]


def names_of(
    connection: Connection, changes: Iterable[Changed], secret: Withheld
) -> dict[str, str]:
    """Return the names of what the history of a record points to, by id; of a withheld location none."""
    ids: dict[str, set[str]] = {}
    for each in changes:
        to = _points_to(each)
        if to and "name" in TABLES[to].c:
            ids.setdefault(to, set()).update(filter(None, (each.before, each.after)))
    found: dict[str, str] = {}
    for to, some in ids.items():
        its = TABLES[to].c
        query = select(its.id, its.name).where(among(connection, its.id, some))
        found |= {row.id: row.name or row.id for row in connection.execute(query)}
    return found | dict.fromkeys(secret.location_ids & found.keys(), BLANK)


def _points_to(each: Changed) -> str | None:
    table = TABLES.get(each.kind)
    to: str | None = None
    if table is not None and each.field in table.c:
        to = table.c[each.field].info.get("to")
    return to
