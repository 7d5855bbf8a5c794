"""Create leaves of experts."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER tr_expert_leaves_delete BEFORE DELETE ON expert_leaves"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER tr_expert_leaves_delete BEFORE DELETE ON expert_leaves"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "expert_leaves",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("deputy_id <> expert_id", name=op.f("ck_expert_leaves_deputy")),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["experts.id"], name=op.f("fk_expert_leaves_deputy_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_expert_leaves_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["accounts.id"], name=op.f("fk_expert_leaves_taken_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_leaves")),
    )
    for column in ("expert_id", "deputy_id"):
        op.create_index(op.f(f"ix_expert_leaves_{column}"), "expert_leaves", [column], unique=False)
    op.execute(NEVER_DELETED[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("expert_leaves")
