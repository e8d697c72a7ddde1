"""What the vault keeps. Nothing here opens without a key that the database does not hold."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

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
    Column("lanes", Integer, nullable=False),
    Column("verifier", LargeBinary, nullable=False),
    Column("keys_sealed", LargeBinary, nullable=False),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("last_totp_step", Integer, nullable=False),
    # Neither signs in nor stays signed in.
    Column("blocked", Boolean, nullable=False),
)

# For who lost their authenticator. Each is an HMAC under a key that follows from the passphrase; it goes when used.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("member_id", _ID, primary_key=True),
    Column("checked", LargeBinary(32), primary_key=True),
)

# One row per name or browser that was tried in vain, known or not; what was tried is hashed.
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
    Column("device_id", _ID, nullable=False),
    Column("keys_sealed", LargeBinary, nullable=False),
    Column("begun_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index("sessions_by_seen", "seen_at"),
    Index("sessions_of_member", "member_id", "begun_at"),
)

# Browsers from which a member signed in: the digest of a random cookie, and a label of a short list.
devices = Table(
    "devices",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("member_id", _ID, nullable=False),
    Column("label", String(16), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("seen_day", String(10), nullable=False),
    Index("devices_by_digest", "digest", "member_id", unique=True),
    Index("devices_of_member", "member_id", "seen_day"),
)

# What a member should hear and has not yet said to have heard.
notices = Table(
    "member_notices",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("member_id", _ID, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("device_id", _ID, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("member_notices_of", "member_id", "at"),
)

# Who is invited, and how far they are: "invited", "begun" (a passphrase is chosen), "waiting" (to be admitted). What
# the public halves and the sealed keys become is a row of `members` under the same id. `lookup` follows from the
# invitation's code, `joining` from the cookie of whoever typed it; `half_made` opens with that cookie alone.
candidates = Table(
    "candidates",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("lookup", LargeBinary(32), nullable=False, unique=True),
    Column("state", String(8), nullable=False),
    Column("username", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("pseudonym", String(80), nullable=False),
    Column("desk", String(40), nullable=False),
    Column("role", String(16), nullable=False),
    Column("half", String(1), nullable=False),
    # The member whom they come back as; empty for a newcomer.
    Column("replaces", _ID, nullable=False),
    Column("invited_by", _ID, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("joining", LargeBinary(32), unique=True),
    Column("half_made", LargeBinary),
    Column("public", LargeBinary),
    Column("verify_key", LargeBinary),
    Column("salt", LargeBinary),
    Column("memory", Integer),
    Column("passes", Integer),
    Column("lanes", Integer),
    Column("verifier", LargeBinary),
    Column("keys_sealed", LargeBinary),
    Column("totp_sealed", LargeBinary),
    # The checks of their recovery codes, one after the other.
    Column("recovery", LargeBinary),
    Index("candidates_of_desk", "desk", "id"),
)

# desk is the one the report was born at, for life; epoch_id says which key opens the wrap today. Where wrap2 is
# set, each wrap holds one half of the secret, and epoch2_id says which key opens the other one.
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
    Column("epoch2_id", _ID),
    Column("wrap2", LargeBinary),
    Index("envelopes_by_epoch", "epoch_id", "report_id", "seq"),
)
# Only desks with four eyes have rows in it, so that the others pay nothing for it.
Index(
    "envelopes_by_epoch2",
    envelopes.c.epoch2_id,
    envelopes.c.report_id,
    envelopes.c.seq,
    sqlite_where=envelopes.c.epoch2_id.is_not(None),
    postgresql_where=envelopes.c.epoch2_id.is_not(None),
)

# A file: its key, sealed as that of an identity is, and what it is called. *chunks* and *digest* (SHA-256 of the
# sealed chunks, which re-sealing never changes) stand in the clear.
attachments = Table(
    "attachments",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("report_id", _ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("desk", String(40), nullable=False),
    Column("epoch_id", _ID, nullable=False),
    Column("wrap", LargeBinary, nullable=False),
    Column("epoch2_id", _ID),
    Column("wrap2", LargeBinary),
    Column("chunks", Integer, nullable=False),
    # Of a call: it may be larger than what is sent.
    Column("is_recording", Boolean, nullable=False, default=False),
    # Of which file of the same message it is a clean copy; 0 where somebody sent it.
    Column("copy_of", Integer, nullable=False, default=0),
    Column("digest", LargeBinary(32), nullable=False),
    Column("head", LargeBinary, nullable=False),
    # What was found out when somebody first looked at it, sealed like the head.
    Column("found", LargeBinary),
    Index("attachments_of_report", "report_id", "seq", "number", unique=True),
    Index("attachments_by_epoch", "epoch_id", "id"),
)
Index(
    "attachments_by_epoch2",
    attachments.c.epoch2_id,
    attachments.c.id,
    sqlite_where=attachments.c.epoch2_id.is_not(None),
    postgresql_where=attachments.c.epoch2_id.is_not(None),
)

attachment_chunks = Table(
    "attachment_chunks",
    metadata,
    Column("attachment_id", _ID, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)

# Files of which chunks are kept and which are not whole: whoever took them in may have died. Nobody can open them.
# *since* is when the last of their chunks came.
unfinished_files = Table(
    "unfinished_files",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("since", UtcTime, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("is_recording", Boolean, nullable=False),
)

# How many chunks came in on a day, so that nobody fills the disk: today's row is the only one that matters.
attachment_days = Table(
    "attachment_days",
    metadata,
    Column("day", String(10), primary_key=True),
    # Recordings of calls have a budget of their own.
    Column("is_recording", Boolean, primary_key=True, default=False),
    Column("chunks", Integer, nullable=False),
    # Of them: those of large files, and those of reports in quarantine.
    Column("large", Integer, nullable=False, default=0),
    Column("aside", Integer, nullable=False, default=0),
)

# Who asks at a desk with four eyes to see what, and what came of it: "asked", "granted", "refused". The words of either
# side are sealed to the desk. half_sealed is the half that the requester lacks, sealed to them alone.
reveal_requests = Table(
    "reveal_requests",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("report_id", _ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("field", String(24), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("requester", _ID, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("state", String(8), nullable=False),
    Column("approver", _ID, nullable=False),
    Column("half_sealed", LargeBinary),
    Column("answer_sealed", LargeBinary),
    # When this ends by itself: a question that nobody answers, a grant, an answer that was read.
    Column("ends_at", UtcTime, nullable=False),
    Index("reveal_requests_open", "desk", "state", "asked_at", "id"),
    Index("reveal_requests_mine", "report_id", "requester"),
    Index("reveal_requests_ending", "ends_at"),
)

# Words that caseworkers take for ordinary although they were masked: each may be a name in truth, so it lies sealed to
# who reads the desk's log until a supervisor has decided. Who gives the same twice leaves one row.
given_words = Table(
    "given_words",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("report_id", _ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("placeholder", String(24), nullable=False),
    Column("language", String(16), nullable=False),
    Column("by", _ID, nullable=False),
    Column("day", String(10), nullable=False),
    Column("epoch_id", _ID, nullable=False),
    Column("wrap", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("given_words_once", "report_id", "seq", "placeholder", "by", unique=True),
    Index("given_words_of_desk", "desk", "day", "id"),
    Index("given_words_by_epoch", "epoch_id", "id"),
    Index("given_words_by_day", "day"),
)

# What staff write about a report for their desk beside the conversation: a task, a note on closing, why a reason is
# wrong. What it belongs to stands in the table of whoever keeps it, under the same id.
desk_words = Table(
    "desk_words",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("desk", String(40), nullable=False),
    Column("report_id", _ID, nullable=False),
    Column("epoch_id", _ID, nullable=False),
    Column("wrap", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("desk_words_of_report", "report_id"),
    Index("desk_words_by_epoch", "epoch_id", "id"),
)

# What a caseworker handed to one interpreter, and what that interpreter made of it: to their own key alone.
handed_texts = Table(
    "handed_texts",
    metadata,
    Column("work_id", _ID, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("report_id", _ID, nullable=False),
    Column("desk", String(40), nullable=False),
    Column("member_id", _ID, nullable=False),
    # Under the lock of which key period it lies.
    Column("epoch_id", _ID, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("handed_texts_of_report", "report_id"),
    Index("handed_texts_of_member", "member_id"),
)

drafts = Table(
    "drafts",
    metadata,
    # By what a return code is found: the same as in `return_codes` once it is sent.
    Column("lookup", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    # Whether the code alone does not open it.
    Column("asks_word", Boolean, nullable=False),
    Column("day", String(10), nullable=False, index=True),
)

return_codes = Table(
    "return_codes",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    Column("report_id", _ID, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("word_check", LargeBinary, nullable=False),
    # The signature of the house over report and public key: an answer is sealed to no other.
    Column("attested", LargeBinary, nullable=False),
)
