"""Let a check-in at the counter be taken back, with whom it let in."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NAME = "ck_desk_entries_entry_kind"
KINDS = "kind IN ('person', 'need', 'booking', 'sheet'{0})"
ARRIVAL = ", 'arrival'"


def upgrade() -> None:
    op.add_column("attendances", sa.Column("voided_at", UTCDateTime(), nullable=True))
    op.add_column("desk_entries", sa.Column("before", JSONValue, nullable=True))
    _set_kinds(KINDS.format(""), KINDS.format(ARRIVAL))


def downgrade() -> None:
    noted = sa.text("SELECT count(*) FROM desk_entries WHERE kind = 'arrival'")
    if op.get_bind().execute(noted).scalar_one():
        raise RuntimeError("check-ins noted at a counter have no place in the tables as they were")
    _set_kinds(KINDS.format(ARRIVAL), KINDS.format(""))
    op.drop_column("desk_entries", "before")
    op.drop_column("attendances", "voided_at")


def _set_kinds(before: str, after: str) -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f(NAME), "desk_entries", type_="check")
        op.create_check_constraint(op.f(NAME), "desk_entries", after)
        return
    # As in 0020: SQLite alters no check, but lets the text of one that fits the rows be edited.
    known = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?)"
        " WHERE type = 'table' AND name = 'desk_entries'",
        (before, after),
    )
    bind.exec_driver_sql(f"PRAGMA schema_version = {known + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")
