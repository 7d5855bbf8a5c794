"""Keep which expert was reported absent, and that a dispute is about one expert's absence."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendances", sa.Column("missed_at", UTCDateTime(), nullable=True))
    op.add_column("attendances", sa.Column("contest_by", UTCDateTime(), nullable=True))
    op.add_column(
        "disputes",
        sa.Column("is_absence", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    absences = sa.text("SELECT count(*) FROM disputes WHERE is_absence")
    if op.get_bind().execute(absences).scalar_one():
        raise RuntimeError("contested absences of one expert have no place in the tables before")
    op.drop_column("disputes", "is_absence")
    op.drop_column("attendances", "contest_by")
    op.drop_column("attendances", "missed_at")
