"""Create waivers, limits of an expert by week and by year, and the language of a need."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LIMITS = ("weekly_limit", "yearly_limit")
WAITS = sa.text("status = 'proposed'")
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER tr_waivers_delete BEFORE DELETE ON waivers"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER tr_waivers_delete BEFORE DELETE ON waivers"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    for limit in LIMITS:
        # One statement for both databases: SQLite adds no constraint to a table that is there.
        op.execute(
            f"ALTER TABLE experts ADD COLUMN {limit} INTEGER"
            f" CONSTRAINT ck_experts_{limit}_not_negative CHECK ({limit} >= 0)"
        )
    op.add_column("needs", sa.Column("language", sa.String(length=40), nullable=True))
    op.create_table(
        "waivers",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "conflict_of_interest",
                "pairing_cap_reached",
                name="waiver_rule",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kinds", JSONValue, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "refused",
                name="waiver_status",
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
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> made_by_id",
            name=op.f("ck_waivers_two_people"),
        ),
        sa.CheckConstraint(
            "(status = 'proposed') = (checked_by_id IS NULL)"
            " AND (checked_by_id IS NULL) = (checked_at IS NULL)",
            name=op.f("ck_waivers_checked_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["accounts.id"], name=op.f("fk_waivers_checked_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_waivers_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_waivers_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_waivers_need_id_needs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
    )
    for column in ("need_id", "expert_id"):
        op.create_index(op.f(f"ix_waivers_{column}"), "waivers", [column], unique=False)
    op.create_index(
        "uq_waivers_waiting",
        "waivers",
        ["need_id", "expert_id", "rule"],
        unique=True,
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )
    op.execute(NEVER_DELETED[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("waivers")
    op.drop_column("needs", "language")
    for limit in LIMITS:
        op.drop_column("experts", limit)
