"""Keep who leads the job processes, and which jobs an engine was told of."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

WOKEN = sa.text("state = 'ready' AND woken_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=True),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leases")),
        sa.UniqueConstraint("name", name=op.f("uq_leases_name")),
    )
    op.add_column("jobs", sa.Column("woken_at", UTCDateTime(), nullable=True))
    op.create_index(
        "ix_jobs_woken", "jobs", ["woken_at"], postgresql_where=WOKEN, sqlite_where=WOKEN
    )


def downgrade() -> None:
    op.drop_index("ix_jobs_woken", table_name="jobs")
    op.drop_column("jobs", "woken_at")
    op.drop_table("leases")
