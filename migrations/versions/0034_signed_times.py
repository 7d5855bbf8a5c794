"""Keep when an expert of a panel signed his times, and in what he dissents from the record."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendances", sa.Column("signed_at", UTCDateTime(), nullable=True))
    op.add_column("attendances", sa.Column("dissent", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("attendances", "dissent")
    op.drop_column("attendances", "signed_at")
