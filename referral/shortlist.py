"""Read the services that answer a need, as `match` compares them.

What HSDS has a field for is read from there. For the rest a directory uses taxonomy terms with these codes,
of any taxonomy, on a service, a service at a location or a location:

``shelter`` … ``emergency``        the need, itself or above the term (`candidate.NEEDS`), see `answering`
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

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import case, select
from sqlalchemy.engine import Connection, Engine

from referral import marks, nesting
from referral.answering import needs_by_term
from referral.candidate import ANY_LANGUAGE, Area, Candidate, Capacity, Cost, Place
from referral.geography import Point, cell_centre, polygons
from referral.hours import day, schedules
from referral.nesting import Shape, documents
from referral.revision import revision
from referral.tables import attribute, organization, service, service_area
from referral.withheld import Document, Withheld, withheld, withhold

_AT_ONCE = 200
_KEPT: WeakKeyDictionary[Engine, tuple[str, dict[str, tuple[Candidate, ...]]]] = WeakKeyDictionary()
"""The mark of each directory (`revision`), and its short lists at that mark."""

_NONE_ASKED = frozenset({"none", "none required", "no documents", "n/a"})
_FREE = frozenset({"free", "free of charge", "no charge", "none"})

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
    return _Around(needs_by_term(connection), withheld(connection), parents)


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
    said = marks.of([document, *sites, *locations])
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
        serves=marks.serves(said),
        takes_children=True if "takes-children" in said else marks.denied(said, "no-children"),
        languages=_spoken([document, *locations]),
        interpreted=marks.codes(said, "interpreter"),
        by_telephone=_by_telephone(document, said),
        schedules=tuple(schedules(document, sites, locations, marks.zone(said))),
        places=places,
        areas=tuple(_areas([told, *told.get("service_at_locations", [])])),
        capacities=tuple(_capacities(document)),
        costs=tuple(_costs(document)),
        documents=asked,
        asks_no_documents=not asked and (papers_known or "no-documents" in said),
        fetches=marks.claim(said, "can-fetch"),
        step_free=marks.step_free(said, locations),
        faith_based=marks.faith(marks.of([document["organization"]]) | said),
        answers_in=marks.minutes(said),
        withheld=any(place.withheld for place in places)
        or document["id"] in around.secret.service_ids,
        run_by=around.above(document["organization"]["id"]),
    )


def _papers(told: Document) -> tuple[tuple[str, ...], bool]:
    """Return the papers that are asked for, and whether anything is said of papers at all."""
    said = [each.get("document", "").strip() for each in told.get("required_documents", [])]
    asked = tuple(each for each in said if each and each.casefold() not in _NONE_ASKED)
    return asked, any(said)


def _by_telephone(document: Document, said: dict[str, str]) -> frozenset[str]:
    """Return what an interpreter brings by telephone; where words alone promise one, it must be asked."""
    if "interpreter" not in said and "interpreter-by-telephone" not in said:
        words = document.get("interpretation_services")
        return frozenset({ANY_LANGUAGE}) if words else frozenset()
    return marks.codes(said, "interpreter-by-telephone")


def _spoken(entities: Iterable[Document]) -> frozenset[str]:
    listed = (each.get("code", "") for e in entities for each in e.get("languages", []))
    return marks.languages(filter(None, listed))


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
