"""Create the dated policy of what a mentor owes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db import UTCDateTime

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

REFUSED = (
    "CREATE TRIGGER tr_duty_policies_update BEFORE UPDATE ON duty_policies",
    "CREATE TRIGGER tr_duty_policies_delete BEFORE DELETE ON duty_policies",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "duty_policies",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rules", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_policies")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_duty_policies_valid_from")),
    )
    for trigger in REFUSED:
        op.execute(trigger + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("duty_policies")
