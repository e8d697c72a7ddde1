"""Where it was, as locations of STIX: a country or area that all leads share, or a spot that is one lead's own."""

import hashlib
import uuid

from babel import Locale

from hotline.leads.disclose import Disclosure
from hotline.leads.stix.terms import AUTHOR_ID, SINCE, LeadIds, StixObject, clear


def location(country: str, area: str) -> StixObject:
    """Return the one object that stands for a country, or an area of it, in every lead."""
    found = {
        "type": "location",
        "spec_version": "2.1",
        "id": f"location--{_always_the_same(area or country)}",
        "created": SINCE,
        "modified": SINCE,
        "created_by_ref": AUTHOR_ID,
        "name": place_name(country, area),
        "country": country,
        "object_marking_refs": clear(),
    }
    return {**found, "administrative_area": area} if area else found


def spot(told: Disclosure, ids: LeadIds, common: StixObject) -> list[StixObject]:
    """Return the town or venue that a lead tells, as an object that goes when the lead does; none where it tells none."""
    if not (told.town or told.venue):
        return []
    found = {
        **common,
        "type": "location",
        "id": f"location--{ids.place}",
        "name": place_name(told.country, told.area, told.town, told.venue),
        "country": told.country,
    }
    finer = {"administrative_area": told.area, "city": told.town}
    return [found | {name: value for name, value in finer.items() if value}]


def place_name(country: str, area: str, town: str = "", venue: str = "") -> str:
    """Return a place in words, the finest first."""
    name = Locale("en").territories.get(country, country)
    if not (town or venue):
        return f"{name}, {area}" if area else name
    return ", ".join(filter(None, (venue, town, area, name)))


def _always_the_same(place: str) -> uuid.UUID:
    """Return an id that follows from *place*, in the shape of version 4 that STIX wants for its objects."""
    return uuid.UUID(bytes=hashlib.sha256(f"{AUTHOR_ID} {place}".encode()).digest()[:16], version=4)
