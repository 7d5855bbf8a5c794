"""Create ventures, groups and vocabularies."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicators",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("zh", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.Column("comparison", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("code", name=op.f("uq_indicators_code")),
    )
    op.create_table(
        "terms",
        sa.Column("vocabulary", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("zh", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attributes", JSONValue, nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("vocabulary", "code", name=op.f("uq_terms_vocabulary_code")),
    )
    op.create_table(
        "ventures",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("industry", sa.String(length=40), nullable=True),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("street", sa.String(length=40), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "registered_on IS NULL OR entity_type <> 'team'",
            name=op.f("ck_ventures_team_unregistered"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ventures")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_ventures_credit_code")),
    )
    op.create_table(
        "venture_members",
        sa.Column("venture_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_contact", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_venture_members_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["ventures.id"], name=op.f("fk_venture_members_venture_id_ventures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_members")),
        sa.UniqueConstraint(
            "venture_id", "person_id", name=op.f("uq_venture_members_venture_id_person_id")
        ),
    )
    op.create_index(
        op.f("ix_venture_members_person_id"), "venture_members", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_venture_members_venture_id"), "venture_members", ["venture_id"], unique=False
    )
    op.create_table(
        "founder_groups",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.Column("verified_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_founder_groups_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"],
            ["accounts.id"],
            name=op.f("fk_founder_groups_verified_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_founder_groups")),
        sa.UniqueConstraint("person_id", "code", name=op.f("uq_founder_groups_person_id_code")),
    )
    op.create_index(
        op.f("ix_founder_groups_person_id"), "founder_groups", ["person_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("indicators")
    op.drop_table("terms")
    op.drop_table("venture_members")
    op.drop_table("ventures")
    op.drop_table("founder_groups")
