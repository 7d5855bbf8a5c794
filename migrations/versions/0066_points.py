"""Create the rules of points and their ledger."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

EVENTS = ("service_counted", "rated_well", "follow_up_answered", "record_in_time")
PARTS = ("volume", "satisfaction", "effect", "discipline")
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
REFUSED = (
    "CREATE TRIGGER tr_point_rules_update BEFORE UPDATE ON point_rules",
    "CREATE TRIGGER tr_point_rules_delete BEFORE DELETE ON point_rules",
    "CREATE TRIGGER tr_point_entries_update BEFORE UPDATE ON point_entries",
    "CREATE TRIGGER tr_point_entries_delete BEFORE DELETE ON point_entries",
)


def upgrade() -> None:
    op.create_table(
        "point_rules",
        sa.Column("event", _enum("point_event", EVENTS), nullable=False),
        sa.Column("part", _enum("point_part", PARTS), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("points >= 1 AND points <= cap", name=op.f("ck_point_rules_points")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_rules")),
        sa.UniqueConstraint("event", "valid_from", name=op.f("uq_point_rules_event_valid_from")),
    )
    op.create_table(
        "point_entries",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("service_record_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND points > 0) OR (reverses_id IS NOT NULL AND points < 0)",
            name=op.f("ck_point_entries_sign"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_point_entries_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["point_rules.id"], name=op.f("fk_point_entries_rule_id_point_rules")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["point_entries.id"],
            name=op.f("fk_point_entries_reverses_id_point_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["service_record_id"],
            ["service_records.id"],
            name=op.f("fk_point_entries_service_record_id_service_records"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_entries")),
        sa.UniqueConstraint(
            "expert_id",
            "rule_id",
            "year",
            "subject_id",
            "number",
            name=op.f("uq_point_entries_expert_id_rule_id_year_subject_id_number"),
        ),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_point_entries_reverses_id")),
    )
    op.create_index(
        "ix_point_entries_expert_year", "point_entries", ["expert_id", "year"], unique=False
    )
    for trigger in REFUSED:
        op.execute(trigger + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("point_entries")
    op.drop_table("point_rules")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
