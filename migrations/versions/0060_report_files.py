"""Create reports as files, with their bytes in parts."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

FORMATS = ("workbook", "text")
STATUSES = ("waiting", "making", "ready", "failed", "forgotten")
UNDER_WAY = sa.text("status IN ('waiting', 'making')")


def upgrade() -> None:
    op.create_table(
        "report_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stretch", sa.String(40), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(200), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=True),
        sa.Column("kept_until", UTCDateTime(), nullable=True),
        sa.CheckConstraint(f"format IN {FORMATS}", name="report_format"),
        sa.CheckConstraint(f"status IN {STATUSES}", name="report_file_status"),
        sa.PrimaryKeyConstraint("id", name="pk_report_files"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name="fk_report_files_asked_by_id_accounts"
        ),
    )
    op.create_index(
        "uq_report_files_under_way",
        "report_files",
        ["stretch", "format"],
        unique=True,
        postgresql_where=UNDER_WAY,
        sqlite_where=UNDER_WAY,
    )
    op.create_table(
        "report_file_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_file_parts"),
        sa.UniqueConstraint(
            "report_file_id", "number", name="uq_report_file_parts_report_file_id_number"
        ),
        sa.ForeignKeyConstraint(
            ["report_file_id"],
            ["report_files.id"],
            name="fk_report_file_parts_report_file_id_report_files",
        ),
    )


def downgrade() -> None:
    op.drop_table("report_file_parts")
    op.drop_table("report_files")
