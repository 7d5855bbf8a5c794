"""Create time offers: other times that one side of a booking puts before the other."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OPEN = sa.text("status = 'open'")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "time_offers",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("offer_kind", "counter", "move"), nullable=False),
        sa.Column("side", _enum("side", "founder", "mentor", "bureau", "system"), nullable=False),
        sa.Column("times", JSONValue, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "status",
            _enum("offer_status", "open", "taken", "declined", "lapsed", "withdrawn"),
            nullable=False,
        ),
        sa.Column("offered_at", UTCDateTime(), nullable=False),
        sa.Column("answer_by", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("taken_starts_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (ended_at IS NULL)", name=op.f("ck_time_offers_ended")
        ),
        sa.CheckConstraint(
            "(status = 'taken') = (taken_starts_at IS NOT NULL)", name=op.f("ck_time_offers_taken")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_time_offers_booking_id_bookings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_offers")),
    )
    op.create_index(op.f("ix_time_offers_booking_id"), "time_offers", ["booking_id"], unique=False)
    op.create_index(
        "uq_time_offers_open",
        "time_offers",
        ["booking_id"],
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("time_offers")
