"""Create the appraisals of experts."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

GRADES = ("excellent", "qualified", "unqualified")
TRIGGERS = (
    "CREATE TRIGGER tr_appraisals_update BEFORE UPDATE ON appraisals",
    "CREATE TRIGGER tr_appraisals_delete BEFORE DELETE ON appraisals",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
CHECKS = {
    "score": "score BETWEEN 0 AND 100",
    "reason": "number >= 1 AND (number = 1) = (reason IS NULL)",
}


def upgrade() -> None:
    op.create_table(
        "appraisals",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(*GRADES, name="grade", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.CheckConstraint(law, name=op.f(f"ck_appraisals_{name}"))
            for name, law in CHECKS.items()
        ),
        _key("service_session_id", "service_sessions"),
        _key("expert_id", "experts"),
        _key("made_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisals")),
        sa.UniqueConstraint(
            "service_session_id",
            "expert_id",
            "number",
            name=op.f("uq_appraisals_service_session_id_expert_id_number"),
        ),
    )
    op.create_index(op.f("ix_appraisals_expert_id"), "appraisals", ["expert_id"], unique=False)
    for trigger in TRIGGERS:
        op.execute(trigger + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("appraisals")


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_appraisals_{column}_{target}")
    )
