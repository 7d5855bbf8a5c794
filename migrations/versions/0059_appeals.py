"""Keep appeals of mentors, and dated numbers of policy beside the counting rules."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

STATUSES = ("open", "upheld", "explained")
REMEDIES = ("correction", "certification")
REFUSED = (
    "CREATE TRIGGER tr_appeals_delete BEFORE DELETE ON appeals",
    "CREATE TRIGGER tr_policy_numbers_update BEFORE UPDATE ON policy_numbers",
    "CREATE TRIGGER tr_policy_numbers_delete BEFORE DELETE ON policy_numbers",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
CHECKS = {
    "answered": "(status = 'open') = (answered_at IS NULL)"
    " AND (answered_at IS NULL) = (answered_by_id IS NULL)"
    " AND (answered_at IS NULL) = (answer IS NULL)",
    "remedied": "(status = 'upheld') = (remedy IS NOT NULL)"
    " AND (correction_id IS NOT NULL) = (remedy = 'correction' AND remedy IS NOT NULL)",
}


def upgrade() -> None:
    op.create_table(
        "policy_numbers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_policy_numbers_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_numbers")),
        sa.UniqueConstraint("name", "valid_from", name=op.f("uq_policy_numbers_name_valid_from")),
    )
    _create_appeals()
    refuse = REFUSE[op.get_bind().dialect.name]
    for trigger in REFUSED:
        op.execute(trigger + refuse)


def downgrade() -> None:
    op.drop_table("appeals")
    op.drop_table("policy_numbers")


def _create_appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("service_record_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("status", _enum("appeal_status", STATUSES), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("answer_by", UTCDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("remedy", _enum("remedy", REMEDIES), nullable=True),
        sa.Column("correction_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.CheckConstraint(text, name=op.f(f"ck_appeals_{name}"))
            for name, text in CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_appeals_{column}_{table}")
            )
            for column, table in (
                ("service_session_id", "service_sessions"),
                ("service_record_id", "service_records"),
                ("expert_id", "experts"),
                ("opened_by_id", "accounts"),
                ("correction_id", "corrections"),
                ("answered_by_id", "accounts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint(
            "service_record_id",
            "expert_id",
            name=op.f("uq_appeals_service_record_id_expert_id"),
        ),
    )
    op.create_index(op.f("ix_appeals_expert_id"), "appeals", ["expert_id"])
    op.create_index("ix_appeals_answered_answer_by", "appeals", ["answered_at", "answer_by"])
    still_open = sa.text("status = 'open'")
    op.create_index(
        "uq_appeals_open",
        "appeals",
        ["service_session_id", "expert_id"],
        unique=True,
        postgresql_where=still_open,
        sqlite_where=still_open,
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
