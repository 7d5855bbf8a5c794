"""Keep what the nightly self-audits found."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "self_audits",
        sa.Column("looked_at", UTCDateTime(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("findings", JSONValue, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_audits")),
        sa.UniqueConstraint("looked_at", name=op.f("uq_self_audits_looked_at")),
    )


def downgrade() -> None:
    op.drop_table("self_audits")
