"""Create follow-ups of confirmed records."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STATUSES = ("planned", "asked", "answered", "unanswered", "missed", "stopped")
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER tr_follow_ups_delete BEFORE DELETE ON follow_ups"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER tr_follow_ups_delete BEFORE DELETE ON follow_ups"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    status = sa.Enum(
        *STATUSES, name="follow_up_status", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "follow_ups",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("open_until", UTCDateTime(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_by_phone", sa.Boolean(), nullable=False),
        sa.Column("outcome_version", sa.Integer(), nullable=True),
        sa.Column("actions", JSONValue, nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=True),
        sa.Column("jobs", sa.Integer(), nullable=True),
        sa.Column("loan_yuan", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'answered') = (answered_at IS NOT NULL)",
            name=op.f("ck_follow_ups_answered"),
        ),
        sa.CheckConstraint(
            "(status = 'planned') <= (asked_at IS NULL)", name=op.f("ck_follow_ups_asked")
        ),
        sa.CheckConstraint("jobs IS NULL OR jobs >= 0", name=op.f("ck_follow_ups_jobs")),
        sa.CheckConstraint("loan_yuan IS NULL OR loan_yuan >= 0", name=op.f("ck_follow_ups_loan")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_follow_ups_answered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_follow_ups_outcome_id_outcomes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("outcome_id", "days", name=op.f("uq_follow_ups_outcome_id_days")),
    )
    op.create_index("ix_follow_ups_status_due", "follow_ups", ["status", "due_at"], unique=False)
    op.execute(NEVER_DELETED[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("follow_ups")
