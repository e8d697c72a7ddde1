"""A lead as an event of a MISP feed, in the form that MISP's own feeds have (https://www.misp-standard.org). Pure.

Codes are tags, facts are attributes or objects of MISP's templates, and the words are event reports. Nothing is marked
for detection (``to_ids``): tools would block what a lead names, and a lead is not verified.

Whoever imports an event keeps what a later version leaves out, and deletes only what that names as deleted. So each
thing has an id that follows from the lead and its *slot*, such as ``plates/0``, and the slots of former versions are
named: of a recalled lead nothing else stands.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.domain.report import reference
from hotline.leads.drafts import UNKNOWN, Disclosure
from hotline.leads.stix import Sender, description_of, labels_of, name_of
from hotline.leads.stix.describing import FACTS

_SHAPES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "misp_shapes.json").read_text(encoding="utf-8")
)
_OBJECTS: Mapping[str, Sequence[str]] = _SHAPES["objects"]
_SELECTORS: Sequence[str] = _SHAPES["selectors"]
_PLACES = ("country", "area", "town", "venue")
_PLAIN = ("seen", "people", "minor", "person_language", "nationality", "age_band", "gender")
_WORDS = "words"
_RECALLED = "Recalled lead"


@dataclass(frozen=True, slots=True)
class Told:
    """A lead as one agency may read it now.

    *told* is a `Disclosure` as it is kept, and empty once the lead was recalled; *slots* are those of all
    versions that it was told, and *tlp* the marking of the last.
    *version* is in seconds since 1970 and rises with each version; *day* is that of its release.
    """

    lead_id: str
    day: str
    version: int
    tlp: str
    told: Mapping[str, Any]
    slots: Sequence[str]

    @property
    def uuid(self) -> str:
        return str(uuid.UUID(self.lead_id))


def event_of(lead: Told, sender: Sender) -> dict[str, Any]:
    """Return the file of the event: what the feed has at ``<uuid>.json``."""
    values = _values(lead.told)
    gone = [slot for slot in lead.slots if slot not in values]
    slots = [*values, *gone]
    event = {
        "uuid": lead.uuid,
        "Orgc": _org(sender),
        "timestamp": str(lead.version),
        **_entry(lead.told, lead.lead_id, lead.day, lead.tlp),
        "published": False,
        "Attribute": [
            _attribute(lead, slot, values.get(slot)) for slot in slots if _is_attribute(slot)
        ],
        "Object": list(_objects(lead, slots, values)),
        "EventReport": [
            _report(lead, slot, values.get(slot)) for slot in slots if _name(slot) == _WORDS
        ],
    }
    return {"Event": event}


def slots_of(told: Mapping[str, Any], former: Sequence[str] = ()) -> list[str]:
    """Return the slots of what is *told* to an agency, with those of what it was told before (*former*)."""
    return list(dict.fromkeys([*former, *_values(told)]))


def kept(told: Mapping[str, Any], lead_id: str, *, day: str, tlp: str) -> dict[str, Any]:
    """Return what is kept of a lead for the feed: a manifest of thousands is then put together, and not made.

    *told* is a `Disclosure` as it is kept. `entry` is what the manifest says of it whoever sends it and when, and `hashes` are the lines with which MISP
    compares its own events: one for each selector.
    """
    its_id = str(uuid.UUID(lead_id))
    hashes = [
        hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()
        for name in _SELECTORS
        for value in told.get(name, ())
    ]
    return {
        "entry": json.dumps(_entry(told, lead_id, day, tlp), ensure_ascii=False),
        "hashes": "".join(f"{digest},{its_id}\n" for digest in hashes),
    }


def kept_of_recalled(day: str, tlp: str) -> dict[str, Any]:
    """Return what is kept of a recalled lead."""
    return {"entry": json.dumps(_entry({}, "", day, tlp)), "hashes": ""}


def line_of(lead_id: str, version: int, entry: str, org: str) -> str:
    """Return a line of the manifest: JSON text, with the kept *entry* and *org*, that of `org_of`, spliced in."""
    return f'"{uuid.UUID(lead_id)}":{entry[:-1]},"Orgc":{org},"timestamp":"{version}"}}'


def org_of(sender: Sender) -> str:
    """Return the JSON text that says who sends."""
    return json.dumps(_org(sender), ensure_ascii=False)


def _org(sender: Sender) -> dict[str, str]:
    return {"name": sender.name, "uuid": sender.id}


def _entry(told: Mapping[str, Any], lead_id: str, day: str, tlp: str) -> dict[str, Any]:
    disclosed = Disclosure(**told) if told else None
    labels = labels_of(disclosed) if disclosed else []
    return {
        "Tag": [_tag(name) for name in (f"tlp:{tlp}", *labels)],
        "info": name_of(disclosed, lead_id) if disclosed else _RECALLED,
        "date": day,
        # Initial, and undefined: nobody has judged it.
        "analysis": "0",
        "threat_level_id": "4",
    }


def _tag(name: str) -> dict[str, str]:
    colours: Mapping[str, str] = _SHAPES["colours"]
    return {"name": name, "colour": colours.get(name.partition(":")[0], colours[""])}


def _values(told: Mapping[str, Any]) -> dict[str, str]:
    """Return the value of each slot. Codes are none: as tags they tie no lead to all others that have them."""
    selectors = {
        f"{name}/{number}": value
        for name in _SELECTORS
        for number, value in enumerate(told.get(name, ()))
    }
    places = {f"{name}/0": told[name] for name in _PLACES if told.get(name)}
    seen = {"seen": told.get("seen") or told.get("month")}
    plain = {
        f"{name}/0": f"{FACTS[name]}: {value}"
        for name in _PLAIN
        if (value := {**told, **seen}.get(name)) and value != UNKNOWN
    }
    return {**places, **plain, **selectors, **_words(told)}


def _words(told: Mapping[str, Any]) -> dict[str, str]:
    if not told:
        return {}
    translated = {f"{_WORDS}/{name}": text for name, text in told["translations"].items()}
    return {f"{_WORDS}/{told['language']}": told["summary"], **translated}


def _name(slot: str) -> str:
    return slot.partition("/")[0]


def _is_attribute(slot: str) -> bool:
    return _name(slot) not in (*_OBJECTS, _WORDS)


def _common(lead: Told, slot: str, *, is_gone: bool) -> dict[str, Any]:
    its_id = str(uuid.uuid5(uuid.UUID(lead.lead_id), slot))
    return {"uuid": its_id, "timestamp": str(lead.version), "deleted": is_gone}


def _attribute(lead: Told, slot: str, value: str | None) -> dict[str, Any]:
    """Return an attribute; deleted where *value* is None, and then with another that no two in an event have."""
    name, common = _name(slot), _common(lead, slot, is_gone=value is None)
    is_page = name == "links"
    nothing = (
        f"https://recalled.invalid/{common['uuid']}" if is_page else f"Recalled {common['uuid']}"
    )
    return {
        **common,
        "type": "url" if is_page else "text",
        "category": "External analysis" if is_page else "Other",
        "value": nothing if value is None else value,
        "comment": "",
        "to_ids": False,
        "disable_correlation": name not in _SELECTORS,
    }


def _objects(
    lead: Told, slots: Sequence[str], values: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the objects, each with its attributes; one is deleted when all that it had is."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for slot in slots:
        name, _, number = slot.partition("/")
        if name in _OBJECTS:
            template, relation = _OBJECTS[name]
            found = {**_attribute(lead, slot, values.get(slot)), "object_relation": relation}
            grouped.setdefault(f"{template}/{number}", []).append(found)
    for place, attributes in grouped.items():
        yield {
            **_SHAPES["templates"][_name(place)],
            **_common(lead, place, is_gone=all(found["deleted"] for found in attributes)),
            "comment": "",
            "Attribute": attributes,
        }


def _report(lead: Told, slot: str, text: str | None) -> dict[str, Any]:
    """Return the words; beside those of the lead's own language its facts in words, and how to handle it."""
    language, ref = slot.partition("/")[2], reference(lead.lead_id)
    common = _common(lead, slot, is_gone=text is None)
    if text is None:
        return {**common, "name": f"{_RECALLED} ({language})", "content": _RECALLED}
    if language == lead.told["language"]:
        facts = description_of(Disclosure(**lead.told), lead.lead_id).splitlines()
        text += "\n\n" + "\n".join(f"* {line}" for line in facts)
    return {**common, "name": f"{ref} ({language})", "content": text}
