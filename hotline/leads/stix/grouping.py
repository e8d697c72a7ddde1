"""Leads that share something of the alleged, for one agency: which they are, never what it is."""

import uuid
from collections.abc import Sequence
from datetime import date

from hotline.leads.codes import Tlp
from hotline.leads.stix.describing import HANDLING
from hotline.leads.stix.terms import Sender, StixObject, common, stix_id_of


def grouping(
    name: str, lead_ids: Sequence[str], sender: Sender, day: date, *, tlp: Tlp = Tlp.STRICT
) -> StixObject:
    """Return the object that names *lead_ids*; *name* is the UUID under which this one agency knows the link."""
    return {
        **common(sender, day, tlp),
        "type": "grouping",
        "id": f"grouping--{uuid.UUID(name)}",
        "name": HANDLING["linked"],
        "description": HANDLING["linked_how"],
        "context": "unspecified",
        "object_refs": [stix_id_of(lead_id) for lead_id in lead_ids],
    }
