"""Keep what people want to be sent, by topic and channel."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TOPICS = (
    "meetings",
    "duties",
    "reminders",
    "answers",
    "matching",
    "activities",
    "terms",
    "follow_ups",
    "digest",
)


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(*TOPICS, name="topic", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_preferences_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint(
            "account_id",
            "topic",
            "channel",
            name=op.f("uq_preferences_account_id_topic_channel"),
        ),
    )


def downgrade() -> None:
    op.drop_table("preferences")
