"""A lead as STIX 2.1, the form that investigators' tools read. Pure.

Each lead is a report with a note, a location, and where links leave, what was observed. There are never
indicator objects: tools block what those match, and a lead is not verified. Objects that say the same for
everybody (markings, the extension, a country) have the same id in every lead and in every hotline; the ids of
a lead's own objects are random and follow from nothing.

Times are days. `modified` of a later version is one millisecond after the former where both fall on one day,
because STIX tells versions apart by it.
"""

import hashlib
import json
import uuid
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from babel import Locale

from hotline.domain.report import reference
from hotline.leads.disclose import Disclosure

StixObject = dict[str, Any]

_ROOM = Path(__file__).parent
_SHARED: dict[str, StixObject] = json.loads(
    (_ROOM / "shared_objects.json").read_text(encoding="utf-8")
)
EXTENSION_SCHEMA = json.loads((_ROOM / "lead_extension.json").read_text(encoding="utf-8"))
EXTENSION_ID: str = _SHARED["extension"]["id"]
AUTHOR_ID: str = _SHARED["author"]["id"]
_CLEAR: str = _SHARED["clear"]["id"]
MARKINGS: list[str] = [_SHARED["amber_strict"]["id"], _SHARED["handling"]["id"]]
_SHARED_SINCE: str = _SHARED["author"]["created"]

# Fixed by STIX 2.1, section 2.9, for the ids of observables.
_OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")

# What STIX demands of every object, and of each of our types, also when it is revoked.
_ALWAYS = ("type", "spec_version", "id", "created", "created_by_ref", "object_marking_refs")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "report": ("published", "report_types"),
    "note": ("object_refs",),
    "observed-data": ("first_observed", "last_observed", "number_observed", "object_refs"),
    "language-content": ("object_ref", "object_modified"),
}


@dataclass(frozen=True, slots=True)
class Sender:
    """The hotline as investigators know it; *created* and *modified* as STIX writes times."""

    id: str
    name: str
    created: str
    modified: str


@dataclass(frozen=True, slots=True)
class LeadIds:
    """The random part of the ids of one lead's objects; the one of the report is the lead's own."""

    lead_id: str
    note: str
    observed: str
    translations: str


def new_ids(lead_id: str) -> LeadIds:
    return LeadIds(lead_id, *(str(uuid.uuid4()) for _ in range(3)))


def stix_id_of(lead_id: str) -> str:
    """Return the id of a lead's report object."""
    return f"report--{uuid.UUID(lead_id)}"


def moment(at: datetime) -> str:
    """Return *at* as STIX writes times, to the millisecond."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def of_day(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def version_after(former: str, day: date) -> str:
    """Return the `modified` of a version made on *day* that follows the one of *former*."""
    earliest = datetime.fromisoformat(former) + timedelta(milliseconds=1)
    return max(moment(earliest), of_day(day))


def shared_objects(sender: Sender) -> list[StixObject]:
    """Return what every lead refers to: who speaks, how it may be handled, how to read the extension."""
    schema = json.dumps(EXTENSION_SCHEMA, separators=(",", ":"))
    extension = {**_SHARED["extension"], "schema": schema}
    markings = [_SHARED["clear"], _SHARED["amber_strict"], _SHARED["handling"]]
    return [*markings, _SHARED["author"], extension, identity_of(sender)]


def identity_of(sender: Sender) -> StixObject:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{sender.id}",
        "created": sender.created,
        "modified": sender.modified,
        "name": sender.name,
        "identity_class": "organization",
        "sectors": ["non-profit"],
        "object_marking_refs": [_CLEAR],
    }


def location(country: str, area: str) -> StixObject:
    """Return the one object that stands for a country, or an area of it, in every lead."""
    place = area or country
    name = Locale("en").territories.get(country, country)
    found = {
        "type": "location",
        "spec_version": "2.1",
        "id": f"location--{_always_the_same(place)}",
        "created": _SHARED_SINCE,
        "modified": _SHARED_SINCE,
        "created_by_ref": AUTHOR_ID,
        "name": f"{name}, {area}" if area else name,
        "country": country,
        "object_marking_refs": [_CLEAR],
    }
    return {**found, "administrative_area": area} if area else found


def lead_objects(told: Disclosure, ids: LeadIds, sender: Sender, day: date) -> list[StixObject]:
    """Return the objects of one lead, each after those it refers to, except that a note precedes nothing."""
    common = _common(sender, of_day(day))
    place = location(told.country, told.area)
    links = [_url(link) for link in told.links]
    observed = [_observed(told, ids, common, links)] if links else []
    refs = [place["id"], *(found["id"] for found in observed)]
    report = _report(told, ids, common, refs)
    note = {
        **common,
        "type": "note",
        "id": f"note--{ids.note}",
        "abstract": "Summary",
        "content": told.summary,
        "lang": told.language,
        "object_refs": [report["id"]],
    }
    translations = [_translations(told, ids, common, note)] if told.translations else []
    return [place, *links, *observed, report, note, *translations]


def extension_of(told: Disclosure, lead_id: str) -> dict[str, Any]:
    """Return the lead's own properties, as `lead_extension.json` defines them."""
    properties = {
        "lead_ref": reference(lead_id),
        "seen_month": told.month,
        "victim_count_band": told.people,
        "minor_involved": told.minor,
        "exploitation_types": list(told.exploitation),
        "means_of_control": list(told.control),
        "industry": told.sector,
        "ilo_indicators": list(told.indicators),
        "person_language": told.person_language,
    }
    return {name: value for name, value in properties.items() if value}


def name_of(told: Disclosure, lead_id: str) -> str:
    return told.headline or f"Lead {reference(lead_id)}"


def labels_of(told: Disclosure) -> list[str]:
    """Return labels for tools that do not read the extension."""
    kinds = [f"htcds:{code}" for code in told.exploitation]
    indicators = [f"ilo:{code.removeprefix('ilo-')}" for code in told.indicators]
    return ["human-trafficking", *kinds, *indicators]


def recalled(former: StixObject, day: date) -> StixObject:
    """Return the last version of one of a lead's objects: revoked, and empty of what it told."""
    kept = {name: former[name] for name in (*_ALWAYS, *_NEEDED[former["type"]])}
    emptied: Mapping[str, StixObject] = {
        "report": {"name": "Recalled lead", "object_refs": [former["created_by_ref"]]},
        "note": {"content": "Recalled"},
        "language-content": {"contents": {"en": {"content": "Recalled"}}},
    }
    modified = version_after(former["modified"], day)
    return {**kept, "modified": modified, "revoked": True, **emptied.get(former["type"], {})}


def _always_the_same(place: str) -> uuid.UUID:
    """Return an id that follows from *place*, in the shape of version 4 that STIX wants for its objects."""
    return uuid.UUID(bytes=hashlib.sha256(f"{AUTHOR_ID} {place}".encode()).digest()[:16], version=4)


def _common(sender: Sender, at: str) -> StixObject:
    return {
        "spec_version": "2.1",
        "created": at,
        "modified": at,
        "created_by_ref": f"identity--{sender.id}",
        "object_marking_refs": MARKINGS,
    }


def _url(link: str) -> StixObject:
    """Return an observable; its id follows from the address, as STIX asks."""
    canonical = json.dumps({"value": link}, separators=(",", ":"), ensure_ascii=False)
    return {
        "type": "url",
        "spec_version": "2.1",
        "id": f"url--{uuid.uuid5(_OBSERVABLES, canonical)}",
        "value": link,
        "object_marking_refs": MARKINGS,
    }


def _observed(
    told: Disclosure, ids: LeadIds, common: StixObject, links: list[StixObject]
) -> StixObject:
    year, month = map(int, told.month.split("-"))
    return {
        **common,
        "type": "observed-data",
        "id": f"observed-data--{ids.observed}",
        "first_observed": f"{told.month}-01T00:00:00.000Z",
        "last_observed": f"{told.month}-{monthrange(year, month)[1]}T23:59:59.999Z",
        "number_observed": 1,
        "object_refs": [link["id"] for link in links],
    }


def _report(told: Disclosure, ids: LeadIds, common: StixObject, refs: list[str]) -> StixObject:
    return {
        **common,
        "type": "report",
        "id": stix_id_of(ids.lead_id),
        "name": name_of(told, ids.lead_id),
        "published": common["created"],
        "report_types": ["threat-report"],
        "lang": told.language,
        "labels": labels_of(told),
        "object_refs": refs,
        "extensions": {
            EXTENSION_ID: {
                "extension_type": "property-extension",
                **extension_of(told, ids.lead_id),
            }
        },
    }


def _translations(
    told: Disclosure, ids: LeadIds, common: StixObject, note: StixObject
) -> StixObject:
    return {
        **common,
        "type": "language-content",
        "id": f"language-content--{ids.translations}",
        "object_ref": note["id"],
        "object_modified": note["modified"],
        "contents": {name: {"content": text} for name, text in told.translations.items()},
    }
