"""What intake keeps for itself: threads of senders, messages already seen, and counters of open reports."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from hotline.reports.tables import messages, reports
from hotline.store import UtcTime, metadata

__all__ = ["counters", "messages", "reports", "seen", "threads"]

threads = Table(
    "threads",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    Column("secret_sealed", LargeBinary, nullable=False),
    # To the hour.
    Column("last_at", UtcTime, nullable=False, index=True),
)

seen = Table(
    "seen",
    metadata,
    Column("id_hash", LargeBinary(32), primary_key=True),
    Column("answer_sealed", LargeBinary, nullable=False),
    Column("day", String(10), nullable=False, index=True),
)

counters = Table(
    "counters",
    metadata,
    Column("desk", String(40), primary_key=True),
    Column("urgency", Integer, primary_key=True, autoincrement=False),
    Column("open", Integer, nullable=False),
)
