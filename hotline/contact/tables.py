"""What is on its way to a reporter, and what the provider must still erase.

A send carries no number in the clear and no provider id; the provider's ids stand in a table of
their own that knows no report.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from hotline.store import UtcTime, metadata

sends = Table(
    "sends",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    # The answer's place in its conversation; a knock has none.
    Column("seq", Integer, nullable=False),
    Column("channel", String(12), nullable=False),
    # content, or knock: the question whether now is a good time, which goes before it.
    Column("kind", String(8), nullable=False, default="content"),
    # Waits for the person to say that it is safe; no job stands for it.
    Column("held", Boolean, nullable=False, default=False),
    # Number and text, sealed to the relay key; emptied at the final status or at expiry.
    Column("sealed", LargeBinary),
    # Rank of the provider's status, which only rises.
    Column("rank", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    # They told other hours than are sealed with it: it goes by `quiet_until` and expires with those hours.
    Column("put_off", Boolean, nullable=False, default=False),
    # Set in the transaction before the provider is called: afterwards the outcome may be unknown.
    Column("tried_at", UtcTime),
    # What it costs: the parts of an SMS, and the price as the provider tells it, such as "-0.0079 USD".
    Column("parts", Integer, nullable=False, default=0),
    Column("price", String(24), nullable=False, default=""),
    # The provider's error, digits only.
    Column("code", String(8), nullable=False, default=""),
    # The provider's id of it, sealed to the relay key, until the price is known.
    Column("receipt", LargeBinary),
)

conversations = Table(
    "conversations",
    metadata,
    Column("report_id", String(32), primary_key=True),
    # Where the dialogue stands, under a secret that only the sender's next message opens.
    Column("sealed", LargeBinary),
    # To the minute. Until then the person is there, and has said that it is safe.
    Column("open_until", UtcTime),
    # To the minute. Until then nothing is sent: they asked for later, or told other hours.
    Column("quiet_until", UtcTime),
    # They asked that nobody write again: nothing is sent until they come back by themselves.
    Column("is_closed", Boolean, nullable=False, default=False),
    # The hour of their last message.
    Column("last_at", UtcTime),
)

spending = Table(
    "spending",
    metadata,
    Column("day", String(10), primary_key=True),
    # Where the phones are; empty where that is not known.
    Column("country", String(2), primary_key=True),
    Column("parts", Integer, nullable=False),
)

pictures = Table(
    "pictures",
    metadata,
    Column("id", String(32), primary_key=True),
    # SHA-256 of the provider's id, so that its pictures are asked for once and stay until they are fetched.
    Column("id_hash", LargeBinary(32), nullable=False, unique=True),
    # Which text's pictures are to be fetched, and for which message: sealed to the relay key.
    Column("sealed", LargeBinary, nullable=False),
    Column("since", UtcTime, nullable=False),
)

erase_at_provider = Table(
    "erase_at_provider",
    metadata,
    Column("id", String(32), primary_key=True),
    # text, message, media, recording, call
    Column("kind", String(12), nullable=False),
    # Of one of a message's media: the message's id, a slash, its own.
    Column("provider_id", String(80), nullable=False),
    Column("since", UtcTime, nullable=False),
    # How often the provider refused because it is not done with it, and whether it did so for too long.
    Column("tries", Integer, nullable=False, default=0),
    Column("is_stuck", Boolean, nullable=False, default=False),
    Index("erase_once", "provider_id", "kind", unique=True),
)
