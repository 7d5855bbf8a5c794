"""Create the certificates issued to experts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db import UTCDateTime

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

KINDS = ("service", "appointment")
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
WITHDRAWN = (
    "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"
    " AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)"
)


def upgrade() -> None:
    op.create_table(
        "certificates",
        sa.Column("kind", _enum("certificate_kind", KINDS), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(200), nullable=False),
        sa.Column("code_sha256", sa.String(200), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_certificates_span")),
        sa.CheckConstraint(WITHDRAWN, name=op.f("ck_certificates_withdrawn_by_somebody")),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_certificates_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["accounts.id"], name=op.f("fk_certificates_issued_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["accounts.id"],
            name=op.f("fk_certificates_withdrawn_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_certificates_code_sha256")),
    )
    op.create_index(op.f("ix_certificates_expert_id"), "certificates", ["expert_id"], unique=False)
    op.execute(
        "CREATE TRIGGER tr_certificates_delete BEFORE DELETE ON certificates"
        + REFUSE[op.get_bind().dialect.name]
    )


def downgrade() -> None:
    op.drop_table("certificates")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
