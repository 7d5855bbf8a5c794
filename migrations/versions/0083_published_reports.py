"""Create the reports of closed months as they were published."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

TRIGGERS = (
    "CREATE TRIGGER tr_published_reports_update BEFORE UPDATE ON published_reports",
    "CREATE TRIGGER tr_published_reports_delete BEFORE DELETE ON published_reports",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "published_reports",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_published_reports_period_id_periods")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_reports")),
        sa.UniqueConstraint("period_id", name=op.f("uq_published_reports_period_id")),
    )
    for trigger in TRIGGERS:
        op.execute(trigger + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("published_reports")
