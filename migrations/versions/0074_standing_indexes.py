"""Index the decisions that stand by what a long report asks of them."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

LATEST_FIRST = (sa.text("started_at DESC"), sa.text("service_session_id DESC"))
LEFT_OUT = sa.text("reason IS NOT NULL")
SERVED = sa.text("venture_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_standing_records_month_status", "standing_records")
    op.create_index(
        "ix_standing_records_month_status",
        "standing_records",
        ["month", "status", "session_type"],
    )
    op.create_index(
        "ix_standing_records_month_reason",
        "standing_records",
        ["month", "reason", "status"],
        postgresql_where=LEFT_OUT,
        sqlite_where=LEFT_OUT,
    )
    op.create_index(
        "ix_standing_records_venture",
        "standing_records",
        ["venture_id", *LATEST_FIRST],
        postgresql_include=["month", "is_enterprise", "area", "street", "industry"],
        postgresql_where=SERVED,
        sqlite_where=SERVED,
    )
    op.create_index(
        "ix_standing_persons_person",
        "standing_persons",
        ["person_id", *LATEST_FIRST],
        postgresql_include=["month", "group_code"],
    )


def downgrade() -> None:
    op.drop_index("ix_standing_persons_person", "standing_persons")
    op.drop_index("ix_standing_records_venture", "standing_records")
    op.drop_index("ix_standing_records_month_reason", "standing_records")
    op.drop_index("ix_standing_records_month_status", "standing_records")
    op.create_index("ix_standing_records_month_status", "standing_records", ["month", "status"])
