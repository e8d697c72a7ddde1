"""Confidential locations: which they are, and what of them may be told.

HSDS has no field for a place that must stay unknown. Here a taxonomy term with the code or the name
``confidential-location``, or a term under it, withholds: given to a location or its address, or to a service at a
location, a service, a program or an organization, whose locations are then all withheld; given to a phone or a
contact, it withholds that one. An attribute whose term could not be read withholds too, for it may have been this
one. So does lying at the same point or address as a withheld location. A phone, a contact or a language that belongs
to a withheld place and to somebody else is withheld; of such a schedule the hours are told.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.tables import (
    TABLES,
    address,
    attribute,
    location,
    service,
    service_at_location,
    taxonomy_term,
)
from referral.telltale import Telltale, is_street, telltale

TERM = "confidential-location"

BLANK = "…"
"""Stands for a text that would give a withheld location away, where a text is required."""

_POINTING = [
    column
    for table in TABLES.values()
    for column in table.c
    if column.info.get("to") in ("location", "service_at_location", "contact", "phone")
]
_SHARED = ("contact", "phone", "language", "accessibility", "schedule")
"""What a withheld place may share with others: what points comes after what it points to."""

_BETWEEN = re.compile(r"[\W_]+")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Withheld:
    """The withheld locations of a directory: their ids, and what would give them away."""

    location_ids: frozenset[str] = frozenset()
    telltale: Telltale = field(default_factory=Telltale)
    parts: frozenset[str] = frozenset()
    """The phones and contacts that are themselves withheld, and what a withheld place shares with others."""
    hours: frozenset[str] = frozenset()
    """The schedules that it shares: their hours may be told, their words not."""
    service_ids: frozenset[str] = frozenset()
    """The services that are marked, themselves or with who gives them, wherever they are given."""
    terms: frozenset[str] = frozenset()
    """The taxonomy terms that withhold."""

    def __repr__(self) -> str:
        return f"<Withheld {len(self.location_ids)} locations>"

    def gives_away(self, text: str) -> bool:
        """Say whether *text* repeats a line or the postcode of a withheld address, or its coordinates."""
        return self.telltale.is_in(text)


NOTHING = Withheld()


def withheld(connection: Connection, *, for_certain: bool = False) -> Withheld:
    """Read which locations are withheld; a fixed number of queries.

    *for_certain* leaves out what is withheld only because a term could not be read.
    """
    terms = mark_terms(connection)
    marks = _marks(connection, terms, for_certain=for_certain)
    marked = marked_places(connection, marks)
    places = frozenset(marked | _twins(connection, marked))
    parts = _marked_parts(connection, marks)
    shared, hours = _shared(connection, places, parts)
    tells = _telltale(connection, places)
    return Withheld(places, tells, parts | shared, hours, _services(connection, marks), terms)


def mark_terms(connection: Connection) -> frozenset[str]:
    """Return the terms that withhold, and those under them."""
    its = taxonomy_term.c
    rows = connection.execute(select(its.id, its.code, its.name, its.parent_id)).all()
    return with_those_under(
        {row.id for row in rows if is_mark(row.code) or is_mark(row.name)},
        {row.id: row.parent_id for row in rows if row.parent_id},
    )


def with_those_under(terms: Iterable[str], parents: Mapping[str, str]) -> frozenset[str]:
    """Return *terms* and the terms under them."""
    found = set(terms)
    while new := {key for key, above in parents.items() if above in found} - found:
        found |= new
    return frozenset(found)


def _marks(connection: Connection, terms: frozenset[str], *, for_certain: bool) -> set[str]:
    """Return the ids that a term withholds, whatever they are of.

    The entity that an attribute names is not trusted, only its id: a misspelt ``link_entity`` must not
    publish an address.
    """
    links: ColumnElement[bool] = among(connection, attribute.c.taxonomy_term_id, terms)
    if not for_certain:
        links = or_(attribute.c.taxonomy_term_id.is_(None), links)
    return set(connection.scalars(select(attribute.c.link_id).where(links)))


def _services(connection: Connection, marks: set[str]) -> frozenset[str]:
    ways = (service.c.id, service.c.program_id, service.c.organization_id)
    found = (_where(connection, select(service.c.id), column, marks) for column in ways)
    return frozenset(key for rows in found for (key,) in rows)


def marked_places(connection: Connection, marks: set[str]) -> set[str]:
    """Return the locations that *marks* withhold, by whatever they are reached through."""
    site = service_at_location.c
    ways: tuple[tuple[Column[str], Column[str], Iterable[str]], ...] = (
        (location.c.id, location.c.id, marks),
        (location.c.id, location.c.organization_id, marks),
        (address.c.location_id, address.c.id, marks),
        (site.location_id, site.id, marks),
        (site.location_id, site.service_id, _services(connection, marks)),
    )
    found = (
        key
        for its, column, those in ways
        for (key,) in _where(connection, select(its), column, those)
    )
    return set(filter(None, found))


def _twins(connection: Connection, marked: set[str]) -> set[str]:
    """Return what lies at the same point as a marked location, or in the same street."""
    its = address.c
    folded, second = func.lower(its.address_1), func.lower(its.address_2)
    rows = _where(connection, select(folded, second), its.location_id, marked)
    lines = {line for pair in rows for line in _streets(*pair)}
    in_street = (_where(connection, select(its.location_id), c, lines) for c in (folded, second))
    twins = {key for rows in in_street for (key,) in rows if key}
    return twins | _at_same_point(connection, marked)


def _streets(first: str, second: str | None) -> Iterator[str]:
    yield first
    if second and is_street(second):
        yield second


def _at_same_point(connection: Connection, marked: set[str]) -> set[str]:
    other = location.alias()
    same = and_(location.c.latitude == other.c.latitude, location.c.longitude == other.c.longitude)
    query = select(location.c.id).join(other, same)
    return {key for (key,) in _where(connection, query, other.c.id, marked)}


def _telltale(connection: Connection, places: frozenset[str]) -> Telltale:
    its, where = address.c, location.c
    query = select(its.address_1, its.address_2, its.postal_code)
    rows = list(_where(connection, query, its.location_id, places))
    lines = [line for first, second, _ in rows for line in _streets(first, second)]
    codes = [(code, f"{first} {second or ''}") for first, second, code in rows]
    points = _where(connection, select(where.latitude, where.longitude), where.id, places)
    public = select(its.postal_code).where(
        its.location_id.is_not(None), not_(among(connection, its.location_id, places))
    )
    plain = func.replace(func.upper(its.postal_code), " ", "")
    wanted = {code.upper().replace(" ", "") for code, _ in codes}
    shared = (code for (code,) in _where(connection, public.distinct(), plain, wanted))
    return telltale(lines, (p for p in points if None not in p), codes, shared)


def _marked_parts(connection: Connection, marks: set[str]) -> frozenset[str]:
    phone, contact = TABLES["phone"], TABLES["contact"]
    ways = ((phone, phone.c.id), (phone, phone.c.contact_id), (contact, contact.c.id))
    return frozenset(
        key for t, column in ways for (key,) in _where(connection, select(t.c.id), column, marks)
    )


def _shared(
    connection: Connection, places: frozenset[str], marked: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return what belongs to withheld places or *marked* parts and to somebody else too; and of that the schedules."""
    site = service_at_location.c
    secret = {key for (key,) in _where(connection, select(site.id), site.location_id, places)}
    secret |= places | marked
    found: dict[str, set[str]] = {}
    for name in _SHARED if secret else ():
        table = TABLES[name]
        pointers = [column for column in table.c if "to" in column.info]
        its = or_(*(among(connection, column, secret) for column in pointers))
        rows = connection.execute(select(table.c.id, *pointers).where(its)).all()
        found[name] = {row[0] for row in rows if {*row[1:]} - secret - {None}}
        secret |= {row[0] for row in rows}
    hours = frozenset(found.pop("schedule", ()))
    return frozenset(key for ids in found.values() for key in ids), hours


def _where(
    connection: Connection,
    query: Select[Any],
    column: ColumnElement[Any],
    values: Iterable[str],
) -> Iterable[Any]:
    """Return the rows of *query* where *column* is one of *values*."""
    found = sorted(values)
    return connection.execute(query.where(among(connection, column, found))) if found else ()


_OF_SITE = ("id", "location", "service", "schedules", "attributes")
_SAYING = frozenset(
    {
        "answers-within",
        "can-fetch",
        "interpreter",
        "interpreter-by-telephone",
        "step-free",
        "time-zone",
    }
)
"""Codes of terms whose values are no words: see `shortlist`."""
_WORDS_OF_SCHEDULE = frozenset(
    {"description", "notes", "attending_type", "schedule_link", "attributes", "metadata"}
)
LINKS = frozenset(
    {"url", "uri", "website", "logo", "email", "assurer_email", "term_uri", "schedule_link"}
)


def withhold(document: Any, secret: Withheld) -> Any:
    """Return *document* (HSDS JSON) without anything that tells where a withheld location lies.

    Of the location its id and type remain, and the attribute that says why; of a service at it, its hours and terms.
    A phone or a contact that is itself withheld is not there. Any other text that repeats a line, the postcode or the
    point is left blank.
    """
    if isinstance(document, list):
        return [withhold(each, secret) for each in document if not is_part(each, secret)]
    if not isinstance(document, dict) or secret == NOTHING:
        return document
    left: Document = {}
    for name, value in _stub(document, secret).items():
        if isinstance(value, str):
            if name == "id" or not secret.gives_away(value):
                left[name] = value
            elif name not in LINKS:
                left[name] = BLANK
        elif (inner := withhold(value, secret)) != []:
            left[name] = inner
    return left


def of_withheld(connection: Connection, secret: Withheld) -> frozenset[str]:
    """Return the ids of everything that is withheld: places, services at them, and what belongs to these."""
    found: set[str] = set()
    new = set(secret.location_ids | secret.parts)
    while new:
        found |= new
        new = {key for column in _POINTING for (key,) in _pointing(connection, column, new)} - found
    return frozenset(found)


def _pointing(connection: Connection, column: Column[Any], ids: set[str]) -> Iterable[Any]:
    return _where(connection, select(column.table.c.id), column, ids)


def is_part(document: Any, secret: Withheld) -> bool:
    """Say whether *document* is a phone, a contact or another part that is itself withheld."""
    return isinstance(document, dict) and document.get("id") in secret.parts


def told(text: str, secret: Withheld) -> str:
    """Return *text*, blank where it would give a withheld address away."""
    return BLANK if secret.gives_away(text) else text


def _stub(document: Document, secret: Withheld) -> Document:
    if _is_marking(document, secret):
        return {name: document[name] for name in ("id", "taxonomy_term")}
    if "location_type" in document and document["id"] in secret.location_ids:
        return _location_stub(document, secret)
    where = document.get("location")
    if isinstance(where, dict) and where.get("id") in secret.location_ids:
        return _site_stub(document)
    if document.get("id") in secret.hours:
        return _hours_alone(document)
    return document


def _is_marking(given: Document, secret: Withheld) -> bool:
    term = given.get("taxonomy_term", {})
    return term.get("id") in secret.terms or is_mark(term.get("code"))


def _location_stub(document: Document, secret: Withheld) -> Document:
    stub = {name: document[name] for name in ("id", "location_type")}
    marks = [each for each in document.get("attributes", []) if _is_marking(each, secret)]
    return stub | ({"attributes": marks} if marks else {})


def _site_stub(document: Document) -> Document:
    stub = {name: document[name] for name in _OF_SITE if name in document}
    if "schedules" in stub:
        stub["schedules"] = list(map(_hours_alone, stub["schedules"]))
    if "attributes" in stub:
        stub["attributes"] = list(map(_term_alone, stub["attributes"]))
    return stub


def _hours_alone(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in _WORDS_OF_SCHEDULE}


def _term_alone(given: Document) -> Document:
    """Of what is said by a term, leave its words out; a code that is known here may keep its value."""
    is_known = given["taxonomy_term"].get("code", "").strip().lower() in _SAYING
    names = ("id", "taxonomy_term", "value") if is_known else ("id", "taxonomy_term")
    return {name: given[name] for name in names if name in given}


def is_mark(code: str | None) -> bool:
    """Say whether *code*, or a name, is that of the term that withholds, however it is spelt."""
    return _letters(code or "") == _MARK


def _letters(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


_MARK = _letters(TERM)
