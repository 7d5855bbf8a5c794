"""Keep from where records were sent, in marks that can only be compared."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NAME = "record_hands"
KEYS = {"account_id": "accounts", "service_session_id": "service_sessions"}


def upgrade() -> None:
    op.create_table(
        NAME,
        *(sa.Column(key, sa.Uuid(), nullable=False) for key in KEYS),
        sa.Column("device", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint([key], [f"{table}.id"], name=op.f(f"fk_{NAME}_{key}_{table}"))
            for key, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}")),
    )
    for key in KEYS:
        op.create_index(op.f(f"ix_{NAME}_{key}"), NAME, [key], unique=False)


def downgrade() -> None:
    op.drop_table(NAME)
