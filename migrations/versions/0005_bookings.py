"""Create bookings and their claims."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_transitions",
        sa.Column("from_status", sa.String(length=40), nullable=False),
        sa.Column("to_status", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_transitions")),
        sa.UniqueConstraint(
            "from_status", "to_status", name=op.f("uq_booking_transitions_from_status_to_status")
        ),
    )
    op.create_table(
        "resources",
        sa.Column(
            "kind",
            sa.Enum(
                "expert",
                "founder",
                "room",
                name="resource_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ref_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sa.UniqueConstraint("kind", "ref_id", name=op.f("uq_resources_kind_ref_id")),
    )
    op.create_table(
        "bookings",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("founder_person_id", sa.Uuid(), nullable=False),
        sa.Column("venture_id", sa.Uuid(), nullable=True),
        sa.Column("lead_expert_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
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
        sa.Column("street", sa.String(length=40), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "on_hold",
                "requested",
                "accepted",
                "suspended",
                "fulfilled",
                "released",
                "declined",
                "withdrawn",
                "expired",
                "cancelled",
                "no_show",
                name="booking_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
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
        sa.Column("hold_until", UTCDateTime(), nullable=True),
        sa.Column("answer_by", UTCDateTime(), nullable=True),
        sa.Column("booked_at", UTCDateTime(), nullable=True),
        sa.Column("may_pass_on", sa.Boolean(), nullable=False),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column(
            "end_side",
            sa.Enum(
                "founder",
                "mentor",
                "bureau",
                "system",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=True),
        sa.Column("is_excused", sa.Boolean(), nullable=True),
        sa.Column("ics_sequence", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'on_hold') = (hold_until IS NOT NULL)", name=op.f("ck_bookings_hold")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_bookings_span")),
        sa.ForeignKeyConstraint(
            ["founder_person_id"],
            ["persons.id"],
            name=op.f("fk_bookings_founder_person_id_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_expert_id"], ["experts.id"], name=op.f("fk_bookings_lead_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_bookings_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_bookings_proposal_id_proposals")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["bookings.id"], name=op.f("fk_bookings_replaces_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["ventures.id"], name=op.f("fk_bookings_venture_id_ventures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("reference", name=op.f("uq_bookings_reference")),
    )
    op.create_index(
        "ix_bookings_answer_by",
        "bookings",
        ["answer_by"],
        unique=False,
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.create_index(
        "ix_bookings_expert_start", "bookings", ["lead_expert_id", "starts_at"], unique=False
    )
    op.create_index(
        op.f("ix_bookings_founder_person_id"), "bookings", ["founder_person_id"], unique=False
    )
    op.create_index(op.f("ix_bookings_need_id"), "bookings", ["need_id"], unique=False)
    op.create_index(op.f("ix_bookings_venture_id"), "bookings", ["venture_id"], unique=False)
    op.create_table(
        "booking_experts",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "invited",
                "accepted",
                "declined",
                "replaced",
                name="panel_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_experts_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_booking_experts_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_experts")),
        sa.UniqueConstraint(
            "booking_id", "expert_id", name=op.f("uq_booking_experts_booking_id_expert_id")
        ),
    )
    op.create_index(
        op.f("ix_booking_experts_booking_id"), "booking_experts", ["booking_id"], unique=False
    )
    op.create_index(
        op.f("ix_booking_experts_expert_id"), "booking_experts", ["expert_id"], unique=False
    )
    op.create_table(
        "resource_claims",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_resource_claims_span")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_resource_claims_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_resource_claims_resource_id_resources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_claims")),
        sa.UniqueConstraint(
            "booking_id", "resource_id", name=op.f("uq_resource_claims_booking_id_resource_id")
        ),
    )
    op.create_index(
        "ix_resource_claims_resource_start",
        "resource_claims",
        ["resource_id", "starts_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("booking_transitions")
    op.drop_table("resource_claims")
    op.drop_table("booking_experts")
    op.drop_table("bookings")
    op.drop_table("resources")
