"""Create dismissals, reasons for renewing short terms, and claims."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db import UTCDateTime

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

GROUNDS = (
    "short_term",
    "absences",
    "missed_recusal",
    "solicited",
    "false_record",
    "misconduct",
    "own_request",
)
STATUSES = ("proposed", "heard", "approved", "refused")
CLAIM_STATUSES = ("claimed", "approved", "refused")
OPEN = sa.text("status IN ('proposed', 'heard')")
REFUSED = (
    "CREATE TRIGGER tr_dismissals_delete BEFORE DELETE ON dismissals",
    "CREATE TRIGGER tr_claims_delete BEFORE DELETE ON claims",
    "CREATE TRIGGER tr_renewal_reasons_update BEFORE UPDATE ON renewal_reasons",
    "CREATE TRIGGER tr_renewal_reasons_delete BEFORE DELETE ON renewal_reasons",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    _dismissals()
    _renewal_reasons()
    _claims()
    for trigger in REFUSED:
        op.execute(trigger + REFUSE[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("claims")
    op.drop_table("renewal_reasons")
    op.drop_table("dismissals")


def _dismissals() -> None:
    op.create_table(
        "dismissals",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("ground", _enum("ground", GROUNDS), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("status", _enum("dismissal_status", STATUSES), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("hear_by", UTCDateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("heard_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("document", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_dismissals_two"),
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'refused')) = (decided_at IS NOT NULL)",
            name=op.f("ck_dismissals_decided"),
        ),
        sa.CheckConstraint(
            "(heard_at IS NULL) = (words IS NULL)", name=op.f("ck_dismissals_heard")
        ),
        _key("dismissals", "expert_id", "experts"),
        _key("dismissals", "proposed_by_id", "accounts"),
        _key("dismissals", "decided_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissals")),
    )
    op.create_index(op.f("ix_dismissals_expert_id"), "dismissals", ["expert_id"], unique=False)
    op.create_index(
        "uq_dismissals_open",
        "dismissals",
        ["expert_id"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )


def _renewal_reasons() -> None:
    op.create_table(
        "renewal_reasons",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("renewal_reasons", "appointment_id", "appointments"),
        _key("renewal_reasons", "made_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_reasons")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_renewal_reasons_appointment_id")),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("venture_id", sa.Uuid(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("amount_yuan", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(200), nullable=False),
        sa.Column("status", _enum("claim_status", CLAIM_STATUSES), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> made_by_id",
            name=op.f("ck_claims_two_people"),
        ),
        sa.CheckConstraint(
            "(status = 'claimed') = (checked_by_id IS NULL)", name=op.f("ck_claims_checked")
        ),
        sa.CheckConstraint(
            "(checked_by_id IS NULL) = (checked_at IS NULL)", name=op.f("ck_claims_checked_once")
        ),
        sa.CheckConstraint("amount_yuan >= 0", name=op.f("ck_claims_amount")),
        _key("claims", "expert_id", "experts"),
        _key("claims", "venture_id", "ventures"),
        _key("claims", "made_by_id", "accounts"),
        _key("claims", "checked_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("expert_id", "venture_id", name=op.f("uq_claims_expert_id_venture_id")),
    )
    op.create_index(op.f("ix_claims_venture_id"), "claims", ["venture_id"], unique=False)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
