"""What is looked for in the directory, as conditions on its tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Table, func, or_, select
from sqlalchemy.engine import Connection

from referral.fields import instant
from referral.geography import EARTH_RADIUS, Point, mean, metres_between
from referral.tables import (
    address,
    attribute,
    location,
    organization,
    service,
    service_at_location,
    taxonomy,
    taxonomy_term,
)
from referral.withheld import withheld

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The query parameters of HSDS; those that are given must all hold.

    *taxonomy_term* is the id or the code of a term. *proximity* is in metres around the middle of
    *postcode*, as far as public addresses show where that is.
    """

    search: str = ""
    taxonomy_term: str = ""
    taxonomy_id: str = ""
    organization_id: str = ""
    modified_after: datetime | None = None
    postcode: str = ""
    proximity: float | None = None
    top_only: bool = False
    parent_id: str = ""


ANYTHING = Wanted()


def of_services(connection: Connection, wanted: Wanted) -> list[Condition]:
    conditions = _of_service(wanted)
    if (terms := _terms(wanted)) is not None:
        conditions.append(_classified(terms, service))
    return conditions


def of_sites(connection: Connection, wanted: Wanted) -> list[Condition]:
    site = service_at_location
    conditions: list[Condition] = [
        site.c.service_id.in_(select(service.c.id).where(condition))
        for condition in _of_service(wanted)
    ]
    if (terms := _terms(wanted)) is not None:
        links = select(attribute.c.link_id).where(attribute.c.taxonomy_term_id.in_(terms))
        conditions.append(or_(site.c.id.in_(links), site.c.service_id.in_(links)))
    if wanted.postcode:
        conditions.append(site.c.location_id.in_(_near(connection, wanted)))
    return conditions


def of_organizations(connection: Connection, wanted: Wanted) -> list[Condition]:
    names = (organization.c.name, organization.c.alternate_name, organization.c.description)
    conditions = _words(wanted.search, *names)
    if (terms := _terms(wanted)) is not None:
        theirs = select(service.c.organization_id).where(_classified(terms, service))
        conditions.append(or_(_classified(terms, organization), organization.c.id.in_(theirs)))
    return conditions


def of_taxonomies(connection: Connection, wanted: Wanted) -> list[Condition]:
    return _words(wanted.search, taxonomy.c.name, taxonomy.c.description)


def of_terms(connection: Connection, wanted: Wanted) -> list[Condition]:
    term = taxonomy_term
    conditions = _words(wanted.search, term.c.name, term.c.description, term.c.code)
    if wanted.taxonomy_id:
        conditions.append(term.c.taxonomy_id == wanted.taxonomy_id)
    if wanted.parent_id:
        conditions.append(term.c.parent_id == wanted.parent_id)
    if wanted.top_only:
        conditions.append(term.c.parent_id.is_(None))
    return conditions


Conditions = Callable[[Connection, Wanted], list[Condition]]


def _of_service(wanted: Wanted) -> list[Condition]:
    """Return what holds for a service alone, its organization's name included."""
    conditions: list[Condition] = []
    for word in wanted.search.split():
        theirs = select(organization.c.id).where(_says(word, organization.c.name))
        own = _says(word, service.c.name, service.c.alternate_name, service.c.description)
        conditions.append(or_(own, service.c.organization_id.in_(theirs)))
    if wanted.organization_id:
        conditions.append(service.c.organization_id == wanted.organization_id)
    if wanted.modified_after is not None:
        conditions.append(service.c.last_modified >= instant(wanted.modified_after))
    return conditions


def _words(search: str, *columns: ColumnElement[str]) -> list[Condition]:
    return [_says(word, *columns) for word in search.split()]


def _says(word: str, *columns: ColumnElement[str]) -> Condition:
    """*word* stands in one of *columns*, in any case.

    SQLite folds the case of ASCII letters only, so a word of another script is tried in its usual cases.
    """
    forms = sorted({word, word.lower(), word.upper(), word.capitalize()})
    return or_(*(c.icontains(form, autoescape=True) for c in columns for form in forms))


def _terms(wanted: Wanted) -> Select[tuple[str]] | None:
    """Select the ids of the taxonomy terms that are asked for; None where none are."""
    query = select(taxonomy_term.c.id)
    if wanted.taxonomy_term:
        named = wanted.taxonomy_term.lower()
        query = query.where(
            or_(taxonomy_term.c.id == named, func.lower(taxonomy_term.c.code) == named)
        )
    if wanted.taxonomy_id:
        query = query.where(taxonomy_term.c.taxonomy_id == wanted.taxonomy_id)
    return query if wanted.taxonomy_term or wanted.taxonomy_id else None


def _classified(terms: Select[tuple[str]], table: Table) -> Condition:
    links = select(attribute.c.link_id).where(attribute.c.taxonomy_term_id.in_(terms))
    return table.c.id.in_(links)


def _near(connection: Connection, wanted: Wanted) -> list[str]:
    """Return the public locations in the postcode or within the given metres of its middle.

    A withheld location is near nothing: asking for it by postcode or distance must not find it.
    """
    secret = withheld(connection).location_ids
    plain = func.replace(func.upper(address.c.postal_code), " ", "")
    postcode = wanted.postcode.upper().replace(" ", "")
    inside = set(connection.scalars(select(address.c.location_id).where(plain == postcode)))
    inside -= secret
    if wanted.proximity is None:
        return sorted(filter(None, inside))
    points = _points(connection, location.c.id.in_(inside))
    middle = mean(list(points.values()))
    if middle is None:
        return []
    band = wanted.proximity / EARTH_RADIUS * 60  # in degrees; 60 is a little more than 180 / pi
    nearby = _points(
        connection, location.c.latitude.between(middle.latitude - band, middle.latitude + band)
    )
    return sorted(
        key
        for key, point in nearby.items()
        if key not in secret and metres_between(middle, point) <= wanted.proximity
    )


def _points(connection: Connection, condition: Condition) -> dict[str, Point]:
    rows = connection.execute(
        select(location.c.id, location.c.latitude, location.c.longitude).where(
            condition, location.c.latitude.is_not(None), location.c.longitude.is_not(None)
        )
    )
    return {key: Point(latitude, longitude) for key, latitude, longitude in rows}
