"""The HSDS 3.1 tables, named and typed as in the specification's schemas.

Columns carry HSDS's own names. Table names carry the prefix ``directory_``, because they may share a
database with others. Days and instants are kept as ISO 8601 text (instants in UTC with milliseconds), so
that both databases order and answer them alike. Foreign keys are checked at commit: a package may name a
parent after its child.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(column_0_label)s",
    }
)

PREFIX = "directory_"


class Kind(StrEnum):
    """What a field may hold; `load` reads it, the schema's ``format`` names it."""

    KEY = "key"
    TEXT = "text"
    URI = "uri"
    EMAIL = "email"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    NUMBER = "number"


def _field(
    name: str,
    kind: Kind = Kind.TEXT,
    *,
    required: bool = False,
    decides: bool = False,
    choices: tuple[str, ...] = (),
) -> Column[Any]:
    """Return a column. *decides* marks a field that changes who fits: a row is not kept without it."""
    types: dict[Kind, Any] = {Kind.KEY: String(36), Kind.NUMBER: Float()}
    note = {"kind": kind, "decides": decides or required, "choices": choices}
    return Column(name, types.get(kind, Text()), nullable=not required, info=note)


def _text(names: str) -> list[Column[Any]]:
    return [_field(name) for name in names.split()]


def _required(names: str) -> list[Column[Any]]:
    return [_field(name, required=True) for name in names.split()]


def _deciding(names: str, kind: Kind = Kind.TEXT) -> list[Column[Any]]:
    return [_field(name, kind, decides=True) for name in names.split()]


def _to(
    table: str, name: str = "", *, required: bool = False, expected: bool = False
) -> Column[Any]:
    """Return the column that points to *table*. Where one is *expected*, its lack is reported."""
    name = name or f"{table}_id"
    key = ForeignKey(f"{PREFIX}{table}.id", deferrable=True, initially="DEFERRED")
    note = {
        "kind": Kind.KEY,
        "decides": required,
        "expected": expected,
        "choices": (),
        "to": table,
    }
    return Column(name, String(36), key, nullable=not required, index=True, info=note)


def _table(name: str, *columns: Column[Any] | list[Column[Any]]) -> Table:
    key = Column(
        "id", String(36), primary_key=True, info={"kind": Kind.KEY, "decides": True, "choices": ()}
    )
    flat = [one for each in columns for one in (each if isinstance(each, list) else [each])]
    return Table(PREFIX + name, metadata, key, *flat)


taxonomy = _table(
    "taxonomy", _required("name description"), _field("uri", Kind.URI), _text("version")
)
taxonomy_term = _table(
    "taxonomy_term",
    _text("code"),
    _required("name description"),
    _to("taxonomy_term", "parent_id"),
    _text("taxonomy language"),
    _to("taxonomy"),
    _field("term_uri", Kind.URI),
)
organization = _table(
    "organization",
    _required("name"),
    _text("alternate_name"),
    _required("description"),
    _field("email", Kind.EMAIL),
    _field("website", Kind.URI),
    _text("tax_status tax_id"),
    _field("year_incorporated", Kind.NUMBER),
    _text("legal_status logo"),
    _field("uri", Kind.URI),
    _to("organization", "parent_organization_id"),
)
program = _table(
    "program",
    _to("organization", required=True),
    _required("name"),
    _text("alternate_name"),
    _required("description"),
)
service = _table(
    "service",
    _to("organization", required=True),
    _to("program"),
    _required("name"),
    _text("alternate_name description"),
    _field("url", Kind.URI),
    _field("email", Kind.EMAIL),
    _field(
        "status",
        required=True,
        choices=("active", "inactive", "defunct", "temporarily closed"),
    ),
    _text("interpretation_services application_process fees_description wait_time fees"),
    _text("accreditations eligibility_description"),
    _deciding("minimum_age maximum_age", Kind.NUMBER),
    _field("assured_date", Kind.DATE),
    _field("assurer_email", Kind.EMAIL),
    _text("licenses alert"),
    _field("last_modified", Kind.DATETIME),
)
location = _table(
    "location",
    _field("location_type", required=True, choices=("physical", "postal", "virtual")),
    _field("url", Kind.URI),
    _to("organization"),
    _text("name alternate_name description transportation"),
    _deciding("latitude longitude", Kind.NUMBER),
    _text("external_identifier external_identifier_type"),
)
service_at_location = _table(
    "service_at_location",
    _to("service", required=True),
    _to("location", required=True),
    _text("description"),
)
contact = _table(
    "contact",
    _to("organization"),
    _to("service"),
    _to("service_at_location"),
    _to("location"),
    _text("name title department"),
    _field("email", Kind.EMAIL),
)
phone = _table(
    "phone",
    _to("location"),
    _to("service"),
    _to("organization"),
    _to("contact"),
    _to("service_at_location"),
    _required("number"),
    _field("extension", Kind.NUMBER),
    _text("type description"),
)
address = _table(
    "address",
    _to("location"),
    _text("attention"),
    _required("address_1"),
    _text("address_2"),
    _required("city"),
    _text("region"),
    _required("state_province postal_code country"),
    _field("address_type", required=True, choices=("physical", "postal", "virtual")),
)
schedule = _table(
    "schedule",
    _to("service"),
    _to("location"),
    _to("service_at_location"),
    _deciding("valid_from valid_to dtstart", Kind.DATE),
    _deciding("timezone", Kind.NUMBER),
    _deciding("until", Kind.DATE),
    _deciding("count", Kind.NUMBER),
    _field("wkst", decides=True, choices=("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
    _field("freq", decides=True, choices=("WEEKLY", "MONTHLY")),
    _deciding("interval", Kind.NUMBER),
    _deciding("byday byweekno bymonthday byyearday"),
    _text("description"),
    _deciding("opens_at closes_at", Kind.TIME),
    _field("schedule_link", Kind.URI),
    _text("attending_type notes"),
)
funding = _table("funding", _to("organization"), _to("service"), _text("source"))
service_area = _table(
    "service_area",
    _to("service"),
    _to("service_at_location"),
    _text("name description extent extent_type uri"),
)
required_document = _table(
    "required_document", _to("service"), _text("document"), _field("uri", Kind.URI)
)
language = _table(
    "language",
    _to("service"),
    _to("location"),
    _to("phone"),
    _text("name code note"),
)
accessibility = _table(
    "accessibility", _to("location"), _text("description details"), _field("url", Kind.URI)
)
cost_option = _table(
    "cost_option",
    _to("service", required=True),
    _deciding("valid_from valid_to", Kind.DATE),
    _text("option currency"),
    _deciding("amount", Kind.NUMBER),
    _text("amount_description"),
)
organization_identifier = _table(
    "organization_identifier",
    _to("organization", required=True),
    _text("identifier_scheme"),
    _required("identifier_type identifier"),
)
unit = _table("unit", _required("name"), _text("scheme identifier"), _field("uri", Kind.URI))
service_capacity = _table(
    "service_capacity",
    _to("service", required=True),
    _to("unit", required=True),
    _field("available", Kind.NUMBER, required=True),
    _field("maximum", Kind.NUMBER),
    _text("description"),
    _field("updated", Kind.DATETIME, required=True),
)
url = _table(
    "url",
    _text("label"),
    _field("url", Kind.URI, required=True),
    _to("organization"),
    _to("service"),
)
# A term that cannot be read is left empty, and an attribute without its term withholds: see `withheld`.
attribute = _table(
    "attribute",
    _field("link_id", Kind.KEY, required=True),
    _to("taxonomy_term", expected=True),
    _text("link_type link_entity value label"),
)
change = _table(
    "metadata",
    _field("resource_id", Kind.KEY, required=True),
    _field("resource_type", required=True),
    _field("last_action_date", Kind.DATE, required=True),
    _required("last_action_type field_name"),
    _text("previous_value replacement_value"),
    _required("updated_by"),
)
meta_table_description = _table("meta_table_description", _text("name language character_set"))

Index("ix_directory_attribute_link_id", attribute.c.link_id)
Index("ix_directory_metadata_resource_id", change.c.resource_id)
Index("ix_directory_address_postal_code", address.c.postal_code)
Index("ix_directory_location_latitude", location.c.latitude, location.c.longitude)
Index("ix_directory_taxonomy_term_code", taxonomy_term.c.code)

# What points comes after what it points to; a package is read in this order.
TABLES: dict[str, Table] = {
    table.name.removeprefix(PREFIX): table for table in metadata.sorted_tables
}

# No table of HSDS: a mark of what the others hold, see `revision`.
revision_mark = Table(f"{PREFIX}revision", metadata, Column("mark", String(32), primary_key=True))

# No table of HSDS either: which source brought which row, see `provenance`.
brought = Table(
    f"{PREFIX}provenance",
    metadata,
    Column("source", String(100), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("row_id", String(36), primary_key=True),
)
Index("ix_directory_provenance_row_id", brought.c.row_id)

# Nor these: which changes were made here, to what, in which order and by whom, see `history`,
edited = Table(
    f"{PREFIX}edited",
    metadata,
    Column("change_id", String(36), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("record_id", String(36), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("editor", String(100), nullable=False),
)

# and what of them stands against every import; an empty field is the whole row, see `provenance`.
held = Table(
    f"{PREFIX}held",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("row_id", String(36), primary_key=True),
    Column("field", String(64), primary_key=True),
    Column("source", String(100), nullable=False, default=""),
    Column("says", Text),
)
