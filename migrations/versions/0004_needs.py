"""Create needs and proposals."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "needs",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("source_ref", sa.String(length=40), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("venture_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("session_type", sa.String(length=40), nullable=False),
        sa.Column("industry", sa.String(length=40), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("street", sa.String(length=40), nullable=True),
        sa.Column("modes", JSONValue, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "booked",
                "served",
                "withdrawn",
                "closed",
                name="need_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "api",
                "street",
                "bureau",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.Column("bureau_asked_at", UTCDateTime(), nullable=True),
        sa.Column("bureau_due_at", UTCDateTime(), nullable=True),
        sa.Column("bureau_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'draft') = (submitted_at IS NULL)", name=op.f("ck_needs_submitted_once")
        ),
        sa.CheckConstraint(
            "(bureau_asked_at IS NULL) = (bureau_due_at IS NULL)",
            name=op.f("ck_needs_bureau_asked_until"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_needs_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["ventures.id"], name=op.f("fk_needs_venture_id_ventures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint("reference", name=op.f("uq_needs_reference")),
        sa.UniqueConstraint("source_ref", name=op.f("uq_needs_source_ref")),
    )
    op.create_index(op.f("ix_needs_person_id"), "needs", ["person_id"], unique=False)
    op.create_index(op.f("ix_needs_venture_id"), "needs", ["venture_id"], unique=False)
    op.create_table(
        "match_rounds",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("matcher_version", sa.String(length=40), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("excluded", JSONValue, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_match_rounds_need_id_needs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_rounds")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq_match_rounds_need_id_number")),
    )
    op.create_index(op.f("ix_match_rounds_need_id"), "match_rounds", ["need_id"], unique=False)
    op.create_table(
        "need_topics",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("certainty", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "found",
                "added",
                "struck",
                name="topic_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_topics_need_id_needs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_topics")),
        sa.UniqueConstraint("need_id", "code", name=op.f("uq_need_topics_need_id_code")),
    )
    op.create_index(op.f("ix_need_topics_need_id"), "need_topics", ["need_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("match_round_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("parts", JSONValue, nullable=False),
        sa.Column("reasons", JSONValue, nullable=False),
        sa.Column("cautions", JSONValue, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_proposals_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["match_round_id"],
            ["match_rounds.id"],
            name=op.f("fk_proposals_match_round_id_match_rounds"),
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_proposals_need_id_needs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint(
            "match_round_id", "expert_id", name=op.f("uq_proposals_match_round_id_expert_id")
        ),
    )
    op.create_index(op.f("ix_proposals_expert_id"), "proposals", ["expert_id"], unique=False)
    op.create_index(
        op.f("ix_proposals_match_round_id"), "proposals", ["match_round_id"], unique=False
    )
    op.create_index(op.f("ix_proposals_need_id"), "proposals", ["need_id"], unique=False)


def downgrade() -> None:
    op.drop_table("proposals")
    op.drop_table("match_rounds")
    op.drop_table("need_topics")
    op.drop_table("needs")
