"""Create experts' own calendars, where they come from, and when they say busy."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

FAULTS = (
    "address_refused",
    "unreachable",
    "too_many_redirects",
    "too_large",
    "not_a_calendar",
    "not_utf8",
    "too_many_events",
    "too_many_times",
    "rule_refused",
    "zone_unknown",
    "too_slow",
)


def upgrade() -> None:
    op.create_table(
        "busy_calendars",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("source", _enum("calendar_source", "address", "file"), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.Column("known_until", UTCDateTime(), nullable=True),
        sa.Column("tried_at", UTCDateTime(), nullable=True),
        sa.Column("fault", _enum("fault", *FAULTS), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(read_at IS NULL) = (known_until IS NULL)",
            name=op.f("ck_busy_calendars_known_since_read"),
        ),
        _to("busy_calendars", "expert_id", "experts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_calendars")),
    )
    op.create_index(
        op.f("ix_busy_calendars_expert_id"), "busy_calendars", ["expert_id"], unique=False
    )
    op.create_table(
        "busy_sources",
        sa.Column("busy_calendar_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _to("busy_sources", "busy_calendar_id", "busy_calendars"),
        _to("busy_sources", "expert_id", "experts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_sources")),
        sa.UniqueConstraint("busy_calendar_id", name=op.f("uq_busy_sources_busy_calendar_id")),
        sa.UniqueConstraint("expert_id", "address", name=op.f("uq_busy_sources_expert_id_address")),
    )
    _create_spans()


def _create_spans() -> None:
    op.create_table(
        "busy_spans",
        sa.Column("busy_calendar_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_spans_span")),
        _to("busy_spans", "busy_calendar_id", "busy_calendars"),
        _to("busy_spans", "expert_id", "experts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_spans")),
    )
    op.create_index(
        op.f("ix_busy_spans_busy_calendar_id"), "busy_spans", ["busy_calendar_id"], unique=False
    )
    op.create_index(
        "ix_busy_spans_expert_start", "busy_spans", ["expert_id", "starts_at"], unique=False
    )


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def downgrade() -> None:
    for table in ("busy_spans", "busy_sources", "busy_calendars"):
        op.drop_table(table)
