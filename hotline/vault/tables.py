"""What the vault keeps. Nothing here opens without a key that the database does not hold."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from hotline.store import UtcTime, metadata

_ID = String(32)

delegations = Table(
    "delegations",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

rosters = Table(
    "rosters",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("signer", String(32), nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# member_id is "recovery" for the offline key. The wrap lies inside a record under the epoch's lock.
epoch_wraps = Table(
    "epoch_wraps",
    metadata,
    Column("epoch_id", _ID, primary_key=True),
    Column("member_id", _ID, primary_key=True),
    Column("wrap", LargeBinary, nullable=False),
)

# Who they are and what they may do stands in the signed roster; here is only what a sign-in needs.
members = Table(
    "members",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("salt", LargeBinary, nullable=False),
    Column("memory", Integer, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("verifier", LargeBinary, nullable=False),
    Column("keys_sealed", LargeBinary, nullable=False),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("last_totp_step", Integer, nullable=False),
)

# One row per name that was tried in vain, known or not; the name itself is hashed.
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("member_id", _ID, nullable=False),
    Column("keys_sealed", LargeBinary, nullable=False),
    Column("begun_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index("sessions_by_seen", "seen_at"),
)

# desk is the one the report was born at, for life; epoch_id says which key opens the wrap today.
envelopes = Table(
    "envelopes",
    metadata,
    Column("report_id", _ID, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("audience", String(8), primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("epoch_id", _ID, nullable=False),
    Column("wrap", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("preview", LargeBinary),
    Index("envelopes_by_epoch", "epoch_id", "report_id", "seq"),
)

return_codes = Table(
    "return_codes",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    Column("report_id", _ID, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("word_check", LargeBinary, nullable=False),
)
