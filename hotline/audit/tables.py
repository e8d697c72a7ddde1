"""The log's tables. Acts wait in one until a number is theirs; the tree's hashes stay when a line is purged."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from hotline.store import UtcTime, metadata


def _facts() -> tuple[Column[object], ...]:
    """Return the columns of a line. Only ids and codes are clear; *sealed* holds what someone wrote."""
    return (
        Column("at", UtcTime, nullable=False),
        Column("who", String(32), nullable=False),
        Column("did", String(32), nullable=False),
        # Empty for what belongs to no desk.
        Column("desk", String(40), nullable=False),
        Column("report_id", String(32), nullable=False),
        # Which report, as the entry says it: it stays when *report_id* is emptied, and alone tells nobody.
        Column("about", LargeBinary, nullable=False),
        Column("what", String(128), nullable=False),
        Column("purpose", String(64), nullable=False),
        # SHA-256 of *sealed*; it stays when the words are erased, and is empty where there were none.
        Column("digest", LargeBinary, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        # How the words are opened: renewed when they are sealed again, so no hash is made over these two.
        Column("epoch_id", String(32), nullable=False),
        Column("wrap", LargeBinary, nullable=False),
        Column("salt", LargeBinary, nullable=False),
    )


audit_waiting = Table(
    "audit_waiting",
    metadata,
    Column(
        "arrival",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("id", String(32), nullable=False, unique=True),
    *_facts(),
    Index("audit_waiting_by_report", "report_id"),
    Index("audit_waiting_in_order", "at", "id"),
)

audit_log = Table(
    "audit",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("id", String(32), nullable=False, unique=True),
    *_facts(),
    Index("audit_by_report", "report_id", "n"),
    Index("audit_by_kind", "did", "n"),
    Index("audit_by_desk", "desk", "n"),
    Index("audit_by_desk_and_kind", "desk", "did", "n"),
    Index("audit_by_who", "who", "did", "at"),
    Index("audit_by_epoch", "epoch_id"),
    Index("audit_by_time", "at"),
)

audit_tiles = Table(
    "audit_tiles",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    # Up to 256 hashes of 32 bytes, in order.
    Column("hashes", LargeBinary, nullable=False),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
