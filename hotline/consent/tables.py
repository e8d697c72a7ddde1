"""What was asked, agreed to and forbidden, and what was told without a yes: rows of codes; words are sealed to the desk."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, String, Table

from hotline.store import Json, metadata

_ID = String(32)
_DAY = String(10)
_DESK = String(40)

grants = Table(
    "grants",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False),
    Column("purpose", String(16), nullable=False),
    # The id of one agency or organization, or a group such as `consent.INVESTIGATORS`.
    Column("recipient", String(64), nullable=False),
    Column("fields", Json, nullable=False),
    Column("given_how", String(8), nullable=False),
    # Which words the person was shown or heard; the words themselves are sealed, because somebody may have typed them.
    Column("words_name", String(32), nullable=False),
    Column("words_locale", String(16), nullable=False),
    Column("words_version", String(16), nullable=False),
    Column("words_sealed", LargeBinary, nullable=False),
    # The member of staff who wrote it down; empty where the person did so alone.
    Column("by", _ID, nullable=False),
    # For spoken consent: the second member of staff who heard it, or that a life was in danger.
    Column("witness", _ID, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("day", _DAY, nullable=False),
    # The last day on which it stands; when that was past, or a newer one came; when it was taken back.
    Column("expires_day", _DAY, nullable=False),
    Column("ended_day", _DAY, nullable=False, default=""),
    Column("back_asked_day", _DAY, nullable=False, default=""),
    Column("revoked_day", _DAY, nullable=False, default=""),
    Index("grants_of_report", "report_id", "purpose"),
    Index("grants_by_end", "ended_day", "expires_day", "id"),
)

asks = Table(
    "asks",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False, index=True),
    Column("purpose", String(16), nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("fields", Json, nullable=False),
    # Until when the yes would stand.
    Column("until_day", _DAY, nullable=False),
    Column("by", _ID, nullable=False),
    Column("day", _DAY, nullable=False),
    # asked, yes, no, withdrawn
    Column("state", String(10), nullable=False),
    Column("answered_day", _DAY, nullable=False, default=""),
)

exclusions = Table(
    "exclusions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False, index=True),
    # agency, organization, country, everyone; or words that a person has to read first.
    Column("kind", String(12), nullable=False),
    Column("ref", String(64), nullable=False),
    # asked (the person named them), involved (an official of theirs is in it), erasure.
    Column("reason", String(8), nullable=False),
    Column("words_sealed", LargeBinary, nullable=False),
    # The words from which a member of staff read whom they mean.
    Column("meant_by", _ID, nullable=False, default=""),
    # Empty where the person said it alone.
    Column("by", _ID, nullable=False),
    Column("day", _DAY, nullable=False),
    Column("read_day", _DAY, nullable=False, default=""),
    Column("lifted_day", _DAY, nullable=False, default=""),
)

best_interests = Table(
    "best_interests",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False, index=True),
    Column("purpose", String(16), nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("fields", Json, nullable=False),
    # Whether it stands in the place of the child's yes, or says that the child may say yes alone.
    Column("replaces_yes", Boolean, nullable=False),
    Column("proposed_by", _ID, nullable=False),
    Column("proposed_day", _DAY, nullable=False),
    Column("proposed_sealed", LargeBinary, nullable=False),
    Column("agreed_by", _ID, nullable=False, default=""),
    Column("agreed_day", _DAY, nullable=False, default=""),
    Column("agreed_sealed", LargeBinary, nullable=False, default=b""),
    # Who declined it, or ended what was decided, with the reasons; empty where the child or its time ended it.
    Column("ended_by", _ID, nullable=False, default=""),
    Column("ended_sealed", LargeBinary, nullable=False, default=b""),
    Column("ended_day", _DAY, nullable=False, default=""),
)

disclosures = Table(
    "disclosures",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False, index=True),
    # emergency, law
    Column("ground", String(10), nullable=False),
    # police, ambulance, fire, child_protection, other
    Column("to", String(16), nullable=False),
    Column("fields", Json, nullable=False),
    # To whom exactly, at which time, and what was said.
    Column("words_sealed", LargeBinary, nullable=False),
    Column("by", _ID, nullable=False),
    Column("day", _DAY, nullable=False),
    # Since when the person's own page shows it; empty while that is not safe.
    Column("shown_day", _DAY, nullable=False, default=""),
)
