"""Keep from where a letter's link was used, in marks that can only be compared."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

MARKS = ("device", "address")


def upgrade() -> None:
    for name in MARKS:
        op.add_column("mail_links", sa.Column(name, sa.String(length=200), nullable=True))


def downgrade() -> None:
    for name in reversed(MARKS):
        op.drop_column("mail_links", name)
