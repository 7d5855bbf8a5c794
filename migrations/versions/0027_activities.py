"""Create activities and the registrations for them."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONOrNull, JSONValue, UTCDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("registrations", "activity_experts", "activities")


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column(
            "kind",
            sa.Enum(
                "lecture",
                "roundtable",
                "review",
                name="activity_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "cancelled",
                "closed",
                name="activity_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("co_departments", JSONValue, nullable=False),
        sa.Column("is_promotion", sa.Boolean(), nullable=False),
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
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("seat_total", sa.Integer(), nullable=False),
        sa.Column("seat_taken", sa.Integer(), nullable=False),
        sa.Column("anonymous_heads", sa.Integer(), nullable=False),
        sa.Column("door_code", sa.String(length=40), nullable=False),
        sa.Column("criteria", JSONOrNull, nullable=True),
        sa.Column(
            "mean",
            sa.Enum(
                "plain",
                "trimmed",
                name="mean_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ranked_at", UTCDateTime(), nullable=True),
        sa.Column("announced_by_id", sa.Uuid(), nullable=False),
        sa.Column("announced_at", UTCDateTime(), nullable=False),
        sa.Column("ended_note", sa.Text(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_activities_closed")
        ),
        sa.CheckConstraint("anonymous_heads >= 0", name=op.f("ck_activities_heads")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_activities_span")),
        sa.CheckConstraint(
            "seat_taken >= 0 AND seat_taken <= seat_total", name=op.f("ck_activities_seats")
        ),
        sa.ForeignKeyConstraint(
            ["announced_by_id"],
            ["accounts.id"],
            name=op.f("fk_activities_announced_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["accounts.id"], name=op.f("fk_activities_closed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_activities_place_id_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    op.create_index(
        "ix_activities_status_start", "activities", ["status", "starts_at"], unique=False
    )
    op.create_table(
        "activity_experts",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_absent", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_experts_activity_id_activities"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_activity_experts_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_experts")),
        sa.UniqueConstraint(
            "activity_id", "expert_id", name=op.f("uq_activity_experts_activity_id_expert_id")
        ),
    )
    op.create_index(
        op.f("ix_activity_experts_expert_id"), "activity_experts", ["expert_id"], unique=False
    )
    op.create_table(
        "registrations",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "joined",
                "left",
                "walked_in",
                name="registration_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("checked_in_at", UTCDateTime(), nullable=True),
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
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(checked_in_at IS NULL) = (evidence IS NULL)", name=op.f("ck_registrations_signed_in")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_registrations_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_registrations_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint(
            "activity_id", "person_id", name=op.f("uq_registrations_activity_id_person_id")
        ),
    )
    op.create_index(
        op.f("ix_registrations_person_id"), "registrations", ["person_id"], unique=False
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
