"""Keep the links of letters with which their readers act without signing in."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_links",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=200), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("done", sa.String(length=40), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(used_at IS NULL) = (done IS NULL)", name=op.f("ck_mail_links_used_for_something")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mail_links_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_mail_links_delivery_id_deliveries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_links")),
        sa.UniqueConstraint(
            "delivery_id", "purpose", name=op.f("uq_mail_links_delivery_id_purpose")
        ),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_mail_links_token_sha256")),
    )
    op.create_index(op.f("ix_mail_links_account_id"), "mail_links", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_table("mail_links")
