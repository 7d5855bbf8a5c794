"""Create batches: needs shared out over the pool, their inputs and their pairs."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("month", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "computing",
                "draft",
                "reviewed",
                "published",
                "undone",
                "discarded",
                "cancelled",
                "failed",
                name="batch_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "objective",
            sa.Enum(
                "total",
                "worst_off",
                "even",
                name="objective",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fit", sa.Integer(), nullable=False),
        sa.Column("even", sa.Integer(), nullable=False),
        sa.Column("soon", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("fixed", JSONValue, nullable=False),
        sa.Column("forbidden", JSONValue, nullable=False),
        sa.Column("inputs_of_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("experts", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "compare",
                "share",
                "explain",
                name="batch_step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("step_at", UTCDateTime(), nullable=False),
        sa.Column("by_job", sa.Boolean(), nullable=False),
        sa.Column("matcher_version", sa.String(length=40), nullable=True),
        sa.Column("receipt", JSONValue, nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("computed_at", UTCDateTime(), nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", UTCDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "computed_at IS NOT NULL OR status IN ('computing', 'cancelled', 'failed')",
            name=op.f("ck_batches_computed"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["accounts.id"], name=op.f("fk_batches_ended_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["inputs_of_id"], ["batches.id"], name=op.f("fk_batches_inputs_of_id_batches")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_batches_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["accounts.id"], name=op.f("fk_batches_published_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["accounts.id"], name=op.f("fk_batches_reviewed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("month", "number", name=op.f("uq_batches_month_number")),
    )
    op.create_index(op.f("ix_batches_inputs_of_id"), "batches", ["inputs_of_id"], unique=False)
    op.create_table(
        "batch_experts",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("load", sa.Integer(), nullable=False),
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_experts_batch_id_batches")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_batch_experts_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_experts")),
        sa.UniqueConstraint(
            "batch_id", "expert_id", name=op.f("uq_batch_experts_batch_id_expert_id")
        ),
        sa.UniqueConstraint(
            "batch_id", "position", name=op.f("uq_batch_experts_batch_id_position")
        ),
    )
    op.create_index(
        op.f("ix_batch_experts_expert_id"), "batch_experts", ["expert_id"], unique=False
    )
    op.create_table(
        "batch_needs",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("scores", JSONValue, nullable=False),
        sa.Column("days", JSONValue, nullable=False),
        sa.Column("bars", JSONValue, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_needs_batch_id_batches")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_batch_needs_need_id_needs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_needs")),
        sa.UniqueConstraint("batch_id", "need_id", name=op.f("uq_batch_needs_batch_id_need_id")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_batch_needs_batch_id_position")),
    )
    op.create_index(op.f("ix_batch_needs_need_id"), "batch_needs", ["need_id"], unique=False)
    op.create_table(
        "batch_pairs",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=True),
        sa.Column("planned_expert_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "left",
                "planned",
                "published",
                "kept",
                "withdrawn",
                "lapsed",
                "dropped",
                name="pair_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("shortlist", JSONValue, nullable=False),
        sa.Column("matcher_version", sa.String(length=40), nullable=True),
        sa.Column("questions", JSONValue, nullable=False),
        sa.Column(
            "left_reason",
            sa.Enum(
                "no_fit",
                "barred",
                "no_time",
                "full",
                name="left_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("left_facts", JSONValue, nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column("swap_reason", sa.Text(), nullable=True),
        sa.Column("swapped_by_id", sa.Uuid(), nullable=True),
        sa.Column("swapped_at", UTCDateTime(), nullable=True),
        sa.Column("match_round_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('left', 'dropped') OR expert_id IS NOT NULL",
            name=op.f("ck_batch_pairs_with_expert"),
        ),
        sa.CheckConstraint(
            "(swapped_at IS NULL) = (swap_reason IS NULL)",
            name=op.f("ck_batch_pairs_swapped_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_pairs_batch_id_batches")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_batch_pairs_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["match_round_id"],
            ["match_rounds.id"],
            name=op.f("fk_batch_pairs_match_round_id_match_rounds"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_batch_pairs_need_id_needs")
        ),
        sa.ForeignKeyConstraint(
            ["planned_expert_id"],
            ["experts.id"],
            name=op.f("fk_batch_pairs_planned_expert_id_experts"),
        ),
        sa.ForeignKeyConstraint(
            ["swapped_by_id"], ["accounts.id"], name=op.f("fk_batch_pairs_swapped_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_pairs")),
        sa.UniqueConstraint("batch_id", "need_id", name=op.f("uq_batch_pairs_batch_id_need_id")),
    )
    op.create_index("ix_batch_pairs_expert_id", "batch_pairs", ["expert_id"], unique=False)
    op.create_index(op.f("ix_batch_pairs_need_id"), "batch_pairs", ["need_id"], unique=False)
    op.create_index(
        "uq_batch_pairs_told",
        "batch_pairs",
        ["need_id"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
        sqlite_where=sa.text("state = 'published'"),
    )


def downgrade() -> None:
    op.drop_table("batch_pairs")
    op.drop_table("batch_needs")
    op.drop_table("batch_experts")
    op.drop_table("batches")
