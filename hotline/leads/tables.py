"""What has left, to whom, and in the very text that is served.

Everything here but `lead_sources` was released, so it stands in the clear.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from hotline.store import Json, metadata

agencies = Table(
    "agencies",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    # SHA-256 of a random token of 256 bits: nothing can be guessed from it, and it is found by index.
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("countries", Json, nullable=False),
    # The one TAXII collection that it reads: a UUID, as the standard wants.
    Column("collection", String(36), nullable=False, unique=True),
    # The `added` of the newest thing in the collection. Whoever adds locks this row, so things become
    # visible in the order of their numbers and a reader who pages by them misses nothing.
    Column("last_added", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
)

leads = Table(
    "leads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("country", String(2), nullable=False),
    Column("day", String(10), nullable=False),
    # Empty while the lead stands.
    Column("recalled_day", String(10), nullable=False),
    # The staff id of who let it out.
    Column("by", String(32), nullable=False),
    # Whether every agency of the country may know it: only then a page shows it that no agency's token guards.
    Column("is_for_all", Boolean, nullable=False),
    # What left (`disclose.Disclosure`), and the item of the JSON feed; both are emptied on recall.
    Column("told", Json, nullable=False),
    Column("item", Text, nullable=False),
    Index("leads_by_day", "day", "id"),
)

lead_sources = Table(
    "lead_sources",
    metadata,
    Column("lead_id", String(32), primary_key=True),
    # Kept only so that a lead can be recalled when consent ends, also when no member of staff is signed in (the
    # person takes it back by code). Never read for any answer that leaves.
    Column("report_id", String(32), nullable=False, index=True),
    # A `consent.case.Ground`, and the grant where that was it.
    Column("ground", String(16), nullable=False),
    Column("grant_id", String(32), nullable=False),
    # The staff id of who confirmed that a bystander told it; empty elsewhere.
    Column("confirmed_by", String(32), nullable=False),
)

lead_releases = Table(
    "lead_releases",
    metadata,
    Column("agency_id", String(32), primary_key=True),
    # That of the lead's report object in the agency's collection.
    Column("added", BigInteger, primary_key=True, autoincrement=False),
    Column("lead_id", String(32), nullable=False, index=True),
    # Since when this agency may not know it any more, and what its feed shows instead; empty while it may.
    Column("recalled_day", String(10), nullable=False, default=""),
    Column("item", Text, nullable=False, default=""),
)

stix_objects = Table(
    "stix_objects",
    metadata,
    Column("collection", String(36), primary_key=True),
    # Milliseconds since 1970, distinct and rising in a collection: `date_added`, and the key of its pages.
    Column("added", BigInteger, primary_key=True, autoincrement=False),
    Column("stix_id", String(100), nullable=False),
    Column("version", String(24), nullable=False),
    Column("type", String(40), nullable=False),
    # Country and lead of what belongs to one lead; empty for what all leads share.
    Column("country", String(2), nullable=False),
    Column("lead_id", String(32), nullable=False),
    # The object as JSON text, which goes into pages unread.
    Column("body", Text, nullable=False),
    # One for each filter that a client may page by, so that none reads more than its page.
    Index("stix_objects_by_type", "collection", "type", "added"),
    Index("stix_objects_by_version", "collection", "version", "added"),
    Index("stix_objects_by_both", "collection", "type", "version", "added"),
    # One version of each: what was recalled must not be readable any more, by no filter.
    Index("stix_objects_by_id", "collection", "stix_id", unique=True),
    Index("stix_objects_of_lead", "lead_id"),
)

lead_senders = Table(
    "lead_senders",
    metadata,
    # The one row: under which identity this hotline sends. The id is random, so that two hotlines that feed
    # one agency stay apart.
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("id", String(36), nullable=False),
    Column("name", String(200), nullable=False),
    # `created` and `modified` of the identity, as STIX writes them.
    Column("created", String(24), nullable=False),
    Column("modified", String(24), nullable=False),
)
