"""Create the laws that columns cannot state: exclusive claims, legal steps, append-only rows."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GUARDS = Path(__file__).parents[1] / "guards"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    text = (GUARDS / f"0010_{dialect}.sql").read_text(encoding="utf-8")
    for statement in text.strip().split("\n\n"):
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))


def downgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        _downgrade_postgresql()
    else:
        names = bind.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            bind.exec_driver_sql(f"DROP TRIGGER {name}")
        op.drop_table("reference_numbers")
    op.execute("DELETE FROM booking_transitions")


def _downgrade_postgresql() -> None:
    op.execute("ALTER TABLE resource_claims DROP CONSTRAINT ex_resource_claims_no_overlap")
    for function in ("refuse_booking_step", "refuse_change", "refuse_entry_change"):
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for noun in ("need", "booking", "service_session", "dispute"):
        op.execute(f"DROP SEQUENCE reference_{noun}")
