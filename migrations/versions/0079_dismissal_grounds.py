"""Let a dismissal name every ground of the closed list."""

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

CHECK = "ck_dismissals_ground"
OLD = (
    "short_term",
    "absences",
    "missed_recusal",
    "solicited",
    "false_record",
    "misconduct",
    "own_request",
)
NEW = ("low_score", "harm_credibility", "leak_secret", "no_longer_qualified")


def upgrade() -> None:
    _change(OLD, (*OLD, *NEW))


def downgrade() -> None:
    # With a dismissal on one of the later grounds the step back is refused as a whole.
    _change((*OLD, *NEW), OLD)


def _change(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f(CHECK), "dismissals", type_="check")
        op.create_check_constraint(op.f(CHECK), "dismissals", f"ground IN ({_listed(after)})")
        return
    _rebuild(_listed(before), _listed(after))


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def _rebuild(before: str, after: str) -> None:
    """Make the table anew with its index and trigger, for SQLite changes no check in place."""
    bind = op.get_bind()
    rows = bind.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'dismissals' AND sql NOT NULL"
    ).all()
    (shape,) = (sql for kind, sql in rows if kind == "table")
    if shape.count(before) != 1:
        raise RuntimeError("the table of dismissals has another form than expected")
    for step in (
        "CREATE TABLE kept_dismissals AS SELECT * FROM dismissals",
        "DROP TABLE dismissals",
        shape.replace(before, after),
        "INSERT INTO dismissals SELECT * FROM kept_dismissals",
        "DROP TABLE kept_dismissals",
    ):
        bind.exec_driver_sql(step)
    for kind, sql in rows:
        if kind != "table":
            bind.exec_driver_sql(sql)
