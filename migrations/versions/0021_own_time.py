"""Let experts tell their time: second weeks, clinics, pauses before, horizon, lengths, zone."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Written out: with its check, a column of SQLite can be added and dropped in no other way.
RULES = (
    "every_weeks INTEGER DEFAULT 1 NOT NULL CONSTRAINT ck_availability_rules_every_weeks"
    " CHECK (every_weeks IN (1, 2))",
    "anchor_on DATE CONSTRAINT ck_availability_rules_anchor"
    " CHECK ((every_weeks = 1) = (anchor_on IS NULL))"
    " CONSTRAINT ck_availability_rules_validity CHECK (valid_from <= valid_until)",
    "place_id {uuid} CONSTRAINT fk_availability_rules_place_id_places REFERENCES places (id)",
)
EXPERTS = (
    "buffer_before_minutes INTEGER DEFAULT 0 NOT NULL"
    " CONSTRAINT ck_experts_buffer_before_not_negative CHECK (buffer_before_minutes >= 0)",
    "horizon_days INTEGER DEFAULT 60 NOT NULL"
    " CONSTRAINT ck_experts_horizon CHECK (horizon_days BETWEEN 1 AND 60)",
    "time_zone VARCHAR(200) DEFAULT 'Asia/Shanghai' NOT NULL",
    "minutes {json} DEFAULT '{{}}' NOT NULL",
)
CLAIMS = (
    "serves_at {instant} CONSTRAINT ck_resource_claims_serves"
    " CHECK (serves_at >= starts_at AND serves_at < ends_at)",
)
COLUMNS = {"availability_rules": RULES, "experts": EXPERTS, "resource_claims": CLAIMS}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    types = {
        "json": "JSON" if is_sqlite else "JSONB",
        "uuid": "CHAR(32)" if is_sqlite else "UUID",
        "instant": UTCDateTime().compile(op.get_bind().dialect),
    }
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(**types)}")
    op.create_table(
        "clinics",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "starts_minute >= 0 AND ends_minute >= starts_minute + slot_minutes"
            " AND ends_minute <= 1440",
            name=op.f("ck_clinics_span"),
        ),
        sa.CheckConstraint("slot_minutes > 0", name=op.f("ck_clinics_slot")),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_clinics_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_clinics_place_id_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinics")),
    )
    op.create_index("ix_clinics_expert_day", "clinics", ["expert_id", "day"], unique=False)


def downgrade() -> None:
    op.drop_table("clinics")
    if op.get_bind().dialect.name == "postgresql":
        # It speaks of other columns than the one with which SQLite lets it go.
        op.drop_constraint("ck_availability_rules_validity", "availability_rules")
    for table, columns in reversed(COLUMNS.items()):
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.partition(' ')[0]}")
