"""Let seals be signed, and say how they are hashed."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "audit_seals",
        sa.Column(
            "algorithm", sa.String(length=40), nullable=False, server_default=sa.text("'sha256'")
        ),
    )
    op.add_column("audit_seals", sa.Column("key_id", sa.String(length=200), nullable=True))
    op.add_column("audit_seals", sa.Column("signature", sa.String(length=200), nullable=True))


def downgrade() -> None:
    bind = op.get_bind()
    signed = sa.text("SELECT count(*) FROM audit_seals WHERE signature IS NOT NULL")
    if bind.execute(signed).scalar_one():
        raise RuntimeError("signatures of seals have no place in the table as it was")
    op.drop_column("audit_seals", "signature")
    op.drop_column("audit_seals", "key_id")
    op.drop_column("audit_seals", "algorithm")
