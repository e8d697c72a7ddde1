"""Confidential locations: which they are, and what of them may be told.

HSDS has no field for a place that must stay unknown. Here a taxonomy term with the code
``confidential-location`` withholds: given to a location, or to a service at a location, a service or an
organization, whose locations are then all withheld. An attribute whose term could not be read withholds
too, for it may have been this one. So does lying at the same point or address as a withheld location.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from referral.tables import (
    address,
    attribute,
    location,
    service,
    service_at_location,
    taxonomy_term,
)

TERM = "confidential-location"

BLANK = "…"
"""Stands for a text that would give a withheld location away, where a text is required."""

_SHORTEST_LINE = 5
"""Characters below which a line of an address says too little to be looked for in other texts."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Withheld:
    """The withheld locations of a directory: their ids, and the words that would give them away."""

    location_ids: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    points: frozenset[tuple[str, str]] = frozenset()

    def __repr__(self) -> str:
        return f"<Withheld {len(self.location_ids)} locations>"

    def gives_away(self, text: str) -> bool:
        """Say whether *text* repeats the street line of a withheld address, or its coordinates."""
        if self.words is not None and self.words.search(text.casefold()):
            return True
        return any(north in text and east in text for north, east in self.points)


def withheld(connection: Connection) -> Withheld:
    """Read which locations are withheld, in a fixed number of queries."""
    marked = _marked(connection)
    if connection.scalar(marked.limit(1)) is None:
        return Withheld()
    alike = (marked, _at_same_point(marked), _at_same_line(marked))
    ids = connection.scalars(select(location.c.id).where(or_(*map(location.c.id.in_, alike))))
    lines = connection.scalars(select(address.c.address_1).where(address.c.location_id.in_(marked)))
    points = connection.execute(
        select(location.c.latitude, location.c.longitude).where(
            location.c.id.in_(marked),
            location.c.latitude.is_not(None),
            location.c.longitude.is_not(None),
        )
    )
    return Withheld(
        frozenset(ids), _pattern(lines), frozenset((_digits(y), _digits(x)) for y, x in points)
    )


def _marked(connection: Connection) -> Any:
    """Select the locations that a term withholds, by whatever they are reached through.

    The entity that an attribute names is not trusted, only its id: a misspelt ``link_entity`` must not
    publish an address.
    """
    codes = connection.execute(select(taxonomy_term.c.id, taxonomy_term.c.code))
    terms = [key for key, code in codes if is_mark(code)]
    marks = select(attribute.c.link_id).where(
        or_(attribute.c.taxonomy_term_id.is_(None), attribute.c.taxonomy_term_id.in_(terms))
    )
    site = service_at_location
    through = select(site.c.location_id).join(service, site.c.service_id == service.c.id)
    services = or_(
        site.c.id.in_(marks), service.c.id.in_(marks), service.c.organization_id.in_(marks)
    )
    return select(location.c.id).where(
        or_(
            location.c.id.in_(marks),
            location.c.organization_id.in_(marks),
            location.c.id.in_(through.where(services)),
        )
    )


def _at_same_point(marked: Any) -> Any:
    other = location.alias()
    same = and_(location.c.latitude == other.c.latitude, location.c.longitude == other.c.longitude)
    return select(location.c.id).join(other, same).where(other.c.id.in_(marked))


def _at_same_line(marked: Any) -> Any:
    other = address.alias()
    same = func.lower(other.c.address_1) == func.lower(address.c.address_1)
    return (
        select(address.c.location_id)
        .join(other, same)
        .where(other.c.location_id.in_(marked), address.c.location_id.is_not(None))
    )


def _pattern(lines: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds any of *lines* in a text, whatever stands between their words."""
    words = (re.findall(r"\w+", line.casefold()) for line in lines if len(line) >= _SHORTEST_LINE)
    patterns = {r"[\W_]+".join(map(re.escape, each)) for each in words if each}
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(patterns))})(?!\w)") if patterns else None


def _digits(degrees: float) -> str:
    """Return *degrees* cut to about a hundred metres, as a map link would begin it."""
    return f"{int(abs(degrees) * 1000) / 1000:.3f}"


_OF_SITE = ("id", "location", "service", "schedules", "attributes")
_WORDS_OF_SCHEDULE = frozenset({"description", "notes", "attending_type", "schedule_link"})
_LINKS = frozenset(
    {"url", "uri", "website", "logo", "email", "assurer_email", "term_uri", "schedule_link"}
)


def withhold(document: Any, secret: Withheld) -> Any:
    """Return *document* (HSDS JSON) without anything that tells where a withheld location lies.

    Of the location its id and type remain, and the attribute that says why; of a service at it, its hours.
    Any other text that repeats the street line or the point is left blank.
    """
    if isinstance(document, list):
        return [withhold(each, secret) for each in document]
    if not isinstance(document, dict):
        return document
    return {
        name: "…"
        if isinstance(value, str) and secret.gives_away(value)
        else withhold(value, secret)
        for name, value in _stub(document, secret).items()
        if not (name in _LINKS and isinstance(value, str) and secret.gives_away(value))
    }


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
