"""Create meetings and attendance."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_sessions",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("founder_person_id", sa.Uuid(), nullable=False),
        sa.Column("lead_expert_id", sa.Uuid(), nullable=False),
        sa.Column("venture_id", sa.Uuid(), nullable=True),
        sa.Column("session_type", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "onsite",
                "online",
                "phone",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "api",
                "street",
                "bureau",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("street", sa.String(length=40), nullable=True),
        sa.Column("industry", sa.String(length=40), nullable=True),
        sa.Column("planned_starts_at", UTCDateTime(), nullable=False),
        sa.Column("planned_ends_at", UTCDateTime(), nullable=False),
        sa.Column("actual_start", UTCDateTime(), nullable=True),
        sa.Column("actual_end", UTCDateTime(), nullable=True),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("anonymous_heads", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "in_progress",
                "finished",
                "no_show",
                "contested",
                "ruled",
                name="service_session_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "no_show",
            sa.Enum(
                "no_show_founder",
                "no_show_mentor",
                "no_show_both",
                "tech_failure",
                name="no_show",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("no_show_note", sa.Text(), nullable=True),
        sa.Column("contest_by", UTCDateTime(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'finished') <= (actual_end IS NOT NULL)",
            name=op.f("ck_service_sessions_finished"),
        ),
        sa.CheckConstraint(
            "actual_end IS NULL OR actual_end > actual_start",
            name=op.f("ck_service_sessions_actual_span"),
        ),
        sa.CheckConstraint("break_minutes >= 0", name=op.f("ck_service_sessions_breaks")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_service_sessions_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["accounts.id"],
            name=op.f("fk_service_sessions_entered_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["founder_person_id"],
            ["persons.id"],
            name=op.f("fk_service_sessions_founder_person_id_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_expert_id"],
            ["experts.id"],
            name=op.f("fk_service_sessions_lead_expert_id_experts"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_service_sessions_need_id_needs")
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["ventures.id"], name=op.f("fk_service_sessions_venture_id_ventures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_sessions")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_service_sessions_booking_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_service_sessions_reference")),
    )
    op.create_index(
        "ix_service_sessions_actual_start", "service_sessions", ["actual_start"], unique=False
    )
    op.create_index(
        "ix_service_sessions_expert_start",
        "service_sessions",
        ["lead_expert_id", "planned_starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_sessions_founder_person_id"),
        "service_sessions",
        ["founder_person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_sessions_need_id"), "service_sessions", ["need_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_sessions_venture_id"), "service_sessions", ["venture_id"], unique=False
    )
    op.create_table(
        "attendances",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "founder",
                "expert",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=True),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("checked_in_at", UTCDateTime(), nullable=True),
        sa.Column("in_at", UTCDateTime(), nullable=True),
        sa.Column("out_at", UTCDateTime(), nullable=True),
        sa.Column(
            "evidence",
            sa.Enum(
                "self",
                "code",
                "signature",
                "call_log",
                "join_log",
                "mentor",
                name="evidence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "identity_level",
            sa.Enum(
                "none",
                "phone",
                "document",
                name="identity_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(side = 'expert') = (expert_id IS NOT NULL)", name=op.f("ck_attendances_expert_side")
        ),
        sa.CheckConstraint("out_at IS NULL OR out_at > in_at", name=op.f("ck_attendances_span")),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_attendances_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_attendances_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_attendances_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint(
            "service_session_id",
            "person_id",
            name=op.f("uq_attendances_service_session_id_person_id"),
        ),
    )
    op.create_index(op.f("ix_attendances_expert_id"), "attendances", ["expert_id"], unique=False)
    op.create_index(op.f("ix_attendances_person_id"), "attendances", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_attendances_service_session_id"),
        "attendances",
        ["service_session_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("attendances")
    op.drop_table("service_sessions")
