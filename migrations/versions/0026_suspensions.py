"""Create what holds bookings back."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER tr_suspensions_delete BEFORE DELETE ON suspensions"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER tr_suspensions_delete BEFORE DELETE ON suspensions"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "suspensions",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "calendar",
                "leave",
                "term",
                "dismissal",
                "place",
                name="suspension_cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ref_id", sa.Uuid(), nullable=True),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("decide_by", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_suspensions_booking_id_bookings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    for column in ("booking_id", "ref_id"):
        op.create_index(op.f(f"ix_suspensions_{column}"), "suspensions", [column], unique=False)
    op.create_index(
        "uq_suspensions_open",
        "suspensions",
        ["booking_id", "cause"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.execute(NEVER_DELETED[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("suspensions")
