"""Create places and the days on which one is shut; let a booking name its place."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

IN_USE = sa.text("retired_at IS NULL")
# SQLite adds a key only together with its column.
BOOKED_AT = {
    "postgresql": "ALTER TABLE bookings ADD COLUMN place_id UUID"
    " CONSTRAINT fk_bookings_place_id_places REFERENCES places (id)",
    "sqlite": "ALTER TABLE bookings ADD COLUMN place_id CHAR(32)"
    " CONSTRAINT fk_bookings_place_id_places REFERENCES places (id)",
}
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER tr_places_delete BEFORE DELETE ON places"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER tr_places_delete BEFORE DELETE ON places"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        "places",
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "room",
                "station",
                name="place_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("street", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("equipment", JSONValue, nullable=False),
        sa.Column("hours", JSONValue, nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_places_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("code", name=op.f("uq_places_code")),
    )
    op.create_index(
        "uq_places_name",
        "places",
        ["name"],
        unique=True,
        postgresql_where=IN_USE,
        sqlite_where=IN_USE,
    )
    op.execute(NEVER_DELETED[dialect])
    _create_closings()
    op.execute(BOOKED_AT[dialect])
    op.create_index(op.f("ix_bookings_place_id"), "bookings", ["place_id"], unique=False)


def _create_closings() -> None:
    op.create_table(
        "place_closings",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "starts_minute >= 0 AND ends_minute > starts_minute AND ends_minute <= 1440",
            name=op.f("ck_place_closings_span"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_place_closings_place_id_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_closings")),
        sa.UniqueConstraint(
            "place_id",
            "day",
            "starts_minute",
            name=op.f("uq_place_closings_place_id_day_starts_minute"),
        ),
    )
    op.create_index(
        op.f("ix_place_closings_place_id"), "place_closings", ["place_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_bookings_place_id"), "bookings")
    op.drop_column("bookings", "place_id")
    op.drop_table("place_closings")
    op.drop_table("places")
