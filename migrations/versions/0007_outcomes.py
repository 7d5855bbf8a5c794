"""Create outcomes of both sides."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disputes",
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("rule_by", UTCDateTime(), nullable=False),
        sa.Column("ruling", sa.String(length=40), nullable=True),
        sa.Column("ruling_text", sa.Text(), nullable=True),
        sa.Column("ruled_by_id", sa.Uuid(), nullable=True),
        sa.Column("ruled_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ruled_at IS NULL) = (reference IS NULL)", name=op.f("ck_disputes_ruling_numbered")
        ),
        sa.CheckConstraint(
            "(ruled_at IS NULL) = (ruling IS NULL)", name=op.f("ck_disputes_ruled_at_once")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["persons.id"], name=op.f("fk_disputes_opened_by_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by_id"], ["accounts.id"], name=op.f("fk_disputes_ruled_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_disputes_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("reference", name=op.f("uq_disputes_reference")),
    )
    op.create_index(
        op.f("ix_disputes_service_session_id"), "disputes", ["service_session_id"], unique=False
    )
    op.create_table(
        "outcomes",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "awaiting_record",
                "recorded",
                "confirmed",
                "certified",
                "unconfirmed",
                "disputed",
                "ruled",
                name="outcome_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("record_by", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=True),
        sa.Column("confirm_by", UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column(
            "confirmation_kind",
            sa.Enum(
                "signed_in",
                "sms_code",
                "link",
                "paper_signature",
                "call_back",
                name="confirmation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_outcomes_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("service_session_id", name=op.f("uq_outcomes_service_session_id")),
    )
    op.create_table(
        "confirmations",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "signed_in",
                "sms_code",
                "link",
                "paper_signature",
                "call_back",
                name="confirmation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("outcome_version", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('call_back', 'paper_signature')) = (officer_id IS NOT NULL)",
            name=op.f("ck_confirmations_officer"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["accounts.id"], name=op.f("fk_confirmations_officer_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_confirmations_outcome_id_outcomes")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_confirmations_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
    )
    op.create_index(
        op.f("ix_confirmations_outcome_id"), "confirmations", ["outcome_id"], unique=False
    )
    op.create_index(
        op.f("ix_confirmations_person_id"), "confirmations", ["person_id"], unique=False
    )
    op.create_table(
        "outcome_versions",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("actions", JSONValue, nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name=op.f("fk_outcome_versions_author_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_outcome_versions_outcome_id_outcomes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_versions")),
        sa.UniqueConstraint(
            "outcome_id", "number", name=op.f("uq_outcome_versions_outcome_id_number")
        ),
    )
    op.create_index(
        op.f("ix_outcome_versions_outcome_id"), "outcome_versions", ["outcome_id"], unique=False
    )
    op.create_table(
        "ratings",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_ratings_score")),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_ratings_outcome_id_outcomes")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_ratings_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint(
            "outcome_id", "person_id", name=op.f("uq_ratings_outcome_id_person_id")
        ),
    )
    op.create_index(op.f("ix_ratings_outcome_id"), "ratings", ["outcome_id"], unique=False)
    op.create_index(op.f("ix_ratings_person_id"), "ratings", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("disputes")
    op.drop_table("ratings")
    op.drop_table("confirmations")
    op.drop_table("outcome_versions")
    op.drop_table("outcomes")
