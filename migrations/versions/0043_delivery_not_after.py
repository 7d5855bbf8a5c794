"""Keep with a delivery until when it is of use, so that its job may outlive that."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("not_after", UTCDateTime(), nullable=True))
    op.execute(
        "UPDATE deliveries SET not_after = (SELECT max(jobs.not_after) FROM jobs"
        " WHERE jobs.subject_id = deliveries.id AND jobs.kind = 'deliver_message')"
    )


def downgrade() -> None:
    op.drop_column("deliveries", "not_after")
