"""Create panels: the experts that an officer chose to take a need together."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "panels",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("need_version", sa.Integer(), nullable=False),
        sa.Column("matcher_version", sa.String(length=40), nullable=False),
        sa.Column("wish", JSONValue, nullable=False),
        sa.Column("facets", JSONValue, nullable=False),
        sa.Column("coverage", sa.Double(), nullable=False),
        sa.Column("chosen_by_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_panels_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_panels_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["accounts.id"], name=op.f("fk_panels_chosen_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["accounts.id"], name=op.f("fk_panels_ended_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels")),
    )
    op.create_index(op.f("ix_panels_need_id"), "panels", ["need_id"], unique=False)
    op.create_index(
        "uq_panels_standing",
        "panels",
        ["need_id"],
        unique=True,
        postgresql_where=STANDS,
        sqlite_where=STANDS,
    )
    op.create_table(
        "panel_experts",
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("parts", JSONValue, nullable=False),
        sa.Column("reasons", JSONValue, nullable=False),
        sa.Column("cautions", JSONValue, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_panel_experts_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panels.id"], name=op.f("fk_panel_experts_panel_id_panels")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_experts")),
        sa.UniqueConstraint(
            "panel_id", "expert_id", name=op.f("uq_panel_experts_panel_id_expert_id")
        ),
        sa.UniqueConstraint(
            "panel_id", "position", name=op.f("uq_panel_experts_panel_id_position")
        ),
    )
    op.create_index(
        op.f("ix_panel_experts_expert_id"), "panel_experts", ["expert_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("panel_experts")
    op.drop_table("panels")
