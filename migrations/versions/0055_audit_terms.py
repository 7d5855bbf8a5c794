"""Let accounts end by themselves, and keep what they were opened for."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("expires_at", UTCDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("purpose", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("accounts", "purpose")
    op.drop_column("accounts", "expires_at")
