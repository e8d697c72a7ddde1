"""The table of an operator's own recordings: one that waits and one that is heard, for each prompt and language."""

from sqlalchemy import Column, Date, Float, LargeBinary, String, Table

from hotline.store import metadata

prompt_sounds = Table(
    "prompt_sounds",
    metadata,
    Column("locale", String(16), primary_key=True),
    Column("prompt", String(40), primary_key=True),
    # uploaded: someone else is to listen; approved: callers hear it.
    Column("state", String(8), primary_key=True),
    # SHA-256 of the words it speaks; once the sentence changes, the recording counts no more.
    Column("words", String(64), nullable=False),
    # SHA-256 of the content, by which it is fetched.
    Column("digest", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("uploaded_by", String(32), nullable=False),
    Column("approved_by", String(32), nullable=False, default=""),
    Column("day", Date, nullable=False),
    # A voice that every caller may hear; it is no secret and is not sealed.
    Column("content", LargeBinary, nullable=False),
)
