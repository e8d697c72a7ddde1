"""Read the directory: a page of a collection, or one record, as HSDS 3.1 documents.

Functions take a connection and never commit. Whatever leaves through here has been through `withhold`.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from referral import nesting, wanted
from referral.nesting import Shape, documents
from referral.paging import rows_of_page
from referral.tables import (
    location,
    organization,
    service,
    service_at_location,
    taxonomy,
    taxonomy_term,
)
from referral.wanted import ANYTHING, Conditions, Wanted
from referral.withheld import NOTHING, Document, Withheld, withheld, withhold


class Collection(StrEnum):
    """What the HSDS API lists, by its path."""

    SERVICES = "services"
    ORGANIZATIONS = "organizations"
    LOCATIONS = "locations"
    SERVICE_AT_LOCATIONS = "service_at_locations"
    TAXONOMIES = "taxonomies"
    TAXONOMY_TERMS = "taxonomy_terms"


class Detail(StrEnum):
    """How much of a record is told. *BRIEF* leaves out what there may be many of."""

    BRIEF = "brief"
    FULL = "full"
    FULL_SERVICE = "full_service"
    """Full, and an organization's services in full too."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a collection, in the order of ids. *total* counts all that was wanted."""

    contents: list[Document]
    total: int


@dataclass(frozen=True, slots=True)
class _Listing:
    table: Table
    conditions: Conditions
    brief: Shape
    full: Shape
    full_service: Shape


def _listing(
    table: Table,
    conditions: Conditions,
    brief: Shape,
    full: Shape,
    full_service: Shape | None = None,
) -> _Listing:
    return _Listing(table, conditions, brief, full, full_service or full)


_LISTINGS = {
    Collection.SERVICES: _listing(
        service, wanted.of_services, nesting.BRIEF_SERVICE, nesting.SERVICE
    ),
    Collection.ORGANIZATIONS: _listing(
        organization,
        wanted.of_organizations,
        nesting.BRIEF_ORGANIZATION,
        nesting.ORGANIZATION,
        nesting.ORGANIZATION_WITH_SERVICES,
    ),
    Collection.LOCATIONS: _listing(
        location, wanted.of_locations, nesting.BRIEF_LOCATION, nesting.LOCATION
    ),
    Collection.SERVICE_AT_LOCATIONS: _listing(
        service_at_location, wanted.of_sites, nesting.BRIEF_SITE, nesting.SITE
    ),
    Collection.TAXONOMIES: _listing(
        taxonomy, wanted.of_taxonomies, nesting.TAXONOMY, nesting.TAXONOMY
    ),
    Collection.TAXONOMY_TERMS: _listing(taxonomy_term, wanted.of_terms, nesting.TERM, nesting.TERM),
}


def shapes(collection: Collection) -> tuple[Shape, ...]:
    """Return every shape that a record of *collection* may be told in."""
    listing = _LISTINGS[collection]
    return listing.brief, listing.full, listing.full_service


def page(
    connection: Connection,
    collection: Collection,
    wanted: Wanted = ANYTHING,
    *,
    number: int = 1,
    size: int = 50,
    detail: Detail = Detail.BRIEF,
) -> Page:
    """Return page *number* (from 1) of *size* records; past the end it is empty.

    Page numbers are HSDS's contract; who reads everything asks for those `following` instead.
    """
    listing, secret = _LISTINGS[collection], withheld(connection)
    conditions = listing.conditions(connection, wanted, secret)
    rows, total = rows_of_page(
        connection, (listing.table.c.id,), conditions, number=number, size=size
    )
    ids = [row.id for row in rows]
    return Page(_told(connection, listing, ids, detail, secret), total)


def stamps(
    connection: Connection, wanted: Wanted = ANYTHING, *, number: int = 1, size: int = 1_000
) -> Page:
    """Return a page of ids and ``last_modified`` of services: HSDS's minimal list."""
    secret = NOTHING if wanted == ANYTHING else withheld(connection)
    conditions = _LISTINGS[Collection.SERVICES].conditions(connection, wanted, secret)
    columns = (service.c.id, service.c.last_modified)
    rows, total = rows_of_page(connection, columns, conditions, number=number, size=size)
    return Page([_stamp(row.id, row.last_modified) for row in rows], total)


def _stamp(service_id: str, changed: str | None) -> Document:
    return {"id": service_id} | ({"last_modified": changed} if changed else {})


def following(
    connection: Connection,
    collection: Collection,
    wanted: Wanted = ANYTHING,
    *,
    after: str = "",
    limit: int = 500,
    detail: Detail = Detail.BRIEF,
) -> list[Document]:
    """Return up to *limit* records that follow the id *after*, in the order of `page`; none at the end."""
    listing, secret = _LISTINGS[collection], withheld(connection)
    key = listing.table.c.id
    conditions = listing.conditions(connection, wanted, secret)
    query = select(key).where(*conditions, key > after).order_by(key).limit(limit)
    return _told(connection, listing, list(connection.scalars(query)), detail, secret)


def record(
    connection: Connection,
    collection: Collection,
    record_id: str,
    *,
    detail: Detail = Detail.FULL,
) -> Document | None:
    """Return one record with everything that belongs to it, or None where there is none."""
    ids = [record_id.lower()]
    told = _told(connection, _LISTINGS[collection], ids, detail, withheld(connection))
    return told[0] if told else None


def _told(
    connection: Connection, listing: _Listing, ids: list[str], detail: Detail, secret: Withheld
) -> list[Document]:
    shapes = {
        Detail.BRIEF: listing.brief,
        Detail.FULL: listing.full,
        Detail.FULL_SERVICE: listing.full_service,
    }
    found = documents(connection, shapes[detail], ids, full=detail is not Detail.BRIEF)
    told: list[Document] = withhold(found, secret)
    return told
