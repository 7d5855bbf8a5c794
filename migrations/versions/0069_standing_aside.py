"""Keep when an expert declared a tie during a meeting and left it."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendances", sa.Column("stood_aside_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("attendances", "stood_aside_at")
