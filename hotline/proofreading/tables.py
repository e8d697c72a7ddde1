"""What native speakers have signed, and what they have marked as wrong."""

from sqlalchemy import Column, Date, Index, String, Table

from hotline.store import metadata

# One signature of each member for a locale, with the version of its sentences that they have read.
sign_offs = Table(
    "sign_offs",
    metadata,
    Column("locale", String(16), primary_key=True),
    Column("staff_id", String(32), primary_key=True),
    Column("version", String(32), nullable=False),
    Column("day", Date, nullable=False),
)

# Sentences that somebody marked as wrong, as they stood then; what they should say lies sealed under the same id in
# `desk_words`. The mark ends with the sentence, or when it is taken back.
wrong_sentences = Table(
    "wrong_sentences",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("locale", String(16), nullable=False),
    # `Sentence.id`.
    Column("sentence", String(32), nullable=False),
    Column("staff_id", String(32), nullable=False),
    Column("day", Date, nullable=False),
    Index("wrong_sentences_once", "locale", "sentence", "staff_id", unique=True),
)
