"""What every object of a lead is made with: who sends, ids, times, and markings."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hotline.leads.codes import Tlp

StixObject = dict[str, Any]

ROOM = Path(__file__).parent.parent
SHARED: dict[str, StixObject] = json.loads(
    (ROOM / "shared_objects.json").read_text(encoding="utf-8")
)
EXTENSION_ID: str = SHARED["extension"]["id"]
AUTHOR_ID: str = SHARED["author"]["id"]
SINCE: str = SHARED["author"]["created"]
"""Since when there is what all leads share."""


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
    handling: str
    place: str
    observed: str
    translations: str


def new_ids(lead_id: str) -> LeadIds:
    return LeadIds(lead_id, *(str(uuid.uuid4()) for _ in range(5)))


def stix_id_of(lead_id: str) -> str:
    """Return the id of a lead's report object."""
    return f"report--{uuid.UUID(lead_id)}"


def marked(tlp: Tlp) -> list[str]:
    """Return the markings of what may be passed on as *tlp* says, and is handled as every lead is."""
    return [SHARED[f"tlp:{tlp}"]["id"], SHARED["handling"]["id"]]


def clear() -> list[str]:
    """Return the marking of what tells nothing of a lead."""
    return [SHARED["tlp:clear"]["id"]]


def common(sender: Sender, day: date, tlp: Tlp) -> StixObject:
    """Return the properties that each of a lead's own objects has."""
    return {
        "spec_version": "2.1",
        "created": of_day(day),
        "modified": of_day(day),
        "created_by_ref": f"identity--{sender.id}",
        "object_marking_refs": marked(tlp),
    }


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
