"""Create waiting entries: places in line for an expert's time or a seat."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_IN_LINE = sa.text("status IN ('waiting', 'offered')")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "waiting_entries",
        sa.Column("kind", _enum("waiting_kind", "expert", "activity"), nullable=False),
        sa.Column("ref_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("modes", JSONValue, nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=False),
        sa.Column("latest_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            _enum("waiting_status", "waiting", "offered", "taken", "left", "lapsed"),
            nullable=False,
        ),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("offered_at", UTCDateTime(), nullable=True),
        sa.Column("offer_until", UTCDateTime(), nullable=True),
        sa.Column("reservation_id", sa.Uuid(), nullable=True),
        sa.Column("passed", JSONValue, nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("latest_on >= earliest_on", name=op.f("ck_waiting_entries_days")),
        sa.CheckConstraint(
            "(status = 'offered') = (offer_until IS NOT NULL)",
            name=op.f("ck_waiting_entries_offered"),
        ),
        sa.CheckConstraint(
            "(status IN ('waiting', 'offered')) = (ended_at IS NULL)",
            name=op.f("ck_waiting_entries_in_line"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_waiting_entries_need_id_needs")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_waiting_entries_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entries")),
    )
    for column in ("need_id", "person_id"):
        op.create_index(op.f(f"ix_waiting_entries_{column}"), "waiting_entries", [column])
    op.create_index("ix_waiting_entries_line", "waiting_entries", ["kind", "ref_id", "joined_at"])
    op.create_index("ix_waiting_entries_reservation", "waiting_entries", ["reservation_id"])
    op.create_index(
        "uq_waiting_entries_person",
        "waiting_entries",
        ["kind", "ref_id", "person_id"],
        unique=True,
        postgresql_where=_IN_LINE,
        sqlite_where=_IN_LINE,
    )


def downgrade() -> None:
    op.drop_table("waiting_entries")
