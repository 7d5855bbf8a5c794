"""Create the lines of calls and of online meetings."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

KEYS = {
    "service_session_id": "service_sessions",
    "entered_by_id": "accounts",
    "struck_by_id": "accounts",
}
STRUCK = (
    "(struck_at IS NULL) = (struck_by_id IS NULL) AND (struck_at IS NULL) = (struck_reason IS NULL)"
)
REFUSED = "CREATE TRIGGER tr_log_lines_delete BEFORE DELETE ON log_lines"
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "log_lines",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("log_kind", ("call_log", "join_log")), nullable=False),
        sa.Column("party", _enum("party", ("founder", "expert")), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("struck_by_id", sa.Uuid(), nullable=True),
        sa.Column("struck_at", UTCDateTime(), nullable=True),
        sa.Column("struck_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ended_at > started_at", name=op.f("ck_log_lines_span")),
        sa.CheckConstraint(STRUCK, name=op.f("ck_log_lines_struck_with_reason")),
        *(
            sa.ForeignKeyConstraint([key], [f"{to}.id"], name=op.f(f"fk_log_lines_{key}_{to}"))
            for key, to in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_lines")),
    )
    op.create_index(op.f("ix_log_lines_service_session_id"), "log_lines", ["service_session_id"])
    op.execute(REFUSED + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("log_lines")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
