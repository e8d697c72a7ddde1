"""What is on its way to a reporter, and what the provider must still erase.

A send carries no number in the clear and no provider id; the provider's ids stand in a table of
their own that knows no report.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from hotline.store import Json, UtcTime, metadata

sends = Table(
    "sends",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    # The answer's place in its conversation; a knock has none.
    Column("seq", Integer, nullable=False),
    Column("channel", String(12), nullable=False),
    # content, or knock: the question whether now is a good time, which goes before it; or ask: that a question for
    # their yes or no waits for them to be there. Its words stand nowhere; what is sealed with it is how we knock.
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

# An answer that waits for something to happen elsewhere, such as that a provider says yes. It is ready to be sent and
# opened by nobody here; it goes only where nothing was added to the conversation meanwhile.
prepared_answers = Table(
    "prepared_answers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    # The place in the conversation that it is signed and sealed for.
    Column("seq", Integer, nullable=False),
    # The answer as it is sealed to the desk and to the return code.
    Column("envelopes", Json, nullable=False),
    # Number and text, sealed to the relay key, with the question that goes before; none where nothing is sent.
    Column("content", LargeBinary),
    # Who wrote it, by which channel it goes, what it costs, for which code, and a digest of how many messages there are.
    Column("facts", Json, nullable=False),
    # Until then number and text may wait.
    Column("expires_at", UtcTime, nullable=False, index=True),
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

recordings = Table(
    "recordings",
    metadata,
    Column("id", String(32), primary_key=True),
    # SHA-256 of the provider's id of it, so that it is asked for once and stays until it is fetched.
    Column("id_hash", LargeBinary(32), nullable=False, unique=True),
    # Which recording is to be fetched, and for which message: sealed to the relay key.
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

# Who takes calls until when: staff who said so themselves, and nobody else.
on_call = Table(
    "on_call",
    metadata,
    Column("staff_id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    # To the minute.
    Column("until", UtcTime, nullable=False),
    # Their own number and their languages, sealed to the relay key.
    Column("sealed", LargeBinary, nullable=False),
    # What is shown back of it, sealed to themselves.
    Column("own", LargeBinary, nullable=False),
    Index("on_call_of_desk", "desk", "until"),
)

# A caller who waits for a person. It knows no report and no number, and is gone within minutes.
rings = Table(
    "rings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("desk", String(40), nullable=False),
    # waiting, taken, over
    Column("state", String(8), nullable=False),
    # Whom to ring and what they are told, sealed to the relay key; emptied when somebody took it or nobody can.
    Column("sealed", LargeBinary),
    Column("expires_at", UtcTime, nullable=False),
)

# One call to somebody on call.
ring_calls = Table(
    "ring_calls",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ring_id", String(32), nullable=False),
    Column("staff_id", String(32), nullable=False),
    # How often they were called for this caller before.
    Column("turn", Integer, nullable=False),
    # asked, rings, heard, taken, declined, missed, over
    Column("state", String(8), nullable=False),
    Column("tried_at", UtcTime, nullable=False),
    # The provider's id of the call, sealed to the relay key.
    Column("receipt", LargeBinary),
    Index("ring_call_once", "ring_id", "staff_id", "turn", unique=True),
)

# How often phones of a desk rang in an hour for callers of whom nothing is proved.
ring_hours = Table(
    "ring_hours",
    metadata,
    Column("desk", String(40), primary_key=True),
    Column("hour", String(13), primary_key=True),
    Column("rings", Integer, nullable=False),
)

# A call that a caseworker asked for. What came of it stands here until it expires.
call_backs = Table(
    "call_backs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    # The same again while it is open, so that nobody is called for two at once.
    Column("open_for", String(32), unique=True),
    # The staff id of who asked for it, and will talk.
    Column("by", String(32), nullable=False),
    # Number, language, code word, hours: sealed to the relay key; emptied when it is over.
    Column("sealed", LargeBinary),
    Column("state", String(12), nullable=False),
    # How often it rang there.
    Column("rung", Integer, nullable=False, default=0),
    # To the minute: nothing rings before.
    Column("not_before", UtcTime),
    Column("expires_at", UtcTime, nullable=False),
    # Set in the transaction before the provider is called: afterwards the outcome may be unknown.
    Column("tried_at", UtcTime),
    # The provider's id of the call that rings now, sealed to the relay key.
    Column("receipt", LargeBinary),
    # The provider's error, digits only.
    Column("code", String(8), nullable=False, default=""),
)

calls = Table(
    "calls",
    metadata,
    # SHA-256 of the provider's id of the call.
    Column("id_hash", LargeBinary(32), primary_key=True),
    # Where the call stands, sealed under the provider's id of it.
    Column("sealed", LargeBinary, nullable=False),
    # How many steps it has taken: of two that answer the same step at once, one is late.
    Column("count", Integer, nullable=False),
    # The hour of the last step.
    Column("last_at", UtcTime, nullable=False),
)
