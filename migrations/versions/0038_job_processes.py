"""Keep which job processes work, when none did, and what became of jobs that were tried again."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

LOST = sa.text("state IN ('dead', 'expired')")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("due_at", UTCDateTime(), nullable=True))
    op.add_column(
        "jobs", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.create_index("ix_jobs_lost", "jobs", ["kind"], postgresql_where=LOST, sqlite_where=LOST)
    op.create_table(
        "job_processes",
        sa.Column("kinds", JSONValue, nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("beaten_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_processes")),
    )
    op.create_index(
        op.f("ix_job_processes_beaten_at"), "job_processes", ["beaten_at"], unique=False
    )
    op.create_table(
        "stoppages",
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_stoppages_span")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stoppages")),
        sa.UniqueConstraint("began_at", name=op.f("uq_stoppages_began_at")),
    )


def downgrade() -> None:
    op.drop_table("stoppages")
    op.drop_table("job_processes")
    op.drop_index("ix_jobs_lost", table_name="jobs")
    op.drop_column("jobs", "version")
    op.drop_column("jobs", "due_at")
