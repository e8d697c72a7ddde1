"""Which fields can be edited by hand, and which rows are parts of which record."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.engine import Connection

from referral.fields import Value
from referral.history import Record
from referral.tables import TABLES

RECORDS = ("service", "organization", "location")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIELDS: dict[str, tuple[str, ...]] = {
    "organization": _names(
        "name alternate_name description email website legal_status tax_status tax_id year_incorporated"
    ),
    "service": _names(
        "name alternate_name description status alert url email application_process wait_time"
        " fees_description eligibility_description minimum_age maximum_age interpretation_services"
        " accreditations licenses"
    ),
    "location": _names(
        "name alternate_name location_type description transportation latitude longitude url"
    ),
    "service_at_location": _names("location_id description"),
    "phone": _names("number extension type description"),
    "contact": _names("name title department email"),
    "address": _names(
        "attention address_1 address_2 city region state_province postal_code country address_type"
    ),
    "schedule": _names(
        "byday opens_at closes_at timezone valid_from valid_to description notes"
        " freq interval wkst bymonthday byweekno byyearday dtstart until count"
        " attending_type schedule_link"
    ),
    "language": _names("code name note"),
    "attribute": _names("taxonomy_term_id value label"),
    "service_capacity": _names("unit_id available maximum description"),
    "cost_option": _names("option amount currency amount_description valid_from valid_to"),
    "required_document": _names("document uri"),
    "service_area": _names("name description extent_type extent uri"),
    "accessibility": _names("description details url"),
    "funding": _names("source"),
    "url": _names("label url"),
    "organization_identifier": _names("identifier_type identifier identifier_scheme"),
}
"""By kind, in the order in which a form asks for them."""

NEEDED: dict[str, tuple[str, ...]] = {
    "language": ("code",),
    "attribute": ("taxonomy_term_id",),
    "required_document": ("document",),
    "service_area": ("name",),
    "accessibility": ("description",),
    "funding": ("source",),
}
"""Fields without which a part would say nothing, although HSDS lets them be empty."""

PARTS: dict[str, tuple[str, ...]] = {
    "service": (
        "service_at_location",
        "phone",
        "schedule",
        "language",
        "attribute",
        "service_capacity",
        "service_area",
        "contact",
        "cost_option",
        "required_document",
        "url",
        "funding",
    ),
    "service_at_location": ("schedule", "phone", "contact", "service_area", "attribute"),
    "organization": (
        "service",
        "location",
        "phone",
        "contact",
        "attribute",
        "organization_identifier",
        "url",
        "funding",
    ),
    "location": (
        "address",
        "phone",
        "schedule",
        "language",
        "accessibility",
        "contact",
        "attribute",
    ),
    "contact": ("phone", "attribute"),
    "phone": ("language", "attribute"),
}
"""What can be added to rows of a kind."""

_UPWARDS = ("service_at_location", "service", "location", "contact", "phone", "organization")
"""The nearest owner first: a telephone of a contact may name the organization, too."""


def owner_of(connection: Connection, kind: str, row: dict[str, Value]) -> Record | None:
    """Return the record that *row* is a part of, or is itself; None where it is nobody's."""
    if kind in RECORDS:
        return Record(kind, str(row["id"]))
    for to, key in _owners(kind, row):
        if to in RECORDS:
            return Record(to, key)
        found = _row(connection, to, key)
        if found is not None and (above := owner_of(connection, to, found)):
            return above
    return None


def rows_above(
    connection: Connection, kind: str, row: dict[str, Value]
) -> Iterator[tuple[str, dict[str, Value]]]:
    """Yield each row that *row* is a part of, with its kind: a part may belong to several."""
    for to, key in _owners(kind, row) if kind not in RECORDS else ():
        if found := _row(connection, to, key):
            yield to, found


def _row(connection: Connection, kind: str, key: str) -> dict[str, Value] | None:
    table = TABLES[kind]
    found = connection.execute(select(table).where(table.c.id == key)).mappings().first()
    return None if found is None else dict(found)


def _owners(kind: str, row: dict[str, Value]) -> list[tuple[str, str]]:
    if kind == "attribute":
        to = str(row["link_entity"] or "")
        return [(to, str(row["link_id"]))] if to in FIELDS and to != kind else []
    if kind == "service_at_location":
        return [("service", str(row["service_id"]))]
    return [(to, str(row[f"{to}_id"])) for to in _UPWARDS if row.get(f"{to}_id")]
