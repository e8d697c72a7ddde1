"""What ends when, and what must not end yet: kinds and days, never words."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from hotline.store import UtcTime, metadata

_ID = String(32)
_DAY = String(10)
_DESK = String(40)

# A hold stops retention and erasure of one report until a day; why stands in the log, sealed.
holds = Table(
    "holds",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False),
    Column("desk", _DESK, nullable=False),
    Column("placed_by", _ID, nullable=False),
    Column("placed_day", _DAY, nullable=False),
    # The last day on which it holds.
    Column("until_day", _DAY, nullable=False),
    # Lifted before its time, or counted as run out; empty while it holds.
    Column("ended_day", _DAY, nullable=False, default=""),
    Index("holds_by_report", "report_id", "ended_day", "until_day"),
    Index("holds_by_end", "ended_day", "until_day"),
)

# What somebody asks of us by law, as far as it may stand in the clear; who asks and for what stands in the log, sealed.
legal_processes = Table(
    "legal_processes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False, index=True),
    Column("desk", _DESK, nullable=False),
    # subpoena, warrant, court_order, preservation, informal
    Column("kind", String(16), nullable=False),
    # received, objected, complied, withdrawn
    Column("state", String(12), nullable=False),
    Column("received_day", _DAY, nullable=False),
    # The day by which we must answer; far in the future where none was set.
    Column("deadline", _DAY, nullable=False),
    # The day on which the person was told; empty until then.
    Column("told_day", _DAY, nullable=False, default=""),
    Column("ended_day", _DAY, nullable=False, default=""),
    Index("legal_processes_open", "desk", "ended_day", "deadline", "id"),
)

# What a law in force makes us tell of one report, by which rule of which jurisdiction file. Hours only: a minute beside
# a report would find a text in a carrier's records.
duties = Table(
    "duties",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False),
    Column("desk", _DESK, nullable=False),
    Column("jurisdiction", String(2), nullable=False),
    Column("rule", String(32), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    # Half of the time; then the supervisors are called again.
    Column("half_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    # How often they were called: at the beginning, at half of the time, when it was over.
    Column("calls", Integer, nullable=False),
    # due, made, not_needed
    Column("state", String(10), nullable=False),
    # Who said that it was made, or not needed, and on which day; empty until then.
    Column("by", _ID, nullable=False, default=""),
    Column("day", _DAY, nullable=False, default=""),
    # What consent keeps of it, for the person to see.
    Column("disclosure_id", _ID, nullable=False, default=""),
    # The day on which the person was told; empty until then.
    Column("told_day", _DAY, nullable=False, default=""),
    Index("duties_once", "report_id", "jurisdiction", "rule", unique=True),
    Index("duties_of_desk", "desk", "state", "due_at", "id"),
    Index("duties_open", "state", "calls", "half_at"),
)

# How long a closed report's parts are kept, where a desk decided otherwise than `rules.STANDARD`.
retention_rules = Table(
    "retention_rules",
    metadata,
    Column("desk", _DESK, primary_key=True),
    # A `rules.Kind`.
    Column("kind", String(12), primary_key=True),
    Column("days", Integer, nullable=False),
)

# Drawn when a report is closed, and gone when it is taken up again. What is audited about a report may outlast it.
endings = Table(
    "endings",
    metadata,
    Column("report_id", _ID, primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("desk", _DESK, nullable=False),
    Column("day", _DAY, nullable=False),
    # Whether a supervisor was told that the day is near.
    Column("is_told", Boolean, nullable=False, default=False),
    Index("endings_by_day", "day", "report_id"),
    Index("endings_of_desk", "desk", "day", "report_id"),
)

# What a person asked to be erased with their code. Hours only: an instant beside a report would find a text in a
# carrier's records.
erasures = Table(
    "erasures",
    metadata,
    Column("report_id", _ID, primary_key=True),
    Column("desk", _DESK, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    # waiting; erased while its certificate is not written yet.
    Column("state", String(8), nullable=False),
    # Who is named as having erased it.
    Column("by", _ID, nullable=False),
    Index("erasures_by_due", "state", "due_at", "report_id"),
    Index("erasures_of_desk", "desk", "report_id"),
)
