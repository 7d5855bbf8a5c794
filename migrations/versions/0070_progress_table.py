"""Create the progress table: rounds, entries, and the steps each went through."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

STATUSES = ("open", "draft", "submitted", "returned", "signed")
EVENTS = ("save", "submit", "return", "sign")
REFUSED = (
    "CREATE TRIGGER tr_progress_rounds_delete BEFORE DELETE ON progress_rounds",
    "CREATE TRIGGER tr_progress_entries_delete BEFORE DELETE ON progress_entries",
    "CREATE TRIGGER tr_progress_steps_update BEFORE UPDATE ON progress_steps",
    "CREATE TRIGGER tr_progress_steps_delete BEFORE DELETE ON progress_steps",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "progress_rounds",
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_progress_rounds_period")),
        _foreign("progress_rounds", "opened_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_rounds")),
        sa.UniqueConstraint("period", name=op.f("uq_progress_rounds_period")),
    )
    _entries()
    _steps()
    refuse = REFUSE[op.get_bind().dialect.name]
    for trigger in REFUSED:
        op.execute(trigger + refuse)


def downgrade() -> None:
    op.drop_table("progress_steps")
    op.drop_table("progress_entries")
    op.drop_table("progress_rounds")


def _entries() -> None:
    table = "progress_entries"
    op.create_table(
        table,
        sa.Column("progress_round_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(40), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("status", _enum("progress_status", STATUSES), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("figures", JSONValue, nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("item BETWEEN 1 AND 20", name=op.f("ck_progress_entries_item")),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'signed') OR submitted_at IS NOT NULL",
            name=op.f("ck_progress_entries_submitted"),
        ),
        sa.CheckConstraint("steps >= 0", name=op.f("ck_progress_entries_steps")),
        _foreign(table, "progress_round_id", "progress_rounds"),
        _foreign(table, "submitted_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_entries")),
        sa.UniqueConstraint(
            "progress_round_id",
            "item",
            "department",
            name=op.f("uq_progress_entries_progress_round_id_item_department"),
        ),
    )


def _steps() -> None:
    table = "progress_steps"
    op.create_table(
        table,
        sa.Column("progress_entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", _enum("progress_event", EVENTS), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("figures", JSONValue, nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("event <> 'save'", name=op.f("ck_progress_steps_event")),
        _foreign(table, "progress_entry_id", "progress_entries"),
        _foreign(table, "by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_steps")),
        sa.UniqueConstraint(
            "progress_entry_id", "number", name=op.f("uq_progress_steps_progress_entry_id_number")
        ),
    )


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
