"""What a supervisor must look at and what people decided: kinds, ids and times, and words that somebody vouched for."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from hotline.store import Json, UtcTime, metadata

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

# What is still to be done with a report. Words, where there are any, lie sealed under the same id in `desk_words`.
# *due_at* is to the minute, and only while it is open.
tasks = Table(
    "tasks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("report_id", String(32), nullable=False),
    # A code of `triage.tasks.Kind`.
    Column("kind", String(20), nullable=False),
    # "open", "done", or "ended" with the report.
    Column("state", String(8), nullable=False),
    # Empty while it is anybody's at the desk.
    Column("assigned_to", String(32), nullable=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    Column("due_at", UtcTime),
    Column("done_by", String(32), nullable=False),
    Column("done_day", String(10), nullable=False),
    # The offer to a provider that it came of; empty where it came of none.
    Column("about", String(32), nullable=False, default=""),
    Index("tasks_due", "desk", "state", "due_at", "id"),
    Index("tasks_of_report", "report_id"),
)

# The words that a desk sorts reports by, looked at for naming nobody before they stand here in the clear.
desk_tags = Table(
    "desk_tags",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("name", String(40), nullable=False),
    # As names are compared: two that differ in case alone are the same.
    Column("folded", String(40), nullable=False),
    # The day on which it was retired; empty while reports may get it.
    Column("retired_day", String(10), nullable=False),
    Index("desk_tags_once", "desk", "folded", unique=True),
)

report_tags = Table(
    "report_tags",
    metadata,
    Column("report_id", String(32), primary_key=True),
    # The id of a row of `desk_tags`.
    Column("tag", String(32), primary_key=True),
    Index("report_tags_by_tag", "tag", "report_id"),
)

# Two reports that a person sees together, and why: a code. *report_id* is the smaller id of the two.
report_links = Table(
    "report_links",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("other_id", String(32), primary_key=True),
    Column("reason", String(20), nullable=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    Index("report_links_back", "other_id", "report_id"),
)

# What points to the alleged and was written down for a report; the words lie sealed under the same id in `desk_words`.
selectors = Table(
    "selectors",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    Column("desk", String(40), nullable=False),
    Column("kind", String(8), nullable=False),
    # `vault.selectors.selector_token`: the same for the same one under one epoch of the desk, and to nobody else anything.
    Column("token", LargeBinary(32), nullable=False, index=True),
    Column("epoch_id", String(32), nullable=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    Index("selectors_by_epoch", "desk", "epoch_id"),
)

# What staff learned from a report that was urgent; the words lie sealed under the same id in `desk_words`.
lessons = Table(
    "lessons",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("report_id", String(32), nullable=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    Index("lessons_once", "report_id", "by", unique=True),
)

# A reason of the machine that somebody says is wrong, and how; words, where there are any, lie sealed under the same id.
disagreements = Table(
    "disagreements",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("report_id", String(32), nullable=False),
    Column("rule", String(48), nullable=False),
    Column("language", String(16), nullable=False),
    Column("choice", String(16), nullable=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    Index("disagreements_once", "report_id", "rule", "by", unique=True),
)

# How often each desk says so, by rule and language: what stays when the reports end.
disputed_rules = Table(
    "disputed_rules",
    metadata,
    Column("desk", String(40), primary_key=True),
    Column("rule", String(48), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("choice", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
)

# The codes of the field that a person accepted for a report, or rejected: never what the machine proposes.
report_codes = Table(
    "report_codes",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("list", String(16), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("is_accepted", Boolean, nullable=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
)

# Who interprets a report: asked, declared to know nobody in it, refused, ended. What an interpreter says of it lies
# sealed under the same id. Each interpreter has one piece of work at a time, each report one interpreter.
interpretings = Table(
    "interpretings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False),
    Column("desk", String(40), nullable=False),
    Column("interpreter", String(32), nullable=False),
    Column("by", String(32), nullable=False),
    Column("state", String(8), nullable=False),
    # Why it was refused, or how it ended.
    Column("why", String(16), nullable=False),
    Column("day", String(10), nullable=False),
    # The last day on which it is open.
    Column("until", String(10), nullable=False),
    Index("interpretings_of_report", "report_id", "day", "id"),
    Index("interpretings_by_state", "state", "until"),
)
_IS_OPEN = interpretings.c.state.in_(("asked", "declared"))
for _one in ("interpreter", "report_id"):
    Index(
        f"interpretings_one_{_one}",
        interpretings.c[_one],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )

# A translation in each of its versions, and drafts of answers that were given to translate (version 0). The words lie
# sealed under the same id.
translations = Table(
    "translations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    Index("translations_once", "report_id", "kind", "seq", "version", unique=True),
)

# When staff are on duty, on the clocks of the desk's zone. A span that ends after midnight ends beyond minute 1440.
rota = Table(
    "rota",
    metadata,
    Column("staff_id", String(32), primary_key=True),
    # 0 is Monday.
    Column("weekday", Integer, primary_key=True, autoincrement=False),
    Column("from_minute", Integer, primary_key=True, autoincrement=False),
    Column("to_minute", Integer, nullable=False),
    Column("desk", String(40), nullable=False),
    Index("rota_of_desk", "desk", "weekday"),
)

# How staff are paged, as they chose it: by text or by mail.
pagers = Table(
    "pagers",
    metadata,
    Column("staff_id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False, index=True),
    # sms or mail
    Column("way", String(4), nullable=False),
    # Their own number or address, sealed to the relay key.
    Column("sealed", LargeBinary, nullable=False),
    # What is shown back of it, sealed to themselves.
    Column("own", LargeBinary, nullable=False),
)

# Somebody must look at the desk, and says that they do. Deleted once its report is answered.
pages = Table(
    "pages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    # immediate, clock_over, unopened
    Column("reason", String(12), nullable=False),
    Column("report_id", String(32), nullable=False, index=True),
    # The report again while it goes round, so that nobody is paged for it by two.
    Column("open_for", String(32), unique=True),
    # open, over (it reached everybody, and still waits for somebody), taken (somebody looks: it rests until next_at),
    # ended (another page took its place)
    Column("state", String(8), nullable=False),
    Column("by", String(32), nullable=False, default=""),
    # How often it went on, and how often it went round.
    Column("step", Integer, nullable=False, default=0),
    Column("round", Integer, nullable=False, default=0),
    Column("next_at", UtcTime, nullable=False),
)

# Who was asked by a page; an empty staff id is PAGE_TO.
paged = Table(
    "paged",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("page_id", String(32), nullable=False),
    Column("staff_id", String(32), nullable=False),
    Column("step", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    # asked, tried (the provider is being called), sent, heard (a page moments before was enough), failed
    Column("state", String(8), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("paged_once", "page_id", "staff_id", "round", unique=True),
    Index("paged_of", "staff_id", "at"),
)

# What somebody leaves to others for a day.
skips = Table(
    "skips",
    metadata,
    Column("staff_id", String(32), primary_key=True),
    Column("report_id", String(32), primary_key=True),
    Column("day", String(10), nullable=False),
    Index("skips_of_report", "report_id"),
)

# How many reports came on a day, by what and how: no report stands behind a row that could be found again. The row of
# facet "all" says that the day is counted.
statistics = Table(
    "statistics",
    metadata,
    Column("desk", String(40), primary_key=True),
    Column("facet", String(12), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("code", String(48), primary_key=True),
    Column("count", Integer, nullable=False),
)

# In which order the closed reports of a month are looked at again: drawn once, so that nobody picks.
sample_seeds = Table(
    "sample_seeds",
    metadata,
    Column("desk", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("seed", LargeBinary(16), nullable=False),
)

# Closed reports that are looked at again, and what was found. Words about one lie sealed under its id (`desk_words`).
samples = Table(
    "samples",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("month", String(7), nullable=False),
    Column("report_id", String(32), nullable=False, unique=True),
    # The staff id of who worked on it last; who it is about.
    Column("who", String(32), nullable=False),
    # Its place among those that were drawn of the month.
    Column("place", Integer, nullable=False),
    # Of who looked at it; empty until somebody did.
    Column("by", String(32), nullable=False, default=""),
    Column("day", String(10), nullable=False, default=""),
    Column("answers", Json, nullable=False),
    Index("samples_of_month", "desk", "month", "place", unique=True),
    Index("samples_about", "who", "day", "id"),
)

# What is told of a quarter to everybody, as it is told: rounded, and without a number where it is withheld. It was
# counted once; what was counted is gone. The row of facet "received" says that the quarter is told.
quarters = Table(
    "quarters",
    metadata,
    Column("quarter", String(7), primary_key=True),
    Column("facet", String(12), primary_key=True),
    Column("code", String(24), primary_key=True),
    Column("count", Integer),
)

# What could not be counted afterwards, while a quarter is not told yet: no report stands behind a row.
quarter_tallies = Table(
    "quarter_tallies",
    metadata,
    Column("quarter", String(7), primary_key=True),
    Column("facet", String(12), primary_key=True),
    # Why a lead was withheld, or the desk that complaints came to.
    Column("code", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
)
