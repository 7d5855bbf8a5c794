"""Create policies, decisions, periods, corrections."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counting_policies",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rules", JSONValue, nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counting_policies")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_counting_policies_valid_from")),
    )
    op.create_table(
        "periods",
        sa.Column("month", sa.String(length=40), nullable=False),
        sa.Column("cut_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("policy_code", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["accounts.id"], name=op.f("fk_periods_closed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods")),
        sa.UniqueConstraint("month", name=op.f("uq_periods_month")),
    )
    op.create_table(
        "published_figures",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("rows", JSONValue, nullable=False),
        sa.Column("sha256", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_published_figures_period_id_periods")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_figures")),
        sa.UniqueConstraint(
            "period_id", "measure", name=op.f("uq_published_figures_period_id_measure")
        ),
    )
    op.create_index(
        op.f("ix_published_figures_period_id"), "published_figures", ["period_id"], unique=False
    )
    op.create_table(
        "corrections",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("value", JSONValue, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "refused",
                name="correction_status",
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
            name=op.f("ck_corrections_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["accounts.id"], name=op.f("fk_corrections_checked_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_corrections_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_corrections_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(
        op.f("ix_corrections_service_session_id"),
        "corrections",
        ["service_session_id"],
        unique=False,
    )
    op.create_table(
        "service_records",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("apart", sa.String(length=40), nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("detail", JSONValue, nullable=False),
        sa.Column("session_type", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mentor_minutes", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("policy_code", sa.String(length=40), nullable=False),
        sa.Column("policy_from", sa.Date(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=200), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_service_records_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_records")),
        sa.UniqueConstraint(
            "service_session_id",
            "number",
            name=op.f("uq_service_records_service_session_id_number"),
        ),
    )
    op.create_index(
        "ix_service_records_month_status", "service_records", ["month", "status"], unique=False
    )
    op.create_table(
        "adjustments",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("posted_month", sa.String(length=40), nullable=False),
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("service_record_id", sa.Uuid(), nullable=False),
        sa.Column("correction_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("deltas", JSONValue, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["corrections.id"],
            name=op.f("fk_adjustments_correction_id_corrections"),
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_adjustments_period_id_periods")
        ),
        sa.ForeignKeyConstraint(
            ["service_record_id"],
            ["service_records.id"],
            name=op.f("fk_adjustments_service_record_id_service_records"),
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_adjustments_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(op.f("ix_adjustments_period_id"), "adjustments", ["period_id"], unique=False)
    op.create_index(
        op.f("ix_adjustments_service_session_id"),
        "adjustments",
        ["service_session_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("adjustments")
    op.drop_table("published_figures")
    op.drop_table("periods")
    op.drop_table("corrections")
    op.drop_table("service_records")
    op.drop_table("counting_policies")
