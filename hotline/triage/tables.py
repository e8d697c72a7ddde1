"""What a supervisor must look at: kinds, ids and times, never words."""

from sqlalchemy import Column, Index, String, Table

from hotline.store import UtcTime, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    # What the alert is about, so that the same thing is never raised twice.
    Column("once", String(80), nullable=False),
    Column("report_id", String(32), nullable=False),
    # The staff id of who did it; nobody settles what they did themselves.
    Column("who", String(32), nullable=False),
    # To the minute while it is open; the day alone once it is settled.
    Column("at", UtcTime, nullable=False),
    Column("settled_by", String(32), nullable=False),
    Column("settled_day", String(10), nullable=False),
    Index("alerts_once", "desk", "kind", "once", unique=True),
    Index("alerts_open", "desk", "settled_day", "at", "id"),
    Index("alerts_by_report", "report_id"),
)
