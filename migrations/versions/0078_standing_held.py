"""Keep with the decisions that stand what they wait for, and whether a service took place."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

AT_ONCE = 1000
NOT_A_SERVICE = {
    "test_data",
    "duplicate",
    "voided",
    "no_show_founder",
    "no_show_mentor",
    "no_show_both",
    "tech_failure",
    "not_a_session",
    "merged",
}


def upgrade() -> None:
    op.add_column("standing_records", sa.Column("pending", sa.String(40), nullable=True))
    op.add_column(
        "standing_records",
        sa.Column("is_held", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _fill()


def downgrade() -> None:
    op.drop_column("standing_records", "is_held")
    op.drop_column("standing_records", "pending")


def _fill() -> None:
    connection = op.get_bind()
    standing = sa.table(
        "standing_records",
        sa.column("service_record_id", sa.Uuid()),
        sa.column("service_session_id", sa.Uuid()),
        sa.column("pending"),
        sa.column("is_held", sa.Boolean()),
    )
    kept = sa.table(
        "service_records",
        sa.column("id", sa.Uuid()),
        sa.column("service_session_id", sa.Uuid()),
        sa.column("detail", sa.JSON()),
    )
    rows = connection.execute(
        sa.select(kept.c.service_session_id, kept.c.detail).where(
            kept.c.id.in_(sa.select(standing.c.service_record_id))
        )
    )
    told = [_told(row) for row in rows]
    change = (
        sa.update(standing)
        .where(standing.c.service_session_id == sa.bindparam("meeting"))
        .values(pending=sa.bindparam("waits"), is_held=sa.bindparam("held"))
    )
    for begin in range(0, len(told), AT_ONCE):
        connection.execute(change, told[begin : begin + AT_ONCE])


def _told(row: sa.Row) -> dict:
    detail = row.detail if isinstance(row.detail, dict) else json.loads(row.detail)
    held = NOT_A_SERVICE.isdisjoint(detail["reasons"])
    return {"meeting": row.service_session_id, "waits": detail["pending"], "held": held}
