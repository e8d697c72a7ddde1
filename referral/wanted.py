"""What is looked for in the directory, as conditions on its tables."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Select, Table, and_, func, not_, or_, select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.answering import needs_by_term
from referral.fields import instant
from referral.geography import EARTH_RADIUS, Point, mean, metres_between
from referral.synonyms import pieces
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
from referral.withheld import Withheld

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


def of_services(connection: Connection, wanted: Wanted, secret: Withheld) -> list[Condition]:
    conditions = _of_service(connection, wanted, secret)
    if (terms := _terms(wanted)) is not None:
        conditions.append(_classified(terms, service))
    if wanted.postcode:
        site = service_at_location
        near = among(connection, site.c.location_id, _near(connection, wanted, secret))
        conditions.append(service.c.id.in_(select(site.c.service_id).where(near)))
    return conditions


def of_sites(connection: Connection, wanted: Wanted, secret: Withheld) -> list[Condition]:
    site = service_at_location
    conditions: list[Condition] = [
        site.c.service_id.in_(select(service.c.id).where(condition))
        for condition in _of_service(connection, wanted, secret)
    ]
    if (terms := _terms(wanted)) is not None:
        links = select(attribute.c.link_id).where(attribute.c.taxonomy_term_id.in_(terms))
        conditions.append(or_(site.c.id.in_(links), site.c.service_id.in_(links)))
    if wanted.postcode:
        near = _near(connection, wanted, secret)
        conditions.append(among(connection, site.c.location_id, near))
    return conditions


def of_locations(connection: Connection, wanted: Wanted, secret: Withheld) -> list[Condition]:
    """A withheld location is listed, but neither found by a word nor by where it lies."""
    names = (location.c.name, location.c.alternate_name, location.c.description)
    conditions = _words(connection, wanted.search, names, secret)
    if wanted.search:
        conditions += _none_of(connection, location.c.id, secret.location_ids)
    if wanted.organization_id:
        conditions.append(location.c.organization_id == wanted.organization_id)
    if wanted.postcode:
        conditions.append(among(connection, location.c.id, _near(connection, wanted, secret)))
    return conditions


def of_organizations(connection: Connection, wanted: Wanted, secret: Withheld) -> list[Condition]:
    names = (organization.c.name, organization.c.alternate_name, organization.c.description)
    conditions = _words(connection, wanted.search, names, secret)
    if (terms := _terms(wanted)) is not None:
        theirs = select(service.c.organization_id).where(_classified(terms, service))
        conditions.append(or_(_classified(terms, organization), organization.c.id.in_(theirs)))
    return conditions


def of_taxonomies(connection: Connection, wanted: Wanted, secret: Withheld) -> list[Condition]:
    names = (taxonomy.c.name, taxonomy.c.description)
    return _words(connection, wanted.search, names, secret)


def of_terms(connection: Connection, wanted: Wanted, secret: Withheld) -> list[Condition]:
    term = taxonomy_term
    names = (term.c.name, term.c.description, term.c.code)
    conditions = _words(connection, wanted.search, names, secret)
    if wanted.taxonomy_id:
        conditions.append(term.c.taxonomy_id == wanted.taxonomy_id)
    if wanted.parent_id:
        conditions.append(term.c.parent_id == wanted.parent_id)
    if wanted.top_only:
        conditions.append(term.c.parent_id.is_(None))
    return conditions


Conditions = Callable[[Connection, Wanted, Withheld], list[Condition]]


def _of_service(connection: Connection, wanted: Wanted, secret: Withheld) -> list[Condition]:
    """Return what holds for a service alone, its organization's name included."""
    own = (service.c.name, service.c.alternate_name, service.c.description)
    conditions: list[Condition] = []
    found = list(pieces(wanted.search))
    told = _Told(connection, wanted.search, (*own, organization.c.name), secret)
    answered = needs_by_term(connection) if any(needs for _, needs in found) else {}
    for words, needs in found:
        said = and_(*(_says_of_service(word, own, told) for word in words.split()))
        terms = [term for term, its in answered.items() if its & needs]
        conditions.append(or_(said, _answers(connection, terms)) if terms else said)
    if wanted.organization_id:
        conditions.append(service.c.organization_id == wanted.organization_id)
    if wanted.modified_after is not None:
        conditions.append(service.c.last_modified >= instant(wanted.modified_after))
    return conditions


def _says_of_service(word: str, own: tuple[Column[str], ...], told: "_Told") -> Condition:
    theirs = select(organization.c.id).where(told.says(word, organization.c.name))
    return or_(told.says(word, *own), service.c.organization_id.in_(theirs))


def _answers(connection: Connection, terms: Collection[str]) -> Condition:
    """A service is classified by one of *terms*."""
    meant = among(connection, attribute.c.taxonomy_term_id, terms)
    return service.c.id.in_(select(attribute.c.link_id).where(meant))


def _words(
    connection: Connection, search: str, columns: tuple[Column[str], ...], secret: Withheld
) -> list[Condition]:
    told = _Told(connection, search, columns, secret)
    return [told.says(word, *columns) for word in search.split()]


class _Told:
    """Finds by what is told: a text that gives a withheld address away is left blank, so no word finds it.

    Texts are looked at only where a word of the search stands in them, because that is asked at every search.
    """

    def __init__(
        self,
        connection: Connection,
        search: str,
        columns: tuple[Column[str], ...],
        secret: Withheld,
    ) -> None:
        self._connection = connection
        self._blank = {
            column: _telling(connection, search.split(), column, secret)
            for column in (columns if search and secret.location_ids else ())
        }

    def says(self, word: str, *columns: Column[str]) -> Condition:
        return or_(*(and_(_says(word, each), *self._is_told(each)) for each in columns))

    def _is_told(self, column: Column[str]) -> list[Condition]:
        return _none_of(self._connection, column.table.c.id, self._blank.get(column, ()))


def _telling(
    connection: Connection, words: list[str], column: Column[str], secret: Withheld
) -> list[str]:
    """Return the rows in whose *column* one of *words* stands and a withheld address is repeated."""
    query = select(column.table.c.id, column).where(or_(*(_says(word, column) for word in words)))
    return [key for key, text in connection.execute(query) if secret.gives_away(text)]


def _none_of(
    connection: Connection, column: ColumnElement[str], ids: Collection[str]
) -> list[Condition]:
    return [not_(among(connection, column, ids))] if ids else []


def _says(word: str, column: ColumnElement[str]) -> Condition:
    """*word* stands in *column*, in any case.

    SQLite folds the case of ASCII letters only, so a word of another script is tried in its usual cases.
    """
    forms = sorted({word, word.lower(), word.upper(), word.capitalize()})
    return or_(*(column.icontains(form, autoescape=True) for form in forms))


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


def _near(connection: Connection, wanted: Wanted, secret: Withheld) -> set[str]:
    """Return the public locations in the postcode or within the given metres of its middle.

    A withheld location is near nothing: asking for it by postcode or distance must not find it.
    """
    plain = func.replace(func.upper(address.c.postal_code), " ", "")
    postcode = wanted.postcode.upper().replace(" ", "")
    found = connection.scalars(select(address.c.location_id).where(plain == postcode))
    inside = {key for key in found if key} - secret.location_ids
    if wanted.proximity is None:
        return inside
    points = _points(connection, among(connection, location.c.id, inside))
    middle = mean(list(points.values()))
    if middle is None:
        return set()
    band = wanted.proximity / EARTH_RADIUS * 60  # in degrees; 60 is a little more than 180 / pi
    nearby = _points(
        connection, location.c.latitude.between(middle.latitude - band, middle.latitude + band)
    )
    return {
        key
        for key, point in nearby.items()
        if key not in secret.location_ids and metres_between(middle, point) <= wanted.proximity
    }


def _points(connection: Connection, condition: Condition) -> dict[str, Point]:
    rows = connection.execute(
        select(location.c.id, location.c.latitude, location.c.longitude).where(
            condition, location.c.latitude.is_not(None), location.c.longitude.is_not(None)
        )
    )
    return {key: Point(latitude, longitude) for key, latitude, longitude in rows}
