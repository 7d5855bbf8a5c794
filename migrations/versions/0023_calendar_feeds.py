"""Create the feeds that calendars subscribe to."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LIVE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("token_sha256", sa.String(length=200), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (place_id IS NULL)", name=op.f("ck_calendar_feeds_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_calendar_feeds_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_calendar_feeds_place_id_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feeds_token_sha256")),
    )
    for column in ("account_id", "place_id"):
        op.create_index(
            op.f(f"ix_calendar_feeds_{column}"), "calendar_feeds", [column], unique=False
        )
    for name, column in (("account", "account_id"), ("place", "place_id")):
        op.create_index(
            f"uq_calendar_feeds_live_{name}",
            "calendar_feeds",
            [column],
            unique=True,
            postgresql_where=LIVE,
            sqlite_where=LIVE,
        )


def downgrade() -> None:
    op.drop_table("calendar_feeds")
