"""Keep stage, topics, effects and referral with a record, and what both sides signed."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONOrNull

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

COLUMNS = {
    "outcome_versions": (
        ("stage", sa.String(40)),
        ("topics", JSONOrNull),
        ("effects", JSONOrNull),
        ("referral", JSONOrNull),
        ("signed_name", sa.String(200)),
        ("text_sha256", sa.String(64)),
    ),
    "confirmations": (
        ("signed_name", sa.String(200)),
        ("text_sha256", sa.String(64)),
    ),
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, _kind in reversed(columns):
            op.drop_column(table, name)
