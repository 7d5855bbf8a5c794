"""Create the honours of experts."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

STATUSES = ("entered", "confirmed", "refused", "withdrawn")
STANDING = sa.text("status IN ('entered', 'confirmed')")
TRIGGER = "CREATE TRIGGER tr_honours_delete BEFORE DELETE ON honours"
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
CHECKS = {
    "two_people": "checked_by_id IS NULL OR checked_by_id <> made_by_id",
    "checked": "(status = 'entered') = (checked_by_id IS NULL)",
    "checked_once": "(checked_by_id IS NULL) = (checked_at IS NULL)",
    "withdrawn": "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)",
    "withdrawn_by_somebody": "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"
    " AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
    "span": "valid_until IS NULL OR valid_until >= given_on",
}


def upgrade() -> None:
    op.create_table(
        "honours",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("given_by", sa.String(200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *STATUSES,
                name="honour_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.CheckConstraint(law, name=op.f(f"ck_honours_{name}")) for name, law in CHECKS.items()),
        _key("expert_id", "experts"),
        _key("made_by_id", "accounts"),
        _key("checked_by_id", "accounts"),
        _key("withdrawn_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honours")),
    )
    op.create_index(op.f("ix_honours_expert_id"), "honours", ["expert_id"], unique=False)
    op.create_index(
        "uq_honours_standing",
        "honours",
        ["expert_id", "kind", "document"],
        unique=True,
        postgresql_where=STANDING,
        sqlite_where=STANDING,
    )
    op.execute(TRIGGER + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("honours")


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_honours_{column}_{target}")
    )
