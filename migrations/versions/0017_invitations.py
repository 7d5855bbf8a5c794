"""Fix with each delivery what its calendar part says."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("invitation", JSONValue, nullable=True))


def downgrade() -> None:
    op.drop_column("deliveries", "invitation")
