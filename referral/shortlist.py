"""Read the services that answer a need, as `match` compares them.

What HSDS has a field for is read from there. For the rest a directory uses taxonomy terms with these codes,
of any taxonomy, on a service, a service at a location or a location:

``shelter`` … ``emergency``        the need, itself or above the term (`candidate.NEEDS`)
``for-women`` ``for-men``          who is served; neither or both: everyone
``takes-children`` ``no-children`` whether children who come along are taken
``interpreter`` ``interpreter-by-telephone``  value: language codes, or empty for any language
``can-fetch`` ``step-free``        value ``no`` denies it
``faith-based`` ``faith-neutral``  whether a faith stands behind it
``time-zone``                      value: the zone of its hours, as ``Europe/Vienna``
``no-documents``                   no papers are asked for
``answers-within``                 value: minutes
``confidential-location``          see `withheld`
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import case, select
from sqlalchemy.engine import Connection, Engine

from referral import nesting
from referral.candidate import ANY_LANGUAGE, NEEDS, Area, Candidate, Capacity, Cost, Place
from referral.geography import Point, cell_centre, polygons
from referral.hours import day, schedules
from referral.languages import main_language
from referral.nesting import Shape, documents
from referral.revision import revision
from referral.tables import attribute, organization, service, service_area, taxonomy_term
from referral.withheld import Document, Withheld, withheld, withhold

_AT_ONCE = 200
_KEPT: WeakKeyDictionary[Engine, tuple[str, dict[str, tuple[Candidate, ...]]]] = WeakKeyDictionary()
"""The mark of each directory (`revision`), and its short lists at that mark."""
_NO = "no"
_NONE_ASKED = frozenset({"none", "none required", "no documents", "n/a"})
_FREE = frozenset({"free", "free of charge", "no charge", "none"})
_STEP_FREE = re.compile(
    r"(fully )?(step[- ]free|wheelchair[- ]accessible|level access)( entrance| access| building)?( and toilets?)?\.?",
    re.IGNORECASE,
)

_SITE = Shape(
    "service_at_location",
    one=(
        (
            "location",
            Shape(
                "location",
                many=(
                    ("languages", nesting.LANGUAGE),
                    ("schedules", nesting.SCHEDULE),
                    ("accessibility", Shape("accessibility")),
                ),
            ),
        ),
    ),
    many=(("service_areas", nesting.AREA), ("schedules", nesting.SCHEDULE)),
)
_COMPARED = Shape(
    "service",
    one=(("organization", nesting.BRIEF_ORGANIZATION),),
    many=(
        ("schedules", nesting.SCHEDULE),
        ("service_areas", nesting.AREA),
        ("languages", nesting.LANGUAGE),
        ("cost_options", Shape("cost_option")),
        ("required_documents", Shape("required_document")),
        ("capacities", Shape("service_capacity", one=(("unit", Shape("unit")),))),
        ("service_at_locations", _SITE),
    ),
)


def shortlist(connection: Connection, *, need: str) -> tuple[Candidate, ...]:
    """Return every service that answers *need* and still exists, in the order of ids.

    Of withheld locations a candidate holds the middle of a cell (`geography.CELL`), and no words. What was read
    is kept until the directory has another mark, because reading thousands takes long.
    """
    mark = revision(connection)
    if not mark:
        return tuple(_candidates(connection, need))
    kept_at, kept = _KEPT.get(connection.engine, ("", {}))
    if kept_at != mark:
        kept = {}
        _KEPT[connection.engine] = mark, kept
    if need not in kept:
        kept[need] = tuple(_candidates(connection, need))
    return kept[need]


def candidate(connection: Connection, service_id: str) -> Candidate | None:
    """Return one service as matching sees it, or None where there is none."""
    return next(_read(connection, [service_id], _around(connection)), None)


def area_names(connection: Connection, *, limit: int = 200) -> tuple[str, ...]:
    """Return the names of the areas that services serve, the first *limit* by the alphabet."""
    name = service_area.c.name
    query = select(name).where(name.is_not(None)).distinct().order_by(name).limit(limit)
    return tuple(connection.scalars(query))


def area_named(connection: Connection, name: str) -> Area | None:
    """Return the area *name*, with its outline if any service draws it, None where nobody serves it."""
    drawn = service_area.c.extent_type == "geojson"
    extents = connection.scalars(
        select(case((drawn, service_area.c.extent)))
        .where(service_area.c.name == name)
        .order_by(service_area.c.id)
        .limit(_AT_ONCE)
    ).all()
    outlines = (polygons(extent) for extent in extents if extent)
    return Area(name, next(filter(None, outlines), ())) if extents else None


@dataclass(frozen=True, slots=True)
class _Around:
    """What is read once for all services: the *needs* of terms, what is *secret*, who runs whom."""

    needs: Mapping[str, frozenset[str]]
    secret: Withheld
    parents: Mapping[str, str]

    def above(self, organization_id: str) -> frozenset[str]:
        """Return the organizations above that one, however many there are, and whether or not in a circle."""
        found: set[str] = set()
        parent = self.parents.get(organization_id)
        while parent is not None and parent not in found:
            found.add(parent)
            parent = self.parents.get(parent)
        return frozenset(found)


def _around(connection: Connection) -> _Around:
    its = organization.c
    rows = connection.execute(
        select(its.id, its.parent_organization_id).where(its.parent_organization_id.is_not(None))
    )
    parents = {row.id: row.parent_organization_id for row in rows}
    return _Around(_needs_by_term(connection), withheld(connection), parents)


def _candidates(connection: Connection, need: str) -> Iterator[Candidate]:
    around = _around(connection)
    terms = [term for term, answered in around.needs.items() if need in answered]
    linked = select(attribute.c.link_id).where(attribute.c.taxonomy_term_id.in_(terms))
    alive = select(service.c.id).where(service.c.id.in_(linked), service.c.status != "defunct")
    after = ""
    while ids := list(
        connection.scalars(alive.where(service.c.id > after).order_by(service.c.id).limit(_AT_ONCE))
    ):
        yield from _read(connection, ids, around)
        after = ids[-1]


def _read(connection: Connection, ids: list[str], around: _Around) -> Iterator[Candidate]:
    for document in documents(connection, _COMPARED, ids):
        places = tuple(_places(document, around.secret))
        words = {name: value for name, value in document.items() if name != "attributes"}
        yield _candidate(document, withhold(words, around.secret), places, around)


def _needs_by_term(connection: Connection) -> dict[str, frozenset[str]]:
    """Return, for each term that means one, the needs that it or a term above it names."""
    rows = connection.execute(
        select(taxonomy_term.c.id, taxonomy_term.c.code, taxonomy_term.c.parent_id)
    )
    terms = {key: (_code(code), parent) for key, code, parent in rows}
    needs: dict[str, frozenset[str]] = {}
    for key in terms:
        line: dict[str, str] = {}
        above: str | None = key
        while above is not None and above in terms and above not in line:
            line[above], above = terms[above]
        if named := NEEDS.intersection(line.values()):
            needs[key] = frozenset(named)
    return needs


def _code(code: str | None) -> str:
    return (code or "").strip().lower()


def _places(document: Document, secret: Withheld) -> Iterator[Place]:
    for site in document.get("service_at_locations", []):
        where = site.get("location", {})
        hidden = where.get("id") in secret.location_ids
        if where.get("location_type") == "virtual":
            yield Place(remote=True)
        elif "latitude" in where and "longitude" in where:
            point = Point(where["latitude"], where["longitude"])
            yield Place(cell_centre(point) if hidden else point, withheld=hidden)
        else:
            yield Place(withheld=hidden)


def _candidate(
    document: Document, told: Document, places: tuple[Place, ...], around: _Around
) -> Candidate:
    """Take codes, numbers and hours from *document*, and words only as they may be *told*."""
    sites = document.get("service_at_locations", [])
    locations = [site["location"] for site in sites if "location" in site]
    marks = _marks([document, *sites, *locations])
    asked, papers_known = _papers(told)
    return Candidate(
        service_id=document["id"],
        name=told["name"],
        organization_id=document["organization"]["id"],
        organization=told["organization"]["name"],
        description=told.get("description", ""),
        status=document["status"],
        needs=frozenset().union(
            *(
                around.needs.get(a["taxonomy_term"]["id"], ())
                for a in document.get("attributes", [])
            )
        ),
        minimum_age=document.get("minimum_age"),
        maximum_age=document.get("maximum_age"),
        eligibility=told.get("eligibility_description", ""),
        serves=_serves(marks),
        takes_children=True if "takes-children" in marks else _denied(marks, "no-children"),
        languages=_spoken([document, *locations]),
        interpreted=_codes(marks, "interpreter"),
        by_telephone=_by_telephone(document, marks),
        schedules=tuple(schedules(document, sites, locations, _zone(marks))),
        places=places,
        areas=tuple(_areas([told, *told.get("service_at_locations", [])])),
        capacities=tuple(_capacities(document)),
        costs=tuple(_costs(document)),
        documents=asked,
        asks_no_documents=not asked and (papers_known or "no-documents" in marks),
        fetches=_claim(marks, "can-fetch"),
        step_free=_step_free(marks, locations),
        faith_based=_faith(_marks([document["organization"]]) | marks),
        answers_in=_minutes(marks),
        withheld=any(place.withheld for place in places),
        run_by=around.above(document["organization"]["id"]),
    )


def _papers(told: Document) -> tuple[tuple[str, ...], bool]:
    """Return the papers that are asked for, and whether anything is said of papers at all."""
    said = [each.get("document", "").strip() for each in told.get("required_documents", [])]
    asked = tuple(each for each in said if each and each.casefold() not in _NONE_ASKED)
    return asked, any(said)


def _by_telephone(document: Document, marks: dict[str, str]) -> frozenset[str]:
    """Return what an interpreter brings by telephone; where words alone promise one, it must be asked."""
    if "interpreter" not in marks and "interpreter-by-telephone" not in marks:
        words = document.get("interpretation_services")
        return frozenset({ANY_LANGUAGE}) if words else frozenset()
    return _codes(marks, "interpreter-by-telephone")


def _marks(entities: Iterable[Document]) -> dict[str, str]:
    """Return the values of the terms given to any of *entities*, by code."""
    return {
        _code(each["taxonomy_term"].get("code")): each.get("value", "")
        for entity in entities
        for each in entity.get("attributes", [])
    }


def _serves(marks: dict[str, str]) -> frozenset[str]:
    genders = {"for-women": "woman", "for-men": "man"}
    return frozenset(gender for code, gender in genders.items() if code in marks)


def _denied(marks: dict[str, str], code: str) -> bool | None:
    return False if code in marks else None


def _claim(marks: dict[str, str], code: str) -> bool | None:
    return marks[code].strip().lower() != _NO if code in marks else None


def _step_free(marks: dict[str, str], locations: list[Document]) -> bool | None:
    """Believe the term; without it, the usual words for it, if they stand alone for every house."""
    if "step-free" in marks or not locations:
        return _claim(marks, "step-free")
    said = [
        [w.get("description", "") for w in house.get("accessibility", [])] for house in locations
    ]
    return True if all(any(map(_STEP_FREE.fullmatch, words)) for words in said) else None


def _faith(marks: dict[str, str]) -> bool | None:
    return (
        _claim(marks, "faith-based") if "faith-based" in marks else _denied(marks, "faith-neutral")
    )


def _zone(marks: dict[str, str]) -> ZoneInfo | None:
    """Return the zone that is named, None where there is none of that name."""
    try:
        return ZoneInfo(marks["time-zone"].strip())
    except (KeyError, ValueError, OSError):
        return None


def _minutes(marks: dict[str, str]) -> int | None:
    value = marks.get("answers-within", "").strip()
    return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else None


def _codes(marks: dict[str, str], code: str) -> frozenset[str]:
    if code not in marks:
        return frozenset()
    listed = re.findall(r"[\w-]+", marks[code])
    return _languages(listed) if listed else frozenset({ANY_LANGUAGE})


def _spoken(entities: Iterable[Document]) -> frozenset[str]:
    listed = (each.get("code", "") for e in entities for each in e.get("languages", []))
    return _languages(filter(None, listed))


def _languages(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(main_language(code) for code in codes)


def _areas(entities: Iterable[Document]) -> Iterator[Area]:
    for each in (area for entity in entities for area in entity.get("service_areas", [])):
        drawn = each.get("extent_type") == "geojson" and each.get("extent")
        if drawn or each.get("name"):
            yield Area(each.get("name", ""), polygons(each["extent"]) if drawn else ())


def _capacities(document: Document) -> Iterator[Capacity]:
    for each in document.get("capacities", []):
        yield Capacity(
            each["available"], each["unit"]["name"], datetime.fromisoformat(each["updated"])
        )


def _costs(document: Document) -> Iterator[Cost]:
    for each in document.get("cost_options", []):
        yield Cost(
            each.get("amount"),
            each.get("currency", "").upper(),
            day(each.get("valid_from")),
            day(each.get("valid_to")),
        )
    if "cost_options" not in document:
        words = document.get("fees_description") or document.get("fees") or ""
        if words.strip(" .").casefold() in _FREE:
            yield Cost(0)
