"""Confidential locations: which they are, and what of them may be told.

HSDS has no field for a place that must stay unknown. Here a taxonomy term with the code
``confidential-location`` withholds: given to a location or its address, or to a service at a location, a
service or an organization, whose locations are then all withheld; given to a phone or a contact, it withholds
that one. An attribute whose term could not be read withholds too, for it may have been this one. So does lying
at the same point or address as a withheld location.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.tables import (
    TABLES,
    address,
    attribute,
    contact,
    location,
    phone,
    service,
    service_at_location,
    taxonomy_term,
)

TERM = "confidential-location"

BLANK = "…"
"""Stands for a text that would give a withheld location away, where a text is required."""

_POINTING = [
    column
    for table in TABLES.values()
    for column in table.c
    if column.info.get("to") in ("location", "service_at_location", "contact", "phone")
]

_SHORTEST_LINE = 5
"""Characters below which a line of an address says too little to be looked for in other texts."""

_WORD = re.compile(r"[^\W_]+")

_DEGREES = re.compile(r"\d{1,3}\.\d{3}")
"""Coordinates cut to about a hundred metres, as they stand in a map link."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Withheld:
    """The withheld locations of a directory: their ids, and the words that would give them away."""

    location_ids: frozenset[str] = frozenset()
    lines: Mapping[str, frozenset[tuple[str, ...]]] = field(default_factory=dict)
    """The street lines in words, by their first word."""
    points: frozenset[tuple[str, str]] = frozenset()
    parts: frozenset[str] = frozenset()
    """The phones and contacts that are themselves withheld."""

    def __repr__(self) -> str:
        return f"<Withheld {len(self.location_ids)} locations>"

    def gives_away(self, text: str) -> bool:
        """Say whether *text* repeats the street line of a withheld address, or its coordinates."""
        if len(text) < _SHORTEST_LINE:
            return False
        return self._repeats_line(_words(text)) or self._repeats_point(text)

    def _repeats_line(self, words: Sequence[str]) -> bool:
        if self.lines.keys().isdisjoint(words):
            return False
        return any(
            tuple(words[place : place + len(line)]) == line
            for place, word in enumerate(words)
            for line in self.lines.get(word, ())
        )

    def _repeats_point(self, text: str) -> bool:
        if "." not in text:
            return False
        numbers = _DEGREES.findall(text)
        return any(not self.points.isdisjoint({(a, b), (b, a)}) for a, b in pairwise(numbers))

    def could_find(self, text: str) -> bool:
        """Say whether a search for *text* could find by what is withheld: a part of a street line, or a number."""
        return any(piece.isdigit() or self._touches(piece) for piece in _words(text))

    def _touches(self, piece: str) -> bool:
        lines = (line for lines in self.lines.values() for line in lines)
        return any(piece in word or word in piece for line in lines for word in line)


NOTHING = Withheld()


def withheld(connection: Connection) -> Withheld:
    """Read which locations are withheld; a fixed number of queries."""
    marks = _marks(connection)
    marked = marked_places(connection, marks)
    parts = _parts(connection, marks)
    if not marked:
        return replace(NOTHING, parts=parts) if parts else NOTHING
    of_place = address.c.location_id
    folded = func.lower(address.c.address_1)
    points = _where(
        connection, select(location.c.latitude, location.c.longitude), location.c.id, marked
    )
    lines = {line for (line,) in _where(connection, select(folded), of_place, marked)}
    twins = _where(connection, select(of_place), folded, lines)
    return Withheld(
        frozenset(marked | _at_same_point(connection, marked) | {key for (key,) in twins if key}),
        _by_first_word(lines),
        frozenset((_digits(y), _digits(x)) for y, x in points if None not in (y, x)),
        parts,
    )


def _marks(connection: Connection) -> set[str]:
    """Return the ids that a term withholds, whatever they are of.

    The entity that an attribute names is not trusted, only its id: a misspelt ``link_entity`` must not
    publish an address.
    """
    codes = connection.execute(select(taxonomy_term.c.id, taxonomy_term.c.code))
    terms = [key for key, code in codes if is_mark(code)]
    links = or_(attribute.c.taxonomy_term_id.is_(None), attribute.c.taxonomy_term_id.in_(terms))
    return set(connection.scalars(select(attribute.c.link_id).where(links)))


def marked_places(connection: Connection, marks: set[str]) -> set[str]:
    """Return the locations that *marks* withhold, by whatever they are reached through."""
    site = service_at_location
    through = select(site.c.location_id).join(service, site.c.service_id == service.c.id)
    ways = (
        (select(location.c.id), location.c.id),
        (select(location.c.id), location.c.organization_id),
        (select(address.c.location_id), address.c.id),
        (select(site.c.location_id), site.c.id),
        (through, service.c.id),
        (through, service.c.organization_id),
    )
    found = (key for query, column in ways for (key,) in _where(connection, query, column, marks))
    return set(filter(None, found))


def _parts(connection: Connection, marks: set[str]) -> frozenset[str]:
    ways = ((phone, phone.c.id), (phone, phone.c.contact_id), (contact, contact.c.id))
    return frozenset(
        key for t, column in ways for (key,) in _where(connection, select(t.c.id), column, marks)
    )


def _at_same_point(connection: Connection, marked: set[str]) -> set[str]:
    other = location.alias()
    same = and_(location.c.latitude == other.c.latitude, location.c.longitude == other.c.longitude)
    query = select(location.c.id).join(other, same)
    return {key for (key,) in _where(connection, query, other.c.id, marked)}


def _where(
    connection: Connection,
    query: Select[Any],
    column: ColumnElement[Any],
    values: Iterable[str],
) -> Iterable[Any]:
    """Return the rows of *query* where *column* is one of *values*."""
    found = sorted(values)
    return connection.execute(query.where(among(connection, column, found))) if found else ()


def _by_first_word(lines: Iterable[str]) -> dict[str, frozenset[tuple[str, ...]]]:
    in_words = {tuple(_words(line)) for line in lines if len(line) >= _SHORTEST_LINE} - {()}
    found: dict[str, frozenset[tuple[str, ...]]] = {}
    for line in in_words:
        found[line[0]] = found.get(line[0], frozenset()) | {line}
    return found


def _words(text: str) -> list[str]:
    """Return the words of *text* in one case, whatever stands between them."""
    return _WORD.findall(text.casefold())


def _digits(degrees: float) -> str:
    return f"{abs(degrees):.6f}"[:-3]


_OF_SITE = ("id", "location", "service", "schedules", "attributes")
_WORDS_OF_SCHEDULE = frozenset(
    {"description", "notes", "attending_type", "schedule_link", "attributes", "metadata"}
)
LINKS = frozenset(
    {"url", "uri", "website", "logo", "email", "assurer_email", "term_uri", "schedule_link"}
)


def withhold(document: Any, secret: Withheld) -> Any:
    """Return *document* (HSDS JSON) without anything that tells where a withheld location lies.

    Of the location its id and type remain, and the attribute that says why; of a service at it, its hours.
    A phone or a contact that is itself withheld is not there. Any other text that repeats the street line or the point
    is left blank.
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
    """Say whether *document* is a phone or a contact that is itself withheld."""
    return isinstance(document, dict) and document.get("id") in secret.parts


def told(text: str, secret: Withheld) -> str:
    """Return *text*, blank where it would give a withheld address away."""
    return BLANK if secret.gives_away(text) else text


def _stub(document: Document, secret: Withheld) -> Document:
    if is_mark(document.get("taxonomy_term", {}).get("code")):
        return {name: document[name] for name in ("id", "taxonomy_term")}
    if "location_type" in document and document["id"] in secret.location_ids:
        return _location_stub(document)
    where = document.get("location")
    if isinstance(where, dict) and where.get("id") in secret.location_ids:
        return _site_stub(document)
    return document


def _location_stub(document: Document) -> Document:
    stub = {name: document[name] for name in ("id", "location_type")}
    attributes = document.get("attributes", [])
    marks = [each for each in attributes if is_mark(each["taxonomy_term"].get("code"))]
    return stub | ({"attributes": marks} if marks else {})


def _site_stub(document: Document) -> Document:
    stub = {name: document[name] for name in _OF_SITE if name in document}
    if "schedules" in stub:
        stub["schedules"] = [
            {name: each[name] for name in each if name not in _WORDS_OF_SCHEDULE}
            for each in stub["schedules"]
        ]
    return stub


def is_mark(code: str | None) -> bool:
    """Say whether *code* is that of the term that withholds, however it is spelt."""
    return (code or "").strip().lower().replace("_", "-") == TERM
