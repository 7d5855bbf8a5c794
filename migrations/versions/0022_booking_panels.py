"""Let a booking hold several experts with a quorum, and name who comes with the founder."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ALONE = {"quorum": (sa.Integer(), "1"), "alternates": (JSONValue, "[]")}
ANSWERED = {
    "answered_at": UTCDateTime(),
    "reason": sa.String(length=40),
    "is_late": sa.Boolean(),
    "is_excused": sa.Boolean(),
}


def upgrade() -> None:
    for name, (kind, default) in ALONE.items():
        op.add_column(
            "bookings",
            sa.Column(name, kind, nullable=False, server_default=sa.text(f"'{default}'")),
        )
    for name, column in ANSWERED.items():
        op.add_column("booking_experts", sa.Column(name, column, nullable=True))
    op.create_table(
        "booking_founders",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_founders_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_booking_founders_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_founders")),
        sa.UniqueConstraint(
            "booking_id", "person_id", name=op.f("uq_booking_founders_booking_id_person_id")
        ),
    )
    for column in ("booking_id", "person_id"):
        op.create_index(
            op.f(f"ix_booking_founders_{column}"), "booking_founders", [column], unique=False
        )


def downgrade() -> None:
    op.drop_table("booking_founders")
    for name in ANSWERED:
        op.drop_column("booking_experts", name)
    for name in ALONE:
        op.drop_column("bookings", name)
