"""Keep sheets typed in as one batch; let an entry from paper be taken back."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STANDING = "voided_at IS NULL"
STEP = (
    "INSERT INTO booking_transitions (id, from_status, to_status)"
    " VALUES ('000000000000000000000000000003e8', 'fulfilled', 'cancelled')"
)
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER {0} BEFORE DELETE ON {1}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER {0} BEFORE DELETE ON {1}"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.add_column("service_sessions", sa.Column("voided_at", UTCDateTime(), nullable=True))
    op.execute(STEP)
    _create_sheets()
    refusal = NEVER_DELETED[op.get_bind().dialect.name]
    op.execute(refusal.format("tr_paper_sheets_delete", "paper_sheets"))
    op.execute(refusal.format("tr_paper_sheet_rows_delete", "paper_sheet_rows"))


def downgrade() -> None:
    op.drop_table("paper_sheet_rows")
    op.drop_table("paper_sheets")
    op.execute(
        "DELETE FROM booking_transitions"
        " WHERE from_status = 'fulfilled' AND to_status = 'cancelled'"
    )
    op.drop_column("service_sessions", "voided_at")


def _create_sheets() -> None:
    op.create_table(
        "paper_sheets",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("street", sa.String(length=40), nullable=True),
        sa.Column("filed_at", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("voided_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_paper_sheets_entered_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheets")),
    )
    op.create_index(
        "uq_paper_sheets_number",
        "paper_sheets",
        ["number"],
        unique=True,
        postgresql_where=sa.text(STANDING),
        sqlite_where=sa.text(STANDING),
    )
    op.create_table(
        "paper_sheet_rows",
        sa.Column("paper_sheet_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_sheet_id"],
            ["paper_sheets.id"],
            name=op.f("fk_paper_sheet_rows_paper_sheet_id_paper_sheets"),
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_paper_sheet_rows_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet_rows")),
        sa.UniqueConstraint(
            "paper_sheet_id", "position", name=op.f("uq_paper_sheet_rows_paper_sheet_id_position")
        ),
        sa.UniqueConstraint(
            "service_session_id", name=op.f("uq_paper_sheet_rows_service_session_id")
        ),
    )
