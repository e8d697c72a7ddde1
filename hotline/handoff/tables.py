"""Which services were offered for which report; who the person is stands nowhere here."""

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from hotline.store import Json, metadata

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    # The place of the offer in the report, for keyset order without a clock.
    Column("number", Integer, nullable=False),
    Column("service_id", String(64), nullable=False),
    # Whom the person says yes or no to: one organization, whichever of its services.
    Column("organization_id", String(64), nullable=False),
    Column("service_name", String(255), nullable=False),
    Column("need", String(32), nullable=False),
    # offered, handed_over, accepted, declined, withdrawn
    Column("status", String(12), nullable=False),
    # What was handed over, by name: never what it said.
    Column("fields", Json, nullable=False, default=list),
    # The last day on which any of it was; empty while nothing was.
    Column("handed_day", String(10), nullable=False, default=""),
    Column("offered_by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    UniqueConstraint("report_id", "service_id"),
)
