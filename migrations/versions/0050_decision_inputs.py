"""Keep the inputs of each decision beside their hash, so that others can count again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
    )
    op.add_column("service_records", sa.Column("inputs", kind, nullable=True))


def downgrade() -> None:
    op.drop_column("service_records", "inputs")
