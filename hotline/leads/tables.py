"""What has left, to whom, and in the very text that is served.

What is told here was released, or may be by a caseworker's word (`waiting_leads`), so it stands in the clear; from which
report it came does not leave (`lead_sources`).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from hotline.store import Json, metadata, new_id

agencies = Table(
    "agencies",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("countries", Json, nullable=False),
    # `leads.codes.Theme` values; an empty list is every theme.
    Column("themes", Json, nullable=False),
    # The strictest `leads.codes.Tlp` that it may be told.
    Column("tlp", String(12), nullable=False),
    # Requests a minute.
    Column("rate", Integer, nullable=False),
    # The one TAXII collection that it reads: a UUID, as the standard wants.
    Column("collection", String(36), nullable=False, unique=True),
    # The `added` of the newest thing in the collection. Whoever adds locks this row, so things become
    # visible in the order of their numbers and a reader who pages by them misses nothing.
    Column("last_added", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
)

agency_tokens = Table(
    "agency_tokens",
    metadata,
    # SHA-256 of a random token of 256 bits: nothing can be guessed from it, and it is found by index.
    Column("hash", LargeBinary(32), primary_key=True),
    Column("agency_id", String(32), nullable=False, index=True),
    # What its holders call it, such as the tool that uses it.
    Column("name", String(80), nullable=False),
    Column("day", String(10), nullable=False),
    # The last day on which it opens anything; empty while nobody gave it one.
    Column("ends_day", String(10), nullable=False),
)

agency_members = Table(
    "agency_members",
    metadata,
    # The investigators who sign in here; each belongs to one agency.
    Column("staff_id", String(32), primary_key=True),
    Column("agency_id", String(32), nullable=False, index=True),
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
    Column("theme", String(16), nullable=False),
    Column("tlp", String(12), nullable=False),
    # How many it could have come from by what it tells of a person, when it left; 0 where it tells nothing of one.
    Column("k", Integer, nullable=False),
    # `disclose.CouldKnow`, and whether the person was told "he may guess it was you" and still agreed. They never leave,
    # and are emptied with *k* when it is recalled or its report ends.
    Column("could_know", String(8), nullable=False),
    Column("warned", Boolean, nullable=False, default=False),
    # What left (`disclose.Disclosure`), and the item of the JSON feed; both are emptied on recall.
    Column("told", Json, nullable=False),
    Column("item", Text, nullable=False),
    # What the MISP feed says of it (`misp.kept`); emptied on recall.
    Column("entry", Text, nullable=False, default=""),
    Column("hashes", Text, nullable=False, default=""),
    Index("leads_by_day", "day", "id"),
    # What was told of people, which alone is counted where another is to hide among them.
    Index(
        "leads_of_people",
        "country",
        "day",
        "id",
        sqlite_where=text("k > 0"),
        postgresql_where=text("k > 0"),
    ),
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
    # What was told of a person, and where (`gating.Person`; towns and venues hashed, for they are only compared): kept
    # when the lead is recalled, because what was read stays known; it goes with the report.
    Column("person", Json, nullable=False),
)

lead_unions = Table(
    "lead_unions",
    metadata,
    # What was told of a person by answers to agencies, or by reports that are erased or were taken apart from this one. As
    # `lead_sources.person`; it goes with the report.
    Column("report_id", String(32), primary_key=True),
    Column("person", Json, nullable=False),
)

waiting_leads = Table(
    "waiting_leads",
    metadata,
    # What a caseworker let out and what leaves when its time has come, which nobody can foresee.
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    # What it will be, and whether it takes the place of what that lead tells now.
    Column("lead_id", String(32), nullable=False, unique=True),
    Column("is_newer", Boolean, nullable=False),
    Column("by", String(32), nullable=False),
    Column("confirmed_by", String(32), nullable=False),
    Column("to", Json, nullable=True),
    # The `disclose.Disclosure` that leaves, and its columns of `leads`.
    Column("told", Json, nullable=False),
    Column("tlp", String(12), nullable=False),
    Column("k", Integer, nullable=False),
    Column("could_know", String(8), nullable=False),
    Column("warned", Boolean, nullable=False, default=False),
    # The number of the last message from the reporter that was there when it was let out, by report: of its own, and
    # of those that are merged with it.
    Column("heard", Json, nullable=False, default=dict),
    # The day on which it was let out, and when it leaves, in milliseconds since 1970.
    Column("day", String(10), nullable=False),
    Column("due", BigInteger, nullable=False),
)

fetches = Table(
    "fetches",
    metadata,
    # Who read what when: the reader and the range of `added` that an answer held. The same again within an hour is the
    # same row, whose id follows from what it says.
    Column("id", String(32), primary_key=True),
    Column("agency_id", String(32), nullable=False),
    # Milliseconds since 1970.
    Column("at", BigInteger, nullable=False),
    # taxii, json, csv, misp, bundle, webhook, page.
    Column("way", String(8), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    # All that is asked for: who had read a lead first, and last, is found without a look at the rows.
    Index("fetches_of_way", "agency_id", "way", "at", "first", "last"),
    Index("fetches_of_agency", "agency_id", "at", "id"),
    Index("fetches_by_time", "at"),
)

lead_versions = Table(
    "lead_versions",
    metadata,
    # Where each version of a lead stands, or stood, in an agency's collection: the range of `added` of its objects.
    # Kept when a later version takes its place, or it is recalled: beside `fetches` it says who had read it.
    Column("agency_id", String(32), primary_key=True),
    Column("lead_id", String(32), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    # Until when it stood there, in milliseconds since 1970.
    Column("until", BigInteger, nullable=True),
    Index("lead_versions_of_lead", "lead_id"),
)

recall_notices = Table(
    "recall_notices",
    metadata,
    Column("agency_id", String(32), primary_key=True),
    Column("lead_id", String(32), primary_key=True),
    Column("day", String(10), nullable=False),
    # Since when the agency says that it has taken the lead out of its own systems; empty until then.
    Column("acknowledged_day", String(10), nullable=False),
    Column("acknowledged_by", String(32), nullable=False),
)

lead_questions = Table(
    "lead_questions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("agency_id", String(32), nullable=False),
    Column("lead_id", String(32), nullable=False, index=True),
    # A code of the fixed list in `leads.questions`.
    Column("question", String(24), nullable=False),
    Column("day", String(10), nullable=False),
    # What the agency may see, from the second day after it was given: empty for no answer, whatever the reason.
    Column("answer", String(16), nullable=False),
    Column("answered_day", String(10), nullable=False),
    # What only the desk sees: open, answered, refused.
    Column("state", String(8), nullable=False),
    Index("lead_questions_of_agency", "agency_id", "day"),
)

lead_outcomes = Table(
    "lead_outcomes",
    metadata,
    Column("agency_id", String(32), primary_key=True),
    Column("lead_id", String(32), primary_key=True),
    # looking, used, false, duplicate.
    Column("outcome", String(12), nullable=False),
    # Whether the agency allows that the person hears of it.
    Column("may_tell", Boolean, nullable=False),
    Column("day", String(10), nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("agency_id", String(32), nullable=False, index=True),
    # Who had it made: a staff id, or of a token the beginning of its hash. It is on no longer than they may read.
    Column("by", String(32), nullable=False),
    Column("url", String(500), nullable=False),
    # The secret that signs, sealed to the worker's key.
    Column("secret", LargeBinary, nullable=False),
    # `added` of the last thing that was delivered; deliveries go on after it.
    Column("cursor", BigInteger, nullable=False),
    # checking, on, off, failing; and what made it so (`subscribing.Why`), where it was not the agency.
    Column("state", String(8), nullable=False),
    Column("why", String(8), nullable=False),
    # How often the next delivery was tried in vain, and since when; 0 while there is no trouble.
    Column("failures", Integer, nullable=False),
    Column("failing_since", BigInteger, nullable=False),
    # Nothing is tried before; and until when a worker holds it, so that deliveries keep their order.
    Column("due", BigInteger, nullable=False),
    Column("held_until", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
)

webhook_receipts = Table(
    "webhook_receipts",
    metadata,
    # The `webhook-id` that was sent.
    Column("id", String(64), primary_key=True),
    Column("webhook_id", String(32), nullable=False),
    Column("lead_id", String(32), nullable=False),
    # That of the release that was told.
    Column("added", BigInteger, nullable=False),
    # When it was tried last, in milliseconds since 1970.
    Column("at", BigInteger, nullable=False),
    # The HTTP status of the answer; 0 where nobody answered.
    Column("status", Integer, nullable=False),
    Index("webhook_receipts_by_time", "webhook_id", "at", "id"),
    Index("webhook_receipts_of_release", "webhook_id", "added"),
    Index("webhook_receipts_old", "at"),
)

lead_releases = Table(
    "lead_releases",
    metadata,
    Column("agency_id", String(32), primary_key=True),
    # That of the lead's report object in the agency's collection.
    Column("added", BigInteger, primary_key=True, autoincrement=False),
    Column("lead_id", String(32), nullable=False),
    # Those of the lead, by which a feed is read.
    Column("country", String(2), nullable=False, default=""),
    Column("theme", String(16), nullable=False, default=""),
    # Since when this agency may not know it any more, and what its feed shows instead; empty while it may.
    Column("recalled_day", String(10), nullable=False, default=""),
    Column("item", Text, nullable=False, default=""),
    # How the version was marked that it knows, or knew last.
    Column("tlp", String(12), nullable=False, default=""),
    # What any version that it was told had in the MISP feed (`misp.slots_of`), because there only what is named is
    # deleted. Of versions that it was not told, nothing.
    Column("slots", Json, nullable=False, default=list),
    Index("lead_releases_of_lead", "lead_id", "agency_id"),
    # One for each filter of a feed, so that none reads more than its page.
    Index("lead_releases_by_country", "agency_id", "country", "added"),
    Index("lead_releases_by_theme", "agency_id", "theme", "added"),
    Index("lead_releases_by_both", "agency_id", "country", "theme", "added"),
    Index("lead_releases_recalled", "agency_id", "recalled_day", "added"),
    # What was recalled, for webhooks, which tell it before the rest.
    Index(
        "lead_releases_taken_back",
        "agency_id",
        "added",
        sqlite_where=text("recalled_day <> ''"),
        postgresql_where=text("recalled_day <> ''"),
    ),
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
    # Country, theme and lead of what belongs to one lead; empty for what all leads share.
    Column("country", String(2), nullable=False),
    Column("theme", String(16), nullable=False),
    Column("lead_id", String(32), nullable=False),
    # The object as JSON text, which goes into pages unread.
    Column("body", Text, nullable=False),
    # One for each filter that a client may page by, so that none reads more than its page.
    Index("stix_objects_by_country", "collection", "country", "added"),
    Index("stix_objects_by_theme", "collection", "theme", "added"),
    Index("stix_objects_by_country_and_type", "collection", "country", "type", "added"),
    Index("stix_objects_by_theme_and_type", "collection", "theme", "type", "added"),
    Index("stix_objects_by_type", "collection", "type", "added"),
    Index("stix_objects_by_version", "collection", "version", "added"),
    Index("stix_objects_by_both", "collection", "type", "version", "added"),
    # One version of each: what was recalled must not be readable any more, by no filter.
    Index("stix_objects_by_id", "collection", "stix_id", unique=True),
    Index("stix_objects_of_lead", "lead_id", "collection"),
)

observables = Table(
    "observables",
    metadata,
    # Which leads of a collection tell something observed, such as a link: it is one object however many tell it, and
    # goes with the last of them.
    Column("collection", String(36), primary_key=True),
    Column("stix_id", String(100), primary_key=True),
    Column("lead_id", String(32), primary_key=True),
    Index("observables_of_lead", "collection", "lead_id"),
)

entity_leads = Table(
    "entity_leads",
    metadata,
    # Leads that share something of the alleged. Both ids are random; this one never leaves.
    Column("entity_id", String(32), primary_key=True),
    Column("lead_id", String(32), primary_key=True, index=True),
)

lead_entities = Table(
    "lead_entities",
    metadata,
    # Under which UUID one agency knows that its leads share something: another for each agency.
    Column("entity_id", String(32), primary_key=True),
    Column("agency_id", String(32), primary_key=True, index=True),
    Column("name", String(36), nullable=False, unique=True),
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
    # With it towns and venues are hashed in `lead_sources.person`. It never leaves.
    Column("salt", String(32), nullable=False, default=new_id),
)
