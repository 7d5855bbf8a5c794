"""Keep when and by which document it became known that a venture has registered."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

KEYS = {"venture_id": "ventures", "noted_by_id": "accounts"}
REFUSED = (
    "CREATE TRIGGER tr_venture_registrations_delete BEFORE DELETE ON venture_registrations",
    "CREATE TRIGGER tr_venture_registrations_update BEFORE UPDATE ON venture_registrations",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "venture_registrations",
        sa.Column("venture_id", sa.Uuid(), nullable=False),
        sa.Column("entity_type", sa.String(40), nullable=False),
        sa.Column("credit_code", sa.String(18), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [key], [f"{to}.id"], name=op.f(f"fk_venture_registrations_{key}_{to}")
            )
            for key, to in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_registrations")),
    )
    op.create_index(
        op.f("ix_venture_registrations_venture_id"), "venture_registrations", ["venture_id"]
    )
    refuse = REFUSE[op.get_bind().dialect.name]
    for trigger in REFUSED:
        op.execute(trigger + refuse)


def downgrade() -> None:
    op.drop_table("venture_registrations")
