"""Create tasks of the bureau."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER tr_tasks_delete BEFORE DELETE ON tasks"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER tr_tasks_delete BEFORE DELETE ON tasks"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("facts", JSONValue, nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("due_by", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "ending",
            sa.Enum(
                "done",
                "settled",
                name="task_end",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name=op.f("ck_tasks_ending")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["accounts.id"], name=op.f("fk_tasks_closed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_subject_id"), "tasks", ["subject_id"], unique=False)
    op.create_index(op.f("ix_tasks_closed_at"), "tasks", ["closed_at"], unique=False)
    op.create_index(
        "uq_tasks_open",
        "tasks",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.execute(NEVER_DELETED[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("tasks")
