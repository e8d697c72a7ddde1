"""Later versions of a lead's objects, under the ids that they have."""

from collections.abc import Iterable, Mapping
from datetime import date

from hotline.leads.stix.objects import HANDLED
from hotline.leads.stix.terms import LeadIds, StixObject, new_ids, version_after

# By type, and by the label of a note.
_IDS = {
    ("note", ""): "note",
    ("note", HANDLED): "handling",
    ("location", ""): "place",
    ("observed-data", ""): "observed",
    ("language-content", ""): "translations",
}
# What stays as the first version had it.
_FIRST = ("created", "published")


def ids_of(lead_id: str, former: Iterable[StixObject]) -> LeadIds:
    """Return the ids of a lead whose objects are *former*, and fresh ones for what it did not tell so far.

    What was revoked, in STIX, has no later version: it gets a fresh id too.
    """
    named, fresh = {"lead_id": lead_id}, new_ids(lead_id)
    for one in former:
        kind, _, its = one["id"].partition("--")
        name = _IDS.get((kind, "".join(one.get("labels", ()))))
        if name and not one.get("revoked"):
            named[name] = its
    return LeadIds(**{name: named.get(name, getattr(fresh, name)) for name in LeadIds.__slots__})


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
    kept: StixObject = {name: former[name] for name in _FIRST if name in one}
    return {**one, **kept, "modified": version_after(former["modified"], day)}
