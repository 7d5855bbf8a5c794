"""Create the decisions that stand, in columns that a report can sum, from the ledger."""

import json
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

ADVICE = ("consultation", "diagnosis", "tutoring")
AT_ONCE = 1000


def upgrade() -> None:
    records = op.create_table(
        "standing_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("service_record_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(40), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        *(
            sa.Column(name, sa.String(40), nullable=name != "session_type")
            for name in (
                "apart",
                "reason",
                "session_type",
                "department",
                "area",
                "street",
                "industry",
                "expert_category",
                "confirmation",
            )
        ),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in (
                "minutes",
                "mentor_minutes",
                "persons",
                "anonymous_heads",
                "review_projects",
            )
        ),
        sa.Column("venture_id", sa.Uuid(), nullable=True),
        sa.Column("is_enterprise", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_standing_records"),
        sa.UniqueConstraint("service_session_id", name="uq_standing_records_service_session_id"),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name="fk_standing_records_service_session_id_service_sessions",
        ),
        sa.ForeignKeyConstraint(
            ["service_record_id"],
            ["service_records.id"],
            name="fk_standing_records_service_record_id_service_records",
        ),
    )
    op.create_index("ix_standing_records_month_status", "standing_records", ["month", "status"])
    persons = op.create_table(
        "standing_persons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(40), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_standing_persons"),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name="fk_standing_persons_service_session_id_service_sessions",
        ),
    )
    op.create_index(
        "ix_standing_persons_service_session_id", "standing_persons", ["service_session_id"]
    )
    op.create_index("ix_standing_persons_month_person", "standing_persons", ["month", "person_id"])
    _fill(records, persons)


def downgrade() -> None:
    op.drop_table("standing_persons")
    op.drop_table("standing_records")


def _fill(records: sa.Table, persons: sa.Table) -> None:
    connection = op.get_bind()
    kept = sa.table(
        "service_records",
        *map(sa.column, ("number", "month")),
        sa.column("id", sa.Uuid()),
        sa.column("service_session_id", sa.Uuid()),
        sa.column("detail", sa.JSON()),
    )
    later = kept.alias()
    newest = sa.select(kept).where(
        ~sa.exists().where(
            later.c.service_session_id == kept.c.service_session_id,
            later.c.number > kept.c.number,
        )
    )
    rows = [_taken_apart(row) for row in connection.execute(newest)]
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        connection.execute(sa.insert(records), [record for record, _ in some])
        people = [person for _, heads in some for person in heads]
        if people:
            connection.execute(sa.insert(persons), people)


def _taken_apart(row: sa.Row) -> tuple[dict, list[dict]]:
    detail = row.detail if isinstance(row.detail, dict) else json.loads(row.detail)
    is_counted = detail["status"] == "counted"
    started_at = datetime.fromisoformat(detail["started_at"])
    venture = detail["venture"] if is_counted and detail["session_type"] in ADVICE else None
    registered_on = venture and venture["registered_on"]
    shared = {
        "service_session_id": row.service_session_id,
        "month": row.month,
        "started_at": started_at,
    }
    record = {
        **shared,
        "id": uuid4(),
        "service_record_id": row.id,
        "status": detail["status"],
        "apart": detail["column"],
        "reason": detail["reason"],
        "session_type": detail["session_type"],
        **{name: detail["dimensions"][name] for name in ("department", "area", "street")},
        "industry": detail["dimensions"]["industry"],
        "expert_category": detail["expert_category"],
        "confirmation": detail["confirmation"],
        "minutes": detail["minutes"],
        "mentor_minutes": sum(minutes for _, minutes in detail["expert_minutes"]),
        "persons": len(detail["person_ids"]),
        "anonymous_heads": detail["anonymous_heads"],
        "review_projects": detail["review_projects"],
        "venture_id": UUID(venture["venture_id"]) if venture else None,
        "is_enterprise": bool(registered_on and registered_on <= detail["day"]),
    }
    heads = [
        {**shared, "id": uuid4(), "person_id": UUID(person), "group_code": group}
        for person, group in (detail["groups"] if is_counted else ())
    ]
    return record, heads
