"""The objects of one lead, and those that every lead refers to."""

import json
from collections.abc import Iterable
from datetime import date

from hotline.leads.codes import Tlp
from hotline.leads.disclose import Disclosure
from hotline.leads.stix.describing import (
    HANDLING,
    description_of,
    extension_of,
    handling_of,
    labels_of,
    name_of,
)
from hotline.leads.stix.languages import in_language, translations
from hotline.leads.stix.observing import observables, observed
from hotline.leads.stix.places import location, spot
from hotline.leads.stix.terms import (
    EXTENSION_ID,
    ROOM,
    SHARED,
    LeadIds,
    Sender,
    StixObject,
    clear,
    common,
    stix_id_of,
)

HANDLED = "handling"
"""The label of the note that says how a lead is handled."""

EXTENSION_SCHEMA = json.loads((ROOM / "lead_extension.json").read_text(encoding="utf-8"))


def shared_objects(sender: Sender, lead: Iterable[StixObject] = ()) -> list[StixObject]:
    """Return what every lead refers to: who speaks, how it may be handled, how to read the extension.

    Of the markings there are those alone that *lead* bears, beside that of what tells nothing: a tool such as MISP
    takes each that it meets for one of the whole lead.
    """
    schema = json.dumps(EXTENSION_SCHEMA, separators=(",", ":"))
    extension = {**SHARED["extension"], "schema": schema}
    borne = {*clear(), *(ref for found in lead for ref in found.get("object_marking_refs", ()))}
    markings = [SHARED[f"tlp:{tlp}"] for tlp in Tlp]
    its = [marking for marking in markings if marking["id"] in borne]
    return [*its, SHARED["author"], SHARED["handling"], extension, identity_of(sender)]


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
        "object_marking_refs": clear(),
    }


def lead_objects(
    told: Disclosure, ids: LeadIds, sender: Sender, day: date, *, tlp: Tlp = Tlp.STRICT
) -> list[StixObject]:
    """Return the objects of one lead, each after those it refers to, except that a note precedes nothing.

    The first is the country or area, which is not the lead's own.
    """
    its = common(sender, day, tlp)
    area, places = location(told.country, told.area), spot(told, ids, its)
    seen = observables(told)
    facts = [*(places or [area]), *observed(told, ids, its, seen)]
    report = _report(told, ids, its, [found["id"] for found in facts])
    notes = _notes(told, ids, its, report["id"])
    own = [found for found in facts if found is not area]
    return [area, *seen, *own, report, *notes, *translations(told, ids, its, notes[0])]


def _report(told: Disclosure, ids: LeadIds, its: StixObject, refs: list[str]) -> StixObject:
    extension = extension_of(told, ids.lead_id)
    return {
        **its,
        "type": "report",
        "id": stix_id_of(ids.lead_id),
        "name": name_of(told, ids.lead_id),
        "description": description_of(told, ids.lead_id),
        "published": its["created"],
        "report_types": ["threat-report"],
        "labels": labels_of(told),
        "object_refs": refs,
        "extensions": {EXTENSION_ID: {"extension_type": "property-extension", **extension}},
    }


def _notes(told: Disclosure, ids: LeadIds, its: StixObject, report_id: str) -> list[StixObject]:
    """Return the summary, in the language it is written in, and how the lead is handled."""
    note = {**its, "type": "note", "object_refs": [report_id]}
    summary = {
        **note,
        "id": f"note--{ids.note}",
        "abstract": told.headline or "Summary",
        "content": told.summary,
    }
    handling = {
        **note,
        "id": f"note--{ids.handling}",
        "abstract": HANDLING["title"],
        "content": handling_of(ids.lead_id),
        "lang": "en",
        "labels": [HANDLED],
    }
    return [in_language(summary, told.language), handling]
