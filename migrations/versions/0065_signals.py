"""Create signals, their thresholds, what officers said of them, and when was looked."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

KINDS = (
    "overlap",
    "long_day",
    "same_pair",
    "late_record",
    "same_text",
    "certified_share",
    "shared_device",
)
STATES = ("open", "explained", "gone")
REFUSED = (
    "CREATE TRIGGER tr_signals_delete BEFORE DELETE ON signals",
    "CREATE TRIGGER tr_signal_policies_update BEFORE UPDATE ON signal_policies",
    "CREATE TRIGGER tr_signal_policies_delete BEFORE DELETE ON signal_policies",
    "CREATE TRIGGER tr_signal_notes_update BEFORE UPDATE ON signal_notes",
    "CREATE TRIGGER tr_signal_notes_delete BEFORE DELETE ON signal_notes",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "signal_policies",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rules", JSONValue, nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_policies")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_signal_policies_valid_from")),
    )
    op.create_table(
        "signal_looks",
        sa.Column("looked_at", UTCDateTime(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("policy_from", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_looks")),
    )
    op.create_index(op.f("ix_signal_looks_looked_at"), "signal_looks", ["looked_at"], unique=False)
    _create_signals()
    for trigger in REFUSED:
        op.execute(trigger + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    for table in ("signal_notes", "signals", "signal_looks", "signal_policies"):
        op.drop_table(table)


def _create_signals() -> None:
    op.create_table(
        "signals",
        sa.Column("kind", _enum("kind", KINDS), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("month", sa.String(40), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=True),
        sa.Column("session_ids", JSONValue, nullable=False),
        sa.Column("facts", JSONValue, nullable=False),
        sa.Column("policy_from", sa.Date(), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("state", _enum("signal_state", STATES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_signals_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_signals_kind_subject")),
    )
    op.create_index("ix_signals_state_month", "signals", ["state", "month"], unique=False)
    op.create_table(
        "signal_notes",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("session_ids", JSONValue, nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signals.id"], name=op.f("fk_signal_notes_signal_id_signals")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["accounts.id"], name=op.f("fk_signal_notes_said_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_notes")),
    )
    op.create_index(op.f("ix_signal_notes_signal_id"), "signal_notes", ["signal_id"], unique=False)


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
