"""The audit log's one table; rows are inserted and never changed."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from hotline.store import UtcTime, metadata

audit_log = Table(
    "audit",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("who", String(32), nullable=False),
    Column("did", String(32), nullable=False),
    Column("report_id", String(32), nullable=False),
    Column("what", String(128), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Index("audit_by_report", "report_id", "n"),
    Index("audit_by_kind", "did", "n"),
)
