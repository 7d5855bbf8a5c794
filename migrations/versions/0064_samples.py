"""Create samples drawn for an audit and the calls about them; let a correction name its call."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.db import JSONValue, UTCDateTime

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

BASES = ("first", "newest")
RESULTS = ("agreed", "differs", "not_reached")
REFUSED = (
    "CREATE TRIGGER tr_samples_update BEFORE UPDATE ON samples",
    "CREATE TRIGGER tr_samples_delete BEFORE DELETE ON samples",
    "CREATE TRIGGER tr_sample_calls_update BEFORE UPDATE ON sample_calls",
    "CREATE TRIGGER tr_sample_calls_delete BEFORE DELETE ON sample_calls",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
JSON_OR_NULL = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
REACHED = sa.text("result <> 'not_reached'")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _create_samples()
    _create_calls()
    op.add_column("corrections", sa.Column("sample_call_id", sa.Uuid(), nullable=True))
    if dialect == "postgresql":
        op.execute("CREATE SEQUENCE reference_sample")
    for trigger in REFUSED:
        op.execute(trigger + REFUSE[dialect])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE reference_sample")
    op.drop_column("corrections", "sample_call_id")
    op.drop_table("sample_calls")
    op.drop_table("samples")


def _create_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("first_month", sa.String(40), nullable=False),
        sa.Column("last_month", sa.String(40), nullable=False),
        sa.Column("basis", _enum("basis", BASES), nullable=False),
        sa.Column("head_number", sa.Integer(), nullable=False),
        sa.Column("head_digest", sa.String(200), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("seed", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("quotas", JSON_OR_NULL, nullable=True),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("list_sha256", sa.String(200), nullable=False),
        sa.Column("session_ids", JSONValue, nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("size BETWEEN 1 AND population", name=op.f("ck_samples_size")),
        sa.CheckConstraint("first_month <= last_month", name=op.f("ck_samples_months")),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["accounts.id"], name=op.f("fk_samples_drawn_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("reference", name=op.f("uq_samples_reference")),
    )


def _create_calls() -> None:
    table = "sample_calls"
    op.create_table(
        table,
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("called", sa.String(200), nullable=False),
        sa.Column("called_at", UTCDateTime(), nullable=False),
        sa.Column("result", _enum("sample_result", RESULTS), nullable=False),
        sa.Column("differs", sa.String(200), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(result = 'differs') = (differs <> '')", name=op.f("ck_sample_calls_differs")
        ),
        sa.CheckConstraint(
            "result <> 'differs' OR said IS NOT NULL", name=op.f("ck_sample_calls_said")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
            )
            for column, other in (
                ("sample_id", "samples"),
                ("service_session_id", "service_sessions"),
                ("person_id", "persons"),
                ("officer_id", "accounts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_calls")),
    )
    for column in ("sample_id", "service_session_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index(
        "uq_sample_calls_answered",
        table,
        ["sample_id", "service_session_id"],
        unique=True,
        postgresql_where=REACHED,
        sqlite_where=REACHED,
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
