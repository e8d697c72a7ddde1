"""What was observed of the alleged: pages, telephone numbers and handles. STIX has no object for a plate."""

import json
import uuid
from calendar import monthrange
from datetime import date, timedelta

from hotline.leads.codes import Tlp
from hotline.leads.disclose import Disclosure
from hotline.leads.stix.terms import LeadIds, StixObject, marked

OBSERVABLES = ("url", "user-account")
"""Types that are one object in a collection however many leads tell it: their ids follow from what they say."""

# Fixed by STIX 2.1, section 2.9, for the ids of observables.
_NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")


def observables(told: Disclosure) -> list[StixObject]:
    """Return what a lead tells of the alleged, each thing once."""
    found = [_observable("url", value=link) for link in told.links]
    found += [_observable("user-account", user_id=number) for number in told.numbers]
    found += [_observable("user-account", account_login=handle) for handle in told.handles]
    return list({one["id"]: one for one in found}.values())


def observed(
    told: Disclosure, ids: LeadIds, common: StixObject, seen: list[StixObject]
) -> list[StixObject]:
    """Return that *seen* was observed, and when, as finely as the lead tells; nothing where nothing was."""
    if not seen:
        return []
    first, last = span(told)
    found = {
        **common,
        "type": "observed-data",
        "id": f"observed-data--{ids.observed}",
        "first_observed": f"{first.isoformat()}T00:00:00.000Z",
        "last_observed": f"{last.isoformat()}T23:59:59.999Z",
        "number_observed": 1,
        "object_refs": [one["id"] for one in seen],
    }
    return [found]


def span(told: Disclosure) -> tuple[date, date]:
    """Return the first and the last day on which it may have been: of the day, the week or the month that is told."""
    if "W" in told.seen:
        monday = date.fromisoformat(told.seen)
        return monday, monday + timedelta(days=6)
    if told.seen:
        return date.fromisoformat(told.seen), date.fromisoformat(told.seen)
    year, month = map(int, told.month.split("-"))
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _observable(kind: str, **said: str) -> StixObject:
    """Return an observable, whose id follows from what it says, as STIX asks.

    Several leads may tell it, so it is marked as the strictest of them could be.
    """
    canonical = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{uuid.uuid5(_NAMESPACE, canonical)}",
        **said,
        "object_marking_refs": marked(Tlp.STRICT),
    }
