"""Keep what a match round lacked; create the open board and its claims."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ACTIVE = "status IN ('awaiting_consent', 'open')"


def upgrade() -> None:
    op.add_column("match_rounds", sa.Column("lack", JSONValue, nullable=True))
    op.add_column(
        "match_rounds",
        sa.Column("asks_bureau", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "board_posts",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topics", JSONValue, nullable=False),
        sa.Column("session_type", sa.String(length=40), nullable=False),
        sa.Column("modes", JSONValue, nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("industry", sa.String(length=40), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "awaiting_consent",
                "open",
                "refused",
                "withdrawn",
                "expired",
                name="post_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("consented_at", UTCDateTime(), nullable=True),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status <> 'open' OR (consented_at IS NOT NULL AND expires_at IS NOT NULL)",
            name=op.f("ck_board_posts_open_by_consent"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_board_posts_need_id_needs")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["accounts.id"], name=op.f("fk_board_posts_written_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_posts")),
    )
    op.create_index(op.f("ix_board_posts_need_id"), "board_posts", ["need_id"], unique=False)
    op.create_index(
        "ix_board_posts_status_expires", "board_posts", ["status", "expires_at"], unique=False
    )
    op.create_index(
        "uq_board_posts_active",
        "board_posts",
        ["need_id"],
        unique=True,
        postgresql_where=sa.text(_ACTIVE),
        sqlite_where=sa.text(_ACTIVE),
    )
    _create_claims()


def _create_claims() -> None:
    op.create_table(
        "board_claims",
        sa.Column("board_post_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "offered",
                "withdrawn",
                "lapsed",
                name="claim_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("matcher_version", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("parts", JSONValue, nullable=False),
        sa.Column("reasons", JSONValue, nullable=False),
        sa.Column("cautions", JSONValue, nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_post_id"],
            ["board_posts.id"],
            name=op.f("fk_board_claims_board_post_id_board_posts"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_board_claims_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_claims")),
        sa.UniqueConstraint(
            "board_post_id", "expert_id", name=op.f("uq_board_claims_board_post_id_expert_id")
        ),
        sa.UniqueConstraint(
            "board_post_id", "number", name=op.f("uq_board_claims_board_post_id_number")
        ),
    )
    op.create_index(
        op.f("ix_board_claims_board_post_id"), "board_claims", ["board_post_id"], unique=False
    )
    op.create_index(op.f("ix_board_claims_expert_id"), "board_claims", ["expert_id"], unique=False)


def downgrade() -> None:
    op.drop_table("board_claims")
    op.drop_table("board_posts")
    op.drop_column("match_rounds", "asks_bureau")
    op.drop_column("match_rounds", "lack")
