"""What a supervisor must look at and what people decided: kinds, ids and times, and words that somebody vouched for."""

from sqlalchemy import Column, Index, Integer, String, Table

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

# Words that two people took for ordinary: in the clear, because each was looked at for being nobody's name.
kept_words = Table(
    "kept_words",
    metadata,
    Column("language", String(16), primary_key=True),
    # As lexicons list it: folded and bare.
    Column("word", String(64), primary_key=True),
    Column("day", String(10), nullable=False),
)

# In which part a person takes someone or something to stand in a report: never what the machine proposes.
accepted_roles = Table(
    "accepted_roles",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("placeholder", String(24), primary_key=True),
    Column("role", String(24), nullable=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
)

# Who may see a report that is restricted: the named staff and nobody else.
restrictions = Table(
    "restrictions",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("staff_id", String(32), primary_key=True),
)

# Which languages staff read and write, as they say themselves: whom a report in it is given to.
staff_languages = Table(
    "staff_languages",
    metadata,
    Column("staff_id", String(32), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("desk", String(40), nullable=False),
    Index("staff_languages_of_desk", "desk", "language"),
)
