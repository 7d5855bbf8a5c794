"""Let days be withdrawn from the calendar, where a year's notice no longer names them."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "calendar_days",
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("calendar_days", "is_withdrawn")
