"""Reports and their messages, as far as they may stand in the clear: coarse facts, never words.

Beside them: by what a sender is known again, which messages were seen, and how many reports are open.
"""

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, text

from hotline.domain.report import reference
from hotline.store import Json, UtcTime, metadata


def _its_reference(context: Any) -> str:
    return reference(context.get_current_parameters()["id"])


reports = Table(
    "reports",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("channel", String(12), nullable=False),
    # The locale of our answers, and whether the person chose it; the language they write in.
    Column("locale", String(16), nullable=False),
    Column("locale_is_chosen", Boolean, nullable=False, default=False),
    Column("language", String(16), nullable=False),
    Column("country", String(2), nullable=False, default=""),
    Column("day", String(10), nullable=False),
    Column("status", String(12), nullable=False),
    # The group of new reports that were almost the same as this one within a day; a random id.
    Column("alike", String(32)),
    # Rank of `domain.urgency.Urgency`: 3 is looked at first.
    Column("urgency", Integer, nullable=False),
    Column("minor", Boolean, nullable=False),
    Column("bystander", Boolean, nullable=False),
    Column("needs", Json, nullable=False),
    Column("indicators", Json, nullable=False),
    # Names of the rules that fired, most telling first.
    Column("rules", Json, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("unanswered", Boolean, nullable=False),
    Column("claimed_by", String(32)),
    Column("claimed_until", UtcTime),
    # To the minute, for open work only; erased on closing.
    Column("waiting_since", UtcTime),
    # Staff doubt that it is the reporter who writes: an erasure that was asked for stands still.
    Column("duress", Boolean, nullable=False, default=False),
    # A person has looked at it: a score alone never decides.
    Column("is_opened", Boolean, nullable=False, default=False),
    # Only those who are named for it see it; it stands in no list, search or statistic of others.
    Column("restricted", Boolean, nullable=False, default=False),
    # What came of it, said on closing: a code of `domain.outcome`.
    Column("outcome", String(24), nullable=False, default=""),
    # The report of the same person into which this one was merged: its messages are read there.
    Column("joined_to", String(32)),
    # By what staff name it aloud: it follows from the id, and stands here to be looked for.
    Column("reference", String(8), nullable=False, default=_its_reference),
    Index("reports_queue", "desk", "status", "urgency", "waiting_since", "id"),
    # Holds what is in quarantine, so it costs the queue nothing; said so that no other index seems to fit as well.
    Index(
        "reports_quarantined",
        "desk",
        "alike",
        "urgency",
        "waiting_since",
        "id",
        sqlite_where=text("status || '' = 'quarantined'"),
        postgresql_where=text("status || '' = 'quarantined'"),
    ),
    # What is searched is shown newest first.
    Index("reports_by_day", "desk", "day", "id"),
    Index("reports_by_reference", "desk", "reference"),
    # How many reports share language, country and month: few make a lead tell more than it says.
    Index("reports_crowd", "language", "country", "day"),
    # Few are of children: one hides among them alone.
    Index(
        "reports_of_children",
        "country",
        "day",
        "id",
        sqlite_where=text("minor = 1"),
        postgresql_where=text("minor"),
    ),
    Index("reports_claimed", "claimed_by", "status", "urgency", "waiting_since", "id"),
    # Who waits for a person: what is overdue or was not opened is found each minute, however much stands answered.
    Index(
        "reports_unanswered",
        "desk",
        "status",
        "urgency",
        "waiting_since",
        "id",
        sqlite_where=text("unanswered = 1"),
        postgresql_where=text("unanswered"),
    ),
    # Beside a report stand those that were almost the same; most reports were like no other.
    Index(
        "reports_alike",
        "alike",
        "id",
        sqlite_where=text("alike IS NOT NULL"),
        postgresql_where=text("alike IS NOT NULL"),
    ),
    # Few are restricted, and few are merged: each index holds those alone.
    Index(
        "reports_restricted",
        "desk",
        "id",
        sqlite_where=text("restricted = 1"),
        postgresql_where=text("restricted"),
    ),
    Index(
        "reports_joined",
        "joined_to",
        sqlite_where=text("joined_to IS NOT NULL"),
        postgresql_where=text("joined_to IS NOT NULL"),
    ),
)

messages = Table(
    "messages",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # "in", "out" or "note".
    Column("direction", String(4), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("day", String(10), nullable=False),
    Column("at", UtcTime),
    # The staff id for what we wrote; empty for the reporter and for automatic answers.
    Column("author", String(32), nullable=False, default=""),
    # For messages to the reporter: waiting, sent, delivered, failed, expired, here (read with the code).
    Column("state", String(12), nullable=False, default=""),
    # Whether the reporter has read it with the code.
    Column("is_read", Boolean, nullable=False, default=False),
)

# Which messages somebody has reviewed for what is masked in them, and for what is not.
span_reviews = Table(
    "span_reviews",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
)

threads = Table(
    "threads",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    Column("secret_sealed", LargeBinary, nullable=False),
    # To the hour.
    Column("last_at", UtcTime, nullable=False, index=True),
    # Where somebody only named this phone on the web ("web"), or it came with a return code and without the code word
    # ("code"): then its answers to our question, or the word, belong to the report, and nothing else. Or they named
    # another in its place ("left"): then it speaks in the report and opens nothing.
    Column("invited", String(4), nullable=False, default=""),
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
    # How many were ever opened or opened again: it only rises, so that a page can tell how many came since.
    Column("came", Integer, nullable=False, default=0),
    # In quarantine: those of a group of alike ones, and the others.
    Column("alike", Integer, nullable=False, default=0),
    Column("unlike", Integer, nullable=False, default=0),
)

# How many of each group stand in quarantine, so that nobody counts a flood. An empty group is that of the unlike ones.
quarantined = Table(
    "quarantined",
    metadata,
    Column("desk", String(40), primary_key=True),
    Column("alike", String(32), primary_key=True),
    Column("urgency", Integer, primary_key=True, autoincrement=False),
    Column("language", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
    Index("quarantined_in_order", "desk", "urgency", "alike"),
)

# How soon reports were first answered by a person, and how those that were closed ended: in all of a month, because
# minutes are erased on closing.
first_answers = Table(
    "first_answers",
    metadata,
    Column("desk", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("urgency", Integer, primary_key=True, autoincrement=False),
    Column("in_time", Integer, nullable=False),
    Column("late", Integer, nullable=False),
)

closings = Table(
    "closings",
    metadata,
    Column("desk", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    # A code of `domain.outcome`; empty where none was said.
    Column("outcome", String(24), primary_key=True),
    Column("count", Integer, nullable=False),
)
