"""Create the stand-downs of experts, and let one hold a booking back."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

NAME = "ck_suspensions_suspension_cause"
CAUSES = "cause IN ('calendar', 'leave', 'term', 'dismissal', 'place'{0})"
STAND_DOWN = ", 'stand_down'"
TRIGGER = "CREATE TRIGGER tr_stand_downs_delete BEFORE DELETE ON stand_downs"
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
CHECKS = {
    "span": "last_on >= first_on",
    "lifted_by_somebody": "(lifted_at IS NULL) = (lifted_by_id IS NULL)",
}


def upgrade() -> None:
    op.create_table(
        "stand_downs",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ordered_by_id", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", UTCDateTime(), nullable=False),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.CheckConstraint(law, name=op.f(f"ck_stand_downs_{name}"))
            for name, law in CHECKS.items()
        ),
        _key("expert_id", "experts"),
        _key("ordered_by_id", "accounts"),
        _key("lifted_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_downs")),
    )
    op.create_index(op.f("ix_stand_downs_expert_id"), "stand_downs", ["expert_id"], unique=False)
    op.execute(TRIGGER + REFUSE[op.get_bind().dialect.name])
    _set_causes(CAUSES.format(""), CAUSES.format(STAND_DOWN))


def downgrade() -> None:
    held = sa.text("SELECT count(*) FROM suspensions WHERE cause = 'stand_down'")
    if op.get_bind().execute(held).scalar_one():
        raise RuntimeError("bookings held back by a stand-down have no place in the older table")
    _set_causes(CAUSES.format(STAND_DOWN), CAUSES.format(""))
    op.drop_table("stand_downs")


def _set_causes(before: str, after: str) -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f(NAME), "suspensions", type_="check")
        op.create_check_constraint(op.f(NAME), "suspensions", after)
        return
    # As in 0020: SQLite alters no check, but lets the text of one that fits the rows be edited.
    known = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?)"
        " WHERE type = 'table' AND name = 'suspensions'",
        (before, after),
    )
    bind.exec_driver_sql(f"PRAGMA schema_version = {known + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_stand_downs_{column}_{target}")
    )
