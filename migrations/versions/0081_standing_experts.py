"""Create the experts who count at the decisions that stand, from the ledger."""

import json
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    table = op.create_table(
        "standing_experts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_standing_experts"),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name="fk_standing_experts_service_session_id_service_sessions",
        ),
    )
    op.create_index(
        "ix_standing_experts_service_session_id", "standing_experts", ["service_session_id"]
    )
    op.create_index(
        "ix_standing_experts_expert_day",
        "standing_experts",
        ["expert_id", "day"],
        postgresql_include=["minutes"],
    )
    op.create_index("ix_standing_experts_month_expert", "standing_experts", ["month", "expert_id"])
    op.create_index("ix_standing_experts_day", "standing_experts", ["day"])
    _fill(table)


def downgrade() -> None:
    op.drop_table("standing_experts")


def _fill(table: sa.Table) -> None:
    connection = op.get_bind()
    standing = sa.table("standing_records", sa.column("service_record_id", sa.Uuid()))
    kept = sa.table(
        "service_records",
        *map(sa.column, ("month", "status")),
        sa.column("id", sa.Uuid()),
        sa.column("service_session_id", sa.Uuid()),
        sa.column("day", sa.Date()),
        sa.column("detail", sa.JSON()),
    )
    rows = connection.execute(
        sa.select(kept).where(
            kept.c.status == "counted", kept.c.id.in_(sa.select(standing.c.service_record_id))
        )
    )
    told = [one for row in rows for one in _told(row)]
    for begin in range(0, len(told), AT_ONCE):
        connection.execute(sa.insert(table), told[begin : begin + AT_ONCE])


def _told(row: sa.Row) -> list[dict]:
    detail = row.detail if isinstance(row.detail, dict) else json.loads(row.detail)
    return [
        {
            "id": uuid4(),
            "service_session_id": row.service_session_id,
            "month": row.month,
            "day": row.day,
            "expert_id": UUID(expert_id),
            "minutes": minutes,
        }
        for expert_id, minutes in detail["expert_minutes"]
    ]
