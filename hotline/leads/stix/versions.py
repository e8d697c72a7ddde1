"""Later versions of a lead's objects: what it tells now, or that it was recalled."""

from collections.abc import Iterable, Mapping
from datetime import date

from hotline.leads.stix.terms import LeadIds, StixObject, new_ids, version_after

# What STIX demands of every object, and of each of our types, also when it is revoked.
_ALWAYS = ("type", "spec_version", "id", "created", "created_by_ref", "object_marking_refs")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "report": ("published", "report_types"),
    "note": ("object_refs",),
    "location": ("country",),
    "observed-data": ("first_observed", "last_observed", "number_observed", "object_refs"),
    "language-content": ("object_ref", "object_modified"),
    "grouping": ("context", "object_refs"),
}
_EMPTIED: Mapping[str, StixObject] = {
    "report": {"name": "Recalled lead"},
    "note": {"content": "Recalled"},
    "language-content": {"contents": {"en": {"content": "Recalled"}}},
}


def recalled(former: StixObject, day: date) -> StixObject:
    """Return the last version of one of a lead's objects: revoked, and empty of what it told."""
    kept = {name: former[name] for name in (*_ALWAYS, *_NEEDED[former["type"]])}
    if former["type"] in ("report", "grouping"):
        kept["object_refs"] = [former["created_by_ref"]]
    if former["type"] == "observed-data":
        # The id of what was observed follows from it, and STIX wants an observable here: none that there is.
        kept["object_refs"] = [former["id"].replace("observed-data", "user-account")]
    modified = version_after(former["modified"], day)
    return {**kept, "modified": modified, "revoked": True, **_EMPTIED.get(former["type"], {})}


def ids_of(lead_id: str, former: Iterable[StixObject]) -> LeadIds:
    """Return the ids of a lead whose objects are *former*, and fresh ones for what it did not tell so far."""
    named, fresh = {"lead_id": lead_id}, new_ids(lead_id)
    for one in former:
        kind, _, its = one["id"].partition("--")
        if name := _IDS.get((kind, "labels" in one)):
            named[name] = its
    return LeadIds(**{name: named.get(name, getattr(fresh, name)) for name in LeadIds.__slots__})


# The note that says how a lead is handled is the one with a label.
_IDS = {
    ("note", False): "note",
    ("note", True): "handling",
    ("location", False): "place",
    ("observed-data", False): "observed",
    ("language-content", False): "translations",
}


def revised(
    objects: Iterable[StixObject], former: Mapping[str, StixObject], day: date
) -> list[StixObject]:
    """Return *objects* as later versions of those of *former* that have their ids."""
    made = [_revised(one, former.get(one["id"]), day) for one in objects]
    times = {one["id"]: one["modified"] for one in made if "modified" in one}
    for one in made:
        if "object_modified" in one:
            one["object_modified"] = times[one["object_ref"]]
    return made


def _revised(one: StixObject, former: StixObject | None, day: date) -> StixObject:
    if former is None or "modified" not in former:
        return dict(one)
    kept = {name: former[name] for name in ("created", "published") if name in one}
    return {**one, **kept, "modified": version_after(former["modified"], day)}
