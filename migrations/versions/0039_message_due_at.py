"""Keep when a message was due, so that a late one can say so."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("due_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "due_at")
