"""Which services were offered for which report, and the links by which providers answer.

Who the person is stands nowhere here but in what is sealed to a link.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from hotline.store import Json, UtcTime, metadata

_TAKEN_IN = text("status = 'accepted' AND outcome NOT IN ('no_space', 'left')")

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    # The place of the offer in the report, for keyset order without a clock.
    Column("number", Integer, nullable=False),
    Column("service_id", String(64), nullable=False),
    # Whom the person says yes or no to: one organization, whichever of its services.
    Column("organization_id", String(64), nullable=False),
    Column("service_name", String(255), nullable=False),
    Column("need", String(32), nullable=False),
    # `events.Status`
    Column("status", String(12), nullable=False),
    # What was handed over, or opened by a link, by name: never what it said.
    Column("fields", Json, nullable=False, default=list),
    # The last day on which any of it was handed over; empty while nothing was.
    Column("handed_day", String(10), nullable=False, default=""),
    Column("offered_by", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    # SHA-256 of the packet in hexadecimal, and its last day; empty where no packet went out.
    Column("digest", String(64), nullable=False, default=""),
    Column("until_day", String(10), nullable=False, default=""),
    # To the minute, and only while an answer is awaited.
    Column("asked_at", UtcTime),
    Column("answer_by", UtcTime),
    # The staff id of who asked the provider.
    Column("asked_by", String(32), nullable=False, default=""),
    Column("answered_day", String(10), nullable=False, default=""),
    # `events.Reason`
    Column("declined_for", String(16), nullable=False, default=""),
    # `events.Outcome`; empty while none was told.
    Column("outcome", String(12), nullable=False, default=""),
    Column("outcome_day", String(10), nullable=False, default=""),
    # When staff are to ask by telephone what came of it, and how often they were told to.
    Column("ask_again_at", UtcTime, index=True),
    Column("reminders", Integer, nullable=False, default=0),
    # The place in the conversation of the answer that tells the person, until it is known what came of it.
    Column("answer_seq", Integer, index=True),
    # The text for the person that goes out when it is accepted (`contact.preparing`); empty where there is none.
    Column("prepared_id", String(32), nullable=False, default=""),
    UniqueConstraint("report_id", "service_id"),
    # Of two who accept at once one takes the person in.
    Index(
        "handoffs_taken_in",
        "report_id",
        "need",
        unique=True,
        sqlite_where=_TAKEN_IN,
        postgresql_where=_TAKEN_IN,
    ),
    Index("handoffs_awaited", "status", "answer_by"),
)

handoff_links = Table(
    "handoff_links",
    metadata,
    Column("id", String(32), primary_key=True),
    # `links.Kind`: one packet, or the free places of one service.
    Column("kind", String(8), nullable=False),
    Column("handoff_id", String(32), index=True),
    Column("report_id", String(32), index=True),
    Column("service_id", String(64), nullable=False, index=True),
    # Follows from the token, which nobody here keeps.
    Column("lookup", LargeBinary(32), nullable=False, unique=True),
    # Only the right PIN gives this key again.
    Column("public_key", LargeBinary, nullable=False),
    # The packet, sealed under token and PIN, and what is in it by name; gone once the link is closed.
    Column("sealed", LargeBinary),
    Column("fields", Json, nullable=False, default=list),
    # Hash of the root in the browser that opened the packet.
    Column("seat", LargeBinary(32)),
    # Hash of the ticket of the last visit that sees no packet, and until when it lasts.
    Column("visitor", LargeBinary(32)),
    Column("visit_until", UtcTime),
    # PINs that were tried and may yet turn out wrong, and those that did; while some may, when the last one was tried.
    Column("tries", Integer, nullable=False, default=0),
    Column("tried_at", UtcTime),
    Column("wrong", Integer, nullable=False, default=0),
    Column("locale", String(16), nullable=False),
    Column("opened_day", String(10), nullable=False, default=""),
    Column("expires_at", UtcTime, nullable=False, index=True),
    # What a capacity link is called by the desk; empty elsewhere.
    Column("name", String(80), nullable=False, default=""),
)

handoff_talk = Table(
    "handoff_talk",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("handoff_id", String(32), nullable=False),
    Column("report_id", String(32), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("by_provider", Boolean, nullable=False),
    Column("day", String(10), nullable=False),
    # For the link; the desk's copy is among the words of the desk (`vault.desk_words`). Gone with the link.
    Column("sealed", LargeBinary),
    UniqueConstraint("handoff_id", "number"),
)

handoff_answers = Table(
    "handoff_answers",
    metadata,
    # How long a service took to answer; for whom stands nowhere.
    Column("id", String(32), primary_key=True),
    Column("service_id", String(64), nullable=False),
    Column("month", String(7), nullable=False),
    # One of `clocks.BUCKETS`.
    Column("minutes", Integer, nullable=False),
    Index("handoff_answers_by_month", "month", "service_id"),
)

handoff_noes = Table(
    "handoff_noes",
    metadata,
    # That a service has no room, as it said when it was asked; for whom stands nowhere. Kept for one night.
    Column("id", String(32), primary_key=True),
    Column("service_id", String(64), nullable=False),
    Column("said_at", UtcTime, nullable=False, index=True),
)

handoff_mails = Table(
    "handoff_mails",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("link_id", String(32), nullable=False, index=True),
    # Empty where the link is about nobody.
    Column("report_id", String(32), nullable=False, index=True),
    # Address and text, sealed to the relay key; emptied when it was sent or its link is closed.
    Column("sealed", LargeBinary),
    # `mailing.State`
    Column("state", String(8), nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)
