"""Create withdrawals of consent, seals of groups, and the groups a closed month published."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

TRIGGERS = (
    "CREATE TRIGGER tr_consent_withdrawals_update BEFORE UPDATE ON consent_withdrawals",
    "CREATE TRIGGER tr_consent_withdrawals_delete BEFORE DELETE ON consent_withdrawals",
    "CREATE TRIGGER tr_published_groups_update BEFORE UPDATE ON published_groups",
    "CREATE TRIGGER tr_published_groups_delete BEFORE DELETE ON published_groups",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "consent_withdrawals",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", _codes("purpose", "service", "sensitive_group"), nullable=False),
        sa.Column(
            "kind", _codes("withdrawal_kind", "online", "signature", "thumbprint"), nullable=False
        ),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("filed_at", sa.String(200), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'online') = (filed_at IS NULL)",
            name=op.f("ck_consent_withdrawals_paper_is_filed"),
        ),
        _key("consent_withdrawals", "person_id", "persons"),
        _key("consent_withdrawals", "consent_id", "consents"),
        _key("consent_withdrawals", "made_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_withdrawals")),
        sa.UniqueConstraint("consent_id", name=op.f("uq_consent_withdrawals_consent_id")),
    )
    op.create_index(
        op.f("ix_consent_withdrawals_person_id"), "consent_withdrawals", ["person_id"], unique=False
    )
    op.create_table(
        "published_groups",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("figures", JSONValue, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("published_groups", "period_id", "periods"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_groups")),
        sa.UniqueConstraint("period_id", name=op.f("uq_published_groups_period_id")),
    )
    for trigger in TRIGGERS:
        op.execute(trigger + REFUSE[op.get_bind().dialect.name])
    op.add_column("founder_groups", sa.Column("seal", sa.String(40), nullable=True))
    op.create_index("uq_founder_groups_seal", "founder_groups", ["seal"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_founder_groups_seal", "founder_groups")
    op.drop_column("founder_groups", "seal")
    op.drop_table("published_groups")
    op.drop_table("consent_withdrawals")


def _codes(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )
