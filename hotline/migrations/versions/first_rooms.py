"""The first shape of every room's tables."""

import sqlalchemy as sa
from alembic import op

from hotline.store import Json, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accepted_roles",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("placeholder", sa.String(length=24), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "seq", "placeholder"),
    )
    op.create_table(
        "agencies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("countries", Json(), nullable=False),
        sa.Column("themes", Json(), nullable=False),
        sa.Column("tlp", sa.String(length=12), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=36), nullable=False),
        sa.Column("last_added", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("collection"),
    )
    op.create_table(
        "agency_members",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_index(
        op.f("ix_agency_members_agency_id"), "agency_members", ["agency_id"], unique=False
    )
    op.create_table(
        "agency_tokens",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("ends_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index(
        op.f("ix_agency_tokens_agency_id"), "agency_tokens", ["agency_id"], unique=False
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("once", sa.String(length=80), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("settled_by", sa.String(length=32), nullable=False),
        sa.Column("settled_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("alerts_by_report", "alerts", ["report_id"], unique=False)
    op.create_index("alerts_once", "alerts", ["desk", "kind", "once"], unique=True)
    op.create_index("alerts_open", "alerts", ["desk", "settled_day", "at", "id"], unique=False)
    op.create_table(
        "asks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("until_day", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_asks_report_id"), "asks", ["report_id"], unique=False)
    op.create_table(
        "attachment_chunks",
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", "number"),
    )
    op.create_table(
        "attachment_days",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("is_recording", sa.Boolean(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("large", sa.Integer(), nullable=False),
        sa.Column("aside", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "is_recording"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.Column("epoch2_id", sa.String(length=32), nullable=True),
        sa.Column("wrap2", sa.LargeBinary(), nullable=True),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("is_recording", sa.Boolean(), nullable=False),
        sa.Column("copy_of", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("attachments_by_epoch", "attachments", ["epoch_id", "id"], unique=False)
    op.create_index(
        "attachments_by_epoch2",
        "attachments",
        ["epoch2_id", "id"],
        unique=False,
        sqlite_where=sa.text("epoch2_id IS NOT NULL"),
        postgresql_where=sa.text("epoch2_id IS NOT NULL"),
    )
    op.create_index(
        "attachments_of_report", "attachments", ["report_id", "seq", "number"], unique=True
    )
    op.create_table(
        "audit",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("did", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.String(length=128), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("audit_by_desk", "audit", ["desk", "n"], unique=False)
    op.create_index("audit_by_desk_and_kind", "audit", ["desk", "did", "n"], unique=False)
    op.create_index("audit_by_epoch", "audit", ["epoch_id"], unique=False)
    op.create_index("audit_by_kind", "audit", ["did", "n"], unique=False)
    op.create_index("audit_by_report", "audit", ["report_id", "n"], unique=False)
    op.create_index("audit_by_time", "audit", ["at"], unique=False)
    op.create_index("audit_by_who", "audit", ["who", "did", "at"], unique=False)
    op.create_table(
        "audit_checkpoints",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "audit_tiles",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number"),
    )
    op.create_table(
        "audit_waiting",
        sa.Column(
            "arrival",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("did", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.String(length=128), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("arrival"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("audit_waiting_by_report", "audit_waiting", ["report_id"], unique=False)
    op.create_index("audit_waiting_in_order", "audit_waiting", ["at", "id"], unique=False)
    op.create_table(
        "best_interests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("replaces_yes", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("proposed_day", sa.String(length=10), nullable=False),
        sa.Column("proposed_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("agreed_by", sa.String(length=32), nullable=False),
        sa.Column("agreed_day", sa.String(length=10), nullable=False),
        sa.Column("agreed_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ended_by", sa.String(length=32), nullable=False),
        sa.Column("ended_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ended_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_best_interests_report_id"), "best_interests", ["report_id"], unique=False
    )
    op.create_table(
        "call_backs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("open_for", sa.String(length=32), nullable=True),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcTime(), nullable=True),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("tried_at", UtcTime(), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("open_for"),
    )
    op.create_index(op.f("ix_call_backs_report_id"), "call_backs", ["report_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id_hash"),
    )
    op.create_table(
        "candidates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("pseudonym", sa.String(length=80), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("half", sa.String(length=1), nullable=False),
        sa.Column("replaces", sa.String(length=32), nullable=False),
        sa.Column("invited_by", sa.String(length=32), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("joining", sa.LargeBinary(length=32), nullable=True),
        sa.Column("half_made", sa.LargeBinary(), nullable=True),
        sa.Column("public", sa.LargeBinary(), nullable=True),
        sa.Column("verify_key", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("memory", sa.Integer(), nullable=True),
        sa.Column("passes", sa.Integer(), nullable=True),
        sa.Column("lanes", sa.Integer(), nullable=True),
        sa.Column("verifier", sa.LargeBinary(), nullable=True),
        sa.Column("keys_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recovery", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("joining"),
        sa.UniqueConstraint("lookup"),
    )
    op.create_index("candidates_of_desk", "candidates", ["desk", "id"], unique=False)
    op.create_table(
        "closings",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "month", "outcome"),
    )
    op.create_table(
        "conversations",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("open_until", UtcTime(), nullable=True),
        sa.Column("quiet_until", UtcTime(), nullable=True),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_table(
        "counters",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("urgency", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("alike", sa.Integer(), nullable=False),
        sa.Column("unlike", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "urgency"),
    )
    op.create_table(
        "delegations",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "desk_tags",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.String(length=40), nullable=False),
        sa.Column("retired_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("desk_tags_once", "desk_tags", ["desk", "folded"], unique=True)
    op.create_table(
        "desk_words",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("desk_words_by_epoch", "desk_words", ["epoch_id", "id"], unique=False)
    op.create_index("desk_words_of_report", "desk_words", ["report_id"], unique=False)
    op.create_table(
        "devices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("seen_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("devices_by_digest", "devices", ["digest", "member_id"], unique=True)
    op.create_index("devices_of_member", "devices", ["member_id", "seen_day"], unique=False)
    op.create_table(
        "disagreements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("disagreements_once", "disagreements", ["report_id", "rule", "by"], unique=True)
    op.create_table(
        "disclosures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("to", sa.String(length=16), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("shown_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_disclosures_report_id"), "disclosures", ["report_id"], unique=False)
    op.create_table(
        "disputed_rules",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "rule", "language", "choice"),
    )
    op.create_table(
        "drafts",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asks_word", sa.Boolean(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("lookup"),
    )
    op.create_index(op.f("ix_drafts_day"), "drafts", ["day"], unique=False)
    op.create_table(
        "duties",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("half_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("disclosure_id", sa.String(length=32), nullable=False),
        sa.Column("told_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("duties_of_desk", "duties", ["desk", "state", "due_at", "id"], unique=False)
    op.create_index("duties_once", "duties", ["report_id", "jurisdiction", "rule"], unique=True)
    op.create_index("duties_open", "duties", ["state", "calls", "half_at"], unique=False)
    op.create_table(
        "endings",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "kind"),
    )
    op.create_index("endings_by_day", "endings", ["day", "report_id"], unique=False)
    op.create_index("endings_of_desk", "endings", ["desk", "day", "report_id"], unique=False)
    op.create_table(
        "entity_leads",
        sa.Column("entity_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "lead_id"),
    )
    op.create_index(op.f("ix_entity_leads_lead_id"), "entity_leads", ["lead_id"], unique=False)
    op.create_table(
        "envelopes",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.Column("epoch2_id", sa.String(length=32), nullable=True),
        sa.Column("wrap2", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("report_id", "seq", "audience"),
    )
    op.create_index(
        "envelopes_by_epoch", "envelopes", ["epoch_id", "report_id", "seq"], unique=False
    )
    op.create_index(
        "envelopes_by_epoch2",
        "envelopes",
        ["epoch2_id", "report_id", "seq"],
        unique=False,
        sqlite_where=sa.text("epoch2_id IS NOT NULL"),
        postgresql_where=sa.text("epoch2_id IS NOT NULL"),
    )
    op.create_table(
        "epoch_wraps",
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("epoch_id", "member_id"),
    )
    op.create_table(
        "erase_at_provider",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("is_stuck", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("erase_once", "erase_at_provider", ["provider_id", "kind"], unique=True)
    op.create_table(
        "erasures",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("erasures_by_due", "erasures", ["state", "due_at", "report_id"], unique=False)
    op.create_index("erasures_of_desk", "erasures", ["desk", "report_id"], unique=False)
    op.create_table(
        "exclusions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=8), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("meant_by", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("read_day", sa.String(length=10), nullable=False),
        sa.Column("lifted_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_exclusions_report_id"), "exclusions", ["report_id"], unique=False)
    op.create_table(
        "fetches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("fetches_by_time", "fetches", ["at"], unique=False)
    op.create_index("fetches_of_agency", "fetches", ["agency_id", "at", "id"], unique=False)
    op.create_index(
        "fetches_of_way", "fetches", ["agency_id", "way", "at", "first", "last"], unique=False
    )
    op.create_table(
        "first_answers",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("urgency", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "month", "urgency"),
    )
    op.create_table(
        "given_words",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("placeholder", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("given_words_by_day", "given_words", ["day"], unique=False)
    op.create_index("given_words_by_epoch", "given_words", ["epoch_id", "id"], unique=False)
    op.create_index("given_words_of_desk", "given_words", ["desk", "day", "id"], unique=False)
    op.create_index(
        "given_words_once", "given_words", ["report_id", "seq", "placeholder", "by"], unique=True
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("given_how", sa.String(length=8), nullable=False),
        sa.Column("words_name", sa.String(length=32), nullable=False),
        sa.Column("words_locale", sa.String(length=16), nullable=False),
        sa.Column("words_version", sa.String(length=16), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("witness", sa.String(length=32), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("expires_day", sa.String(length=10), nullable=False),
        sa.Column("ended_day", sa.String(length=10), nullable=False),
        sa.Column("back_asked_day", sa.String(length=10), nullable=False),
        sa.Column("revoked_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("grants_by_end", "grants", ["ended_day", "expires_day", "id"], unique=False)
    op.create_index("grants_of_report", "grants", ["report_id", "purpose"], unique=False)
    op.create_table(
        "handed_texts",
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("work_id", "kind", "seq"),
    )
    op.create_index("handed_texts_of_member", "handed_texts", ["member_id"], unique=False)
    op.create_index("handed_texts_of_report", "handed_texts", ["report_id"], unique=False)
    op.create_table(
        "handoff_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "handoff_answers_by_month", "handoff_answers", ["month", "service_id"], unique=False
    )
    op.create_table(
        "handoff_links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("handoff_id", sa.String(length=32), nullable=True),
        sa.Column("report_id", sa.String(length=32), nullable=True),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("seat", sa.LargeBinary(length=32), nullable=True),
        sa.Column("visitor", sa.LargeBinary(length=32), nullable=True),
        sa.Column("visit_until", UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", UtcTime(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("opened_day", sa.String(length=10), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("lookup"),
    )
    op.create_index(
        op.f("ix_handoff_links_expires_at"), "handoff_links", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_handoff_links_handoff_id"), "handoff_links", ["handoff_id"], unique=False
    )
    op.create_index(
        op.f("ix_handoff_links_report_id"), "handoff_links", ["report_id"], unique=False
    )
    op.create_index(
        op.f("ix_handoff_links_service_id"), "handoff_links", ["service_id"], unique=False
    )
    op.create_table(
        "handoff_mails",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_handoff_mails_expires_at"), "handoff_mails", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_handoff_mails_link_id"), "handoff_mails", ["link_id"], unique=False)
    op.create_index(
        op.f("ix_handoff_mails_report_id"), "handoff_mails", ["report_id"], unique=False
    )
    op.create_table(
        "handoff_noes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("said_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_handoff_noes_said_at"), "handoff_noes", ["said_at"], unique=False)
    op.create_table(
        "handoff_talk",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("handoff_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_provider", sa.Boolean(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handoff_id", "number"),
    )
    op.create_index(op.f("ix_handoff_talk_report_id"), "handoff_talk", ["report_id"], unique=False)
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("organization_id", sa.String(length=64), nullable=False),
        sa.Column("service_name", sa.String(length=255), nullable=False),
        sa.Column("need", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("handed_day", sa.String(length=10), nullable=False),
        sa.Column("offered_by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until_day", sa.String(length=10), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=True),
        sa.Column("answer_by", UtcTime(), nullable=True),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("answered_day", sa.String(length=10), nullable=False),
        sa.Column("declined_for", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("outcome_day", sa.String(length=10), nullable=False),
        sa.Column("ask_again_at", UtcTime(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("answer_seq", sa.Integer(), nullable=True),
        sa.Column("prepared_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("report_id", "service_id"),
    )
    op.create_index("handoffs_awaited", "handoffs", ["status", "answer_by"], unique=False)
    op.create_index(
        "handoffs_taken_in",
        "handoffs",
        ["report_id", "need"],
        unique=True,
        sqlite_where=sa.text("status = 'accepted' AND outcome NOT IN ('no_space', 'left')"),
        postgresql_where=sa.text("status = 'accepted' AND outcome NOT IN ('no_space', 'left')"),
    )
    op.create_index(op.f("ix_handoffs_answer_seq"), "handoffs", ["answer_seq"], unique=False)
    op.create_index(op.f("ix_handoffs_ask_again_at"), "handoffs", ["ask_again_at"], unique=False)
    op.create_index(op.f("ix_handoffs_report_id"), "handoffs", ["report_id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("placed_by", sa.String(length=32), nullable=False),
        sa.Column("placed_day", sa.String(length=10), nullable=False),
        sa.Column("until_day", sa.String(length=10), nullable=False),
        sa.Column("ended_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("holds_by_end", "holds", ["ended_day", "until_day"], unique=False)
    op.create_index(
        "holds_by_report", "holds", ["report_id", "ended_day", "until_day"], unique=False
    )
    op.create_table(
        "interpretings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("interpreter", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("interpretings_by_state", "interpretings", ["state", "until"], unique=False)
    op.create_index(
        "interpretings_of_report", "interpretings", ["report_id", "day", "id"], unique=False
    )
    op.create_index(
        "interpretings_one_interpreter",
        "interpretings",
        ["interpreter"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'declared')"),
        postgresql_where=sa.text("state IN ('asked', 'declared')"),
    )
    op.create_index(
        "interpretings_one_report_id",
        "interpretings",
        ["report_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'declared')"),
        postgresql_where=sa.text("state IN ('asked', 'declared')"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_until", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("jobs_due", "jobs", ["priority", "due_at", "id"], unique=False)
    op.create_table(
        "kept_words",
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("language", "word"),
    )
    op.create_table(
        "lead_entities",
        sa.Column("entity_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "agency_id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index(
        op.f("ix_lead_entities_agency_id"), "lead_entities", ["agency_id"], unique=False
    )
    op.create_table(
        "lead_outcomes",
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("may_tell", sa.Boolean(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "lead_id"),
    )
    op.create_table(
        "lead_questions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=24), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("answered_day", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_lead_questions_lead_id"), "lead_questions", ["lead_id"], unique=False)
    op.create_index(
        "lead_questions_of_agency", "lead_questions", ["agency_id", "day"], unique=False
    )
    op.create_table(
        "lead_releases",
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("added", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=16), nullable=False),
        sa.Column("recalled_day", sa.String(length=10), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("tlp", sa.String(length=12), nullable=False),
        sa.Column("slots", Json(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "added"),
    )
    op.create_index(
        "lead_releases_by_both",
        "lead_releases",
        ["agency_id", "country", "theme", "added"],
        unique=False,
    )
    op.create_index(
        "lead_releases_by_country", "lead_releases", ["agency_id", "country", "added"], unique=False
    )
    op.create_index(
        "lead_releases_by_theme", "lead_releases", ["agency_id", "theme", "added"], unique=False
    )
    op.create_index(
        "lead_releases_of_lead", "lead_releases", ["lead_id", "agency_id"], unique=False
    )
    op.create_index(
        "lead_releases_recalled",
        "lead_releases",
        ["agency_id", "recalled_day", "added"],
        unique=False,
    )
    op.create_index(
        "lead_releases_taken_back",
        "lead_releases",
        ["agency_id", "added"],
        unique=False,
        sqlite_where=sa.text("recalled_day <> ''"),
        postgresql_where=sa.text("recalled_day <> ''"),
    )
    op.create_table(
        "lead_senders",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created", sa.String(length=24), nullable=False),
        sa.Column("modified", sa.String(length=24), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_table(
        "lead_sources",
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=False),
        sa.Column("person", Json(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id"),
    )
    op.create_index(op.f("ix_lead_sources_report_id"), "lead_sources", ["report_id"], unique=False)
    op.create_table(
        "lead_unions",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("person", Json(), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_table(
        "lead_versions",
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "lead_id", "first"),
    )
    op.create_index("lead_versions_of_lead", "lead_versions", ["lead_id"], unique=False)
    op.create_table(
        "leads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("recalled_day", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("is_for_all", sa.Boolean(), nullable=False),
        sa.Column("theme", sa.String(length=16), nullable=False),
        sa.Column("tlp", sa.String(length=12), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("could_know", sa.String(length=8), nullable=False),
        sa.Column("warned", sa.Boolean(), nullable=False),
        sa.Column("told", Json(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("hashes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("leads_by_day", "leads", ["day", "id"], unique=False)
    op.create_index(
        "leads_of_people",
        "leads",
        ["country", "day", "id"],
        unique=False,
        sqlite_where=sa.text("k > 0"),
        postgresql_where=sa.text("k > 0"),
    )
    op.create_table(
        "legal_processes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("received_day", sa.String(length=10), nullable=False),
        sa.Column("deadline", sa.String(length=10), nullable=False),
        sa.Column("told_day", sa.String(length=10), nullable=False),
        sa.Column("ended_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_legal_processes_report_id"), "legal_processes", ["report_id"], unique=False
    )
    op.create_index(
        "legal_processes_open",
        "legal_processes",
        ["desk", "ended_day", "deadline", "id"],
        unique=False,
    )
    op.create_table(
        "lessons",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("lessons_once", "lessons", ["report_id", "by"], unique=True)
    op.create_table(
        "member_notices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("member_notices_of", "member_notices", ["member_id", "at"], unique=False)
    op.create_table(
        "members",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("memory", sa.Integer(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("lanes", sa.Integer(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("keys_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_totp_step", sa.Integer(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("username"),
    )
    op.create_table(
        "messages",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", UtcTime(), nullable=True),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "seq"),
    )
    op.create_table(
        "observables",
        sa.Column("collection", sa.String(length=36), nullable=False),
        sa.Column("stix_id", sa.String(length=100), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("collection", "stix_id", "lead_id"),
    )
    op.create_index("observables_of_lead", "observables", ["collection", "lead_id"], unique=False)
    op.create_table(
        "on_call",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("own", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_index("on_call_of_desk", "on_call", ["desk", "until"], unique=False)
    op.create_table(
        "paged",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("page_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("paged_of", "paged", ["staff_id", "at"], unique=False)
    op.create_index("paged_once", "paged", ["page_id", "staff_id", "round"], unique=True)
    op.create_table(
        "pagers",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=4), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("own", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_index(op.f("ix_pagers_desk"), "pagers", ["desk"], unique=False)
    op.create_table(
        "pages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("open_for", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("open_for"),
    )
    op.create_index(op.f("ix_pages_report_id"), "pages", ["report_id"], unique=False)
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id_hash"),
    )
    op.create_table(
        "prepared_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("envelopes", Json(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_prepared_answers_expires_at"), "prepared_answers", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_prepared_answers_report_id"), "prepared_answers", ["report_id"], unique=False
    )
    op.create_table(
        "prompt_sounds",
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("prompt", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=32), nullable=False),
        sa.Column("approved_by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("locale", "prompt", "state"),
    )
    op.create_index(op.f("ix_prompt_sounds_digest"), "prompt_sounds", ["digest"], unique=False)
    op.create_table(
        "quarantined",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("alike", sa.String(length=32), nullable=False),
        sa.Column("urgency", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "alike", "urgency", "language"),
    )
    op.create_index(
        "quarantined_in_order", "quarantined", ["desk", "urgency", "alike"], unique=False
    )
    op.create_table(
        "quarter_tallies",
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", "facet", "code"),
    )
    op.create_table(
        "quarters",
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("quarter", "facet", "code"),
    )
    op.create_table(
        "recall_notices",
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("acknowledged_day", sa.String(length=10), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "lead_id"),
    )
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id_hash"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("checked", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "checked"),
    )
    op.create_table(
        "report_codes",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("list", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "list", "code"),
    )
    op.create_table(
        "report_links",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "other_id"),
    )
    op.create_index("report_links_back", "report_links", ["other_id", "report_id"], unique=False)
    op.create_table(
        "report_tags",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "tag"),
    )
    op.create_index("report_tags_by_tag", "report_tags", ["tag", "report_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("locale_is_chosen", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("alike", sa.String(length=32), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("bystander", sa.Boolean(), nullable=False),
        sa.Column("needs", Json(), nullable=False),
        sa.Column("indicators", Json(), nullable=False),
        sa.Column("rules", Json(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claimed_until", UtcTime(), nullable=True),
        sa.Column("waiting_since", UtcTime(), nullable=True),
        sa.Column("duress", sa.Boolean(), nullable=False),
        sa.Column("is_opened", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("joined_to", sa.String(length=32), nullable=True),
        sa.Column("reference", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "reports_alike",
        "reports",
        ["alike", "id"],
        unique=False,
        sqlite_where=sa.text("alike IS NOT NULL"),
        postgresql_where=sa.text("alike IS NOT NULL"),
    )
    op.create_index("reports_by_day", "reports", ["desk", "day", "id"], unique=False)
    op.create_index("reports_by_reference", "reports", ["desk", "reference"], unique=False)
    op.create_index(
        "reports_claimed",
        "reports",
        ["claimed_by", "status", "urgency", "waiting_since", "id"],
        unique=False,
    )
    op.create_index("reports_crowd", "reports", ["language", "country", "day"], unique=False)
    op.create_index(
        "reports_joined",
        "reports",
        ["joined_to"],
        unique=False,
        sqlite_where=sa.text("joined_to IS NOT NULL"),
        postgresql_where=sa.text("joined_to IS NOT NULL"),
    )
    op.create_index(
        "reports_of_children",
        "reports",
        ["country", "day", "id"],
        unique=False,
        sqlite_where=sa.text("minor = 1"),
        postgresql_where=sa.text("minor"),
    )
    op.create_index(
        "reports_quarantined",
        "reports",
        ["desk", "alike", "urgency", "waiting_since", "id"],
        unique=False,
        sqlite_where=sa.text("status || '' = 'quarantined'"),
        postgresql_where=sa.text("status || '' = 'quarantined'"),
    )
    op.create_index(
        "reports_queue",
        "reports",
        ["desk", "status", "urgency", "waiting_since", "id"],
        unique=False,
    )
    op.create_index(
        "reports_restricted",
        "reports",
        ["desk", "id"],
        unique=False,
        sqlite_where=sa.text("restricted = 1"),
        postgresql_where=sa.text("restricted"),
    )
    op.create_index(
        "reports_unanswered",
        "reports",
        ["desk", "status", "urgency", "waiting_since", "id"],
        unique=False,
        sqlite_where=sa.text("unanswered = 1"),
        postgresql_where=sa.text("unanswered"),
    )
    op.create_table(
        "restrictions",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "staff_id"),
    )
    op.create_table(
        "retention_rules",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "kind"),
    )
    op.create_table(
        "return_codes",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("word_check", sa.LargeBinary(), nullable=False),
        sa.Column("attested", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lookup"),
        sa.UniqueConstraint("report_id"),
    )
    op.create_table(
        "reveal_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("requester", sa.String(length=32), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("approver", sa.String(length=32), nullable=False),
        sa.Column("half_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("reveal_requests_ending", "reveal_requests", ["ends_at"], unique=False)
    op.create_index(
        "reveal_requests_mine", "reveal_requests", ["report_id", "requester"], unique=False
    )
    op.create_index(
        "reveal_requests_open", "reveal_requests", ["desk", "state", "asked_at", "id"], unique=False
    )
    op.create_table(
        "ring_calls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ring_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tried_at", UtcTime(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ring_call_once", "ring_calls", ["ring_id", "staff_id", "turn"], unique=True)
    op.create_table(
        "ring_hours",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("hour", sa.String(length=13), nullable=False),
        sa.Column("rings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "hour"),
    )
    op.create_table(
        "rings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "rosters",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.String(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "rota",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "weekday", "from_minute"),
    )
    op.create_index("rota_of_desk", "rota", ["desk", "weekday"], unique=False)
    op.create_table(
        "sample_seeds",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("desk", "month"),
    )
    op.create_table(
        "samples",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("answers", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("report_id"),
    )
    op.create_index("samples_about", "samples", ["who", "day", "id"], unique=False)
    op.create_index("samples_of_month", "samples", ["desk", "month", "place"], unique=True)
    op.create_table(
        "seen",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id_hash"),
    )
    op.create_index(op.f("ix_seen_day"), "seen", ["day"], unique=False)
    op.create_table(
        "selectors",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("token", sa.LargeBinary(length=32), nullable=False),
        sa.Column("epoch_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_selectors_report_id"), "selectors", ["report_id"], unique=False)
    op.create_index(op.f("ix_selectors_token"), "selectors", ["token"], unique=False)
    op.create_index("selectors_by_epoch", "selectors", ["desk", "epoch_id"], unique=False)
    op.create_table(
        "sends",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("put_off", sa.Boolean(), nullable=False),
        sa.Column("tried_at", UtcTime(), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("price", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_sends_report_id"), "sends", ["report_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.String(length=32), nullable=False),
        sa.Column("keys_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sessions_by_seen", "sessions", ["seen_at"], unique=False)
    op.create_index("sessions_of_member", "sessions", ["member_id", "begun_at"], unique=False)
    op.create_table(
        "sign_in_tries",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("lookup"),
    )
    op.create_table(
        "sign_offs",
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("locale", "staff_id"),
    )
    op.create_table(
        "skips",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "report_id"),
    )
    op.create_index("skips_of_report", "skips", ["report_id"], unique=False)
    op.create_table(
        "span_reviews",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "seq"),
    )
    op.create_table(
        "spending",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "country"),
    )
    op.create_table(
        "staff_languages",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "language"),
    )
    op.create_index(
        "staff_languages_of_desk", "staff_languages", ["desk", "language"], unique=False
    )
    op.create_table(
        "statistics",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "facet", "day", "code"),
    )
    op.create_table(
        "stix_objects",
        sa.Column("collection", sa.String(length=36), nullable=False),
        sa.Column("added", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stix_id", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=24), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=16), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("collection", "added"),
    )
    op.create_index(
        "stix_objects_by_both",
        "stix_objects",
        ["collection", "type", "version", "added"],
        unique=False,
    )
    op.create_index(
        "stix_objects_by_country", "stix_objects", ["collection", "country", "added"], unique=False
    )
    op.create_index(
        "stix_objects_by_country_and_type",
        "stix_objects",
        ["collection", "country", "type", "added"],
        unique=False,
    )
    op.create_index("stix_objects_by_id", "stix_objects", ["collection", "stix_id"], unique=True)
    op.create_index(
        "stix_objects_by_theme", "stix_objects", ["collection", "theme", "added"], unique=False
    )
    op.create_index(
        "stix_objects_by_theme_and_type",
        "stix_objects",
        ["collection", "theme", "type", "added"],
        unique=False,
    )
    op.create_index(
        "stix_objects_by_type", "stix_objects", ["collection", "type", "added"], unique=False
    )
    op.create_index(
        "stix_objects_by_version", "stix_objects", ["collection", "version", "added"], unique=False
    )
    op.create_index("stix_objects_of_lead", "stix_objects", ["lead_id", "collection"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("assigned_to", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("done_by", sa.String(length=32), nullable=False),
        sa.Column("done_day", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("tasks_due", "tasks", ["desk", "state", "due_at", "id"], unique=False)
    op.create_index("tasks_of_report", "tasks", ["report_id"], unique=False)
    op.create_table(
        "threads",
        sa.Column("token", sa.LargeBinary(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.Column("invited", sa.String(length=4), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index(op.f("ix_threads_last_at"), "threads", ["last_at"], unique=False)
    op.create_index(op.f("ix_threads_report_id"), "threads", ["report_id"], unique=False)
    op.create_table(
        "translations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "translations_once", "translations", ["report_id", "kind", "seq", "version"], unique=True
    )
    op.create_table(
        "unfinished_files",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("is_recording", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "waiting_leads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("is_newer", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=False),
        sa.Column("to", Json(), nullable=True),
        sa.Column("told", Json(), nullable=False),
        sa.Column("tlp", sa.String(length=12), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("could_know", sa.String(length=8), nullable=False),
        sa.Column("warned", sa.Boolean(), nullable=False),
        sa.Column("heard", Json(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("lead_id"),
    )
    op.create_index(
        op.f("ix_waiting_leads_report_id"), "waiting_leads", ["report_id"], unique=False
    )
    op.create_table(
        "webhook_receipts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("webhook_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "webhook_receipts_by_time", "webhook_receipts", ["webhook_id", "at", "id"], unique=False
    )
    op.create_index(
        "webhook_receipts_of_release", "webhook_receipts", ["webhook_id", "added"], unique=False
    )
    op.create_index("webhook_receipts_old", "webhook_receipts", ["at"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_webhooks_agency_id"), "webhooks", ["agency_id"], unique=False)
    op.create_table(
        "wrong_sentences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("sentence", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "wrong_sentences_once", "wrong_sentences", ["locale", "sentence", "staff_id"], unique=True
    )
    # ### end Alembic commands ###
