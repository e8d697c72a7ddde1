"""The last version of a lead's objects: that it was recalled."""

from collections.abc import Mapping
from datetime import date

from hotline.leads.stix.terms import StixObject, version_after

# What STIX demands of every object, and of each of our types, also when it is revoked.
_ALWAYS = ("type", "spec_version", "id", "created", "created_by_ref", "object_marking_refs")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "report": ("published", "report_types"),
    "note": ("object_refs",),
    "location": ("country",),
    "observed-data": ("number_observed",),
    "language-content": ("object_ref", "object_modified"),
    "grouping": ("context",),
}
_EMPTIED: Mapping[str, StixObject] = {
    "report": {"name": "Recalled lead"},
    "note": {"content": "Recalled"},
    "language-content": {"contents": {"en": {"content": "Recalled"}}},
}


def recalled(former: StixObject, day: date) -> StixObject:
    """Return the last version of one of a lead's objects: revoked, and empty of what it told."""
    kept = {name: former[name] for name in (*_ALWAYS, *_NEEDED[former["type"]])}
    modified = version_after(former["modified"], day)
    return {**kept, "modified": modified, "revoked": True, **_emptied(former)}


def _emptied(former: StixObject) -> StixObject:
    if former["type"] in ("report", "grouping"):
        return {**_EMPTIED.get(former["type"], {}), "object_refs": [former["created_by_ref"]]}
    if former["type"] == "observed-data":
        # The id of what was observed follows from it, and STIX wants an observable here: none that there is.
        nothing = former["id"].replace("observed-data", "user-account")
        when = {"first_observed": former["created"], "last_observed": former["created"]}
        return {**when, "object_refs": [nothing]}
    return _EMPTIED.get(former["type"], {})
