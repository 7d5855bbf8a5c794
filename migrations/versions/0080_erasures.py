"""Create erasures and the meetings under lock."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

TRIGGERS = (
    "CREATE TRIGGER tr_erasures_update BEFORE UPDATE ON erasures",
    "CREATE TRIGGER tr_erasures_delete BEFORE DELETE ON erasures",
    "CREATE TRIGGER tr_archived_sessions_update BEFORE UPDATE ON archived_sessions",
    "CREATE TRIGGER tr_archived_sessions_delete BEFORE DELETE ON archived_sessions",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "online",
                "signature",
                "thumbprint",
                name="withdrawal_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("filed_at", sa.String(200), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'online') = (filed_at IS NULL)", name=op.f("ck_erasures_paper_is_filed")
        ),
        _key("erasures", "person_id", "persons"),
        _key("erasures", "made_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("person_id", name=op.f("uq_erasures_person_id")),
    )
    op.create_table(
        "archived_sessions",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("erasure_id", sa.Uuid(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("archived_sessions", "service_session_id", "service_sessions"),
        _key("archived_sessions", "erasure_id", "erasures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_sessions")),
        sa.UniqueConstraint(
            "service_session_id", name=op.f("uq_archived_sessions_service_session_id")
        ),
    )
    op.create_index(
        op.f("ix_archived_sessions_erasure_id"), "archived_sessions", ["erasure_id"], unique=False
    )
    for trigger in TRIGGERS:
        op.execute(trigger + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("archived_sessions")
    op.drop_table("erasures")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )
