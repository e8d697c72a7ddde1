"""The table of jobs: names and opaque ids, never words."""

from sqlalchemy import Column, Index, Integer, String, Table

from hotline.store import UtcTime, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("ref", String(64), nullable=False),
    # `outbox.Priority`: who waits for it.
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    # Set while a worker holds the job; a worker that dies lets it go by letting this pass.
    Column("claimed_until", UtcTime),
    Index("jobs_due", "priority", "due_at", "id"),
)
