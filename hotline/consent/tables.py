"""What was agreed to: one row for each release, and never a word of what the person said."""

from sqlalchemy import Boolean, Column, Index, String, Table

from hotline.store import Json, metadata

consents = Table(
    "consents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False),
    Column("purpose", String(16), nullable=False),
    # The id of one agency or service, or a group such as `consent.INVESTIGATORS`.
    Column("recipient", String(64), nullable=False),
    # Members of that group whom the person named as not to be told.
    Column("excluded", Json, nullable=False),
    Column("fields", Json, nullable=False),
    Column("given_how", String(8), nullable=False),
    # Which words the person was shown or heard.
    Column("words_locale", String(16), nullable=False),
    Column("words_version", String(16), nullable=False),
    # The member of staff who wrote it down; empty where the person did so alone.
    Column("by", String(32), nullable=False),
    # For spoken consent: the second member of staff who heard it, or that a life was in danger.
    Column("witness", String(32), nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("day", String(10), nullable=False),
    # The last day on which it stands.
    Column("expires_day", String(10), nullable=False),
    Column("revoked_day", String(10), nullable=False),
    Index("consents_of_report", "report_id", "purpose"),
)
