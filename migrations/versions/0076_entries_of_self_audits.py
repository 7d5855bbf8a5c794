"""Keep how many entries of the trail a self-audit proved."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("self_audits", sa.Column("entries", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("self_audits") as table:
        table.drop_column("entries")
