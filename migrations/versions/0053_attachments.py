"""Create the files of meetings; their bytes lie outside."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

KINDS = ("call_log", "join_log", "scan", "photo", "presentation", "registry_extract", "other")
TYPES = ("pdf", "png", "jpeg", "docx", "xlsx", "pptx", "csv", "txt")
KEYS = {
    "service_session_id": "service_sessions",
    "added_by_id": "accounts",
    "struck_by_id": "accounts",
}
STRUCK = (
    "(struck_at IS NULL) = (struck_by_id IS NULL) AND (struck_at IS NULL) = (struck_reason IS NULL)"
)
REFUSED = "CREATE TRIGGER tr_attachments_delete BEFORE DELETE ON attachments"
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("attachment_kind", KINDS), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("file_type", _enum("file_type", TYPES), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("is_for_both", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("struck_by_id", sa.Uuid(), nullable=True),
        sa.Column("struck_at", UTCDateTime(), nullable=True),
        sa.Column("struck_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachments_size")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_attachments_sha256")),
        sa.CheckConstraint(STRUCK, name=op.f("ck_attachments_struck_with_reason")),
        *(
            sa.ForeignKeyConstraint([key], [f"{to}.id"], name=op.f(f"fk_attachments_{key}_{to}"))
            for key, to in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(
        op.f("ix_attachments_service_session_id"), "attachments", ["service_session_id"]
    )
    op.create_index(op.f("ix_attachments_sha256"), "attachments", ["sha256"])
    op.create_index(
        "uq_attachments_once",
        "attachments",
        ["service_session_id", "kind", "sha256", "added_by_id"],
        unique=True,
        postgresql_where=sa.text("struck_at IS NULL"),
        sqlite_where=sa.text("struck_at IS NULL"),
    )
    op.execute(REFUSED + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("attachments")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
