"""A lead as STIX 2.1, the form that investigators' tools read. Pure.

Each lead is a report with two notes (the summary, and how it is handled), a location, and where something of the
alleged leaves, what was observed. There are never indicator objects: tools block what those match, and a lead is not
verified. Objects that say the same for everybody (markings, the extension, a country) have the same id in every lead
and in every hotline; the ids of a lead's own objects are random and follow from nothing. Clients drop extensions, so
whatever stands there is said again in labels and in the description.

Times are days. `modified` of a later version is one millisecond after the former where both fall on one day,
because STIX tells versions apart by it.
"""

from hotline.leads.stix.describing import description_of, extension_of, labels_of, name_of
from hotline.leads.stix.grouping import grouping
from hotline.leads.stix.objects import (
    EXTENSION_SCHEMA,
    identity_of,
    lead_objects,
    shared_objects,
)
from hotline.leads.stix.observing import OBSERVABLES
from hotline.leads.stix.places import location
from hotline.leads.stix.recalling import recalled
from hotline.leads.stix.revising import ids_of, revised
from hotline.leads.stix.terms import (
    AUTHOR_ID,
    EXTENSION_ID,
    LeadIds,
    Sender,
    StixObject,
    marked,
    moment,
    new_ids,
    of_day,
    stix_id_of,
    version_after,
)

__all__ = [
    "AUTHOR_ID",
    "EXTENSION_ID",
    "EXTENSION_SCHEMA",
    "OBSERVABLES",
    "LeadIds",
    "Sender",
    "StixObject",
    "description_of",
    "extension_of",
    "grouping",
    "identity_of",
    "ids_of",
    "labels_of",
    "lead_objects",
    "location",
    "marked",
    "moment",
    "name_of",
    "new_ids",
    "of_day",
    "recalled",
    "revised",
    "shared_objects",
    "stix_id_of",
    "version_after",
]
