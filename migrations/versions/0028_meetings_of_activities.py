"""Let an activity own claims on time and lead to a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ONE_OWNER = "(booking_id IS NULL) <> (activity_id IS NULL)"
ORIGIN = (
    "(activity_id IS NULL) = (booking_id IS NOT NULL)"
    " AND (activity_id IS NULL) = (need_id IS NOT NULL)"
    " AND (activity_id IS NULL) = (founder_person_id IS NOT NULL)"
)
# By table: the columns that may be empty from now on, what is new, the keys and checks.
LOOSENED = {
    "resource_claims": ("booking_id",),
    "service_sessions": ("booking_id", "need_id", "founder_person_id"),
}
ADDED = {
    "resource_claims": {"activity_id": sa.Uuid()},
    "service_sessions": {"activity_id": sa.Uuid(), "review_projects": sa.Integer()},
}
CONSTRAINTS = {
    "resource_claims": {
        "fk_resource_claims_activity_id_activities": "FOREIGN KEY(activity_id)"
        " REFERENCES activities (id)",
        "uq_resource_claims_activity_id_resource_id": "UNIQUE (activity_id, resource_id)",
        "ck_resource_claims_one_owner": f"CHECK ({ONE_OWNER})",
    },
    "service_sessions": {
        "fk_service_sessions_activity_id_activities": "FOREIGN KEY(activity_id)"
        " REFERENCES activities (id)",
        "uq_service_sessions_activity_id": "UNIQUE (activity_id)",
        "ck_service_sessions_origin": f"CHECK ({ORIGIN})",
    },
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in LOOSENED:
        if is_sqlite:
            _rebuild(table, loosen=True)
        else:
            _alter(table)
    op.execute("ALTER TABLE attendances ADD COLUMN recused_minutes INTEGER")


def downgrade() -> None:
    op.execute("ALTER TABLE attendances DROP COLUMN recused_minutes")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in LOOSENED:
        if is_sqlite:
            _rebuild(table, loosen=False)
        else:
            _alter_back(table)


def _alter(table: str) -> None:
    for column, kind in ADDED[table].items():
        op.add_column(table, sa.Column(column, kind, nullable=True))
    for column in LOOSENED[table]:
        op.alter_column(table, column, nullable=True)
    for name, text in CONSTRAINTS[table].items():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}")


def _alter_back(table: str) -> None:
    # Meetings and claims of activities have no place in the tables as they were: with such rows
    # the step back is refused as a whole.
    for name in CONSTRAINTS[table]:
        op.drop_constraint(name, table)
    for column in LOOSENED[table]:
        op.alter_column(table, column, nullable=False)
    for column in ADDED[table]:
        op.drop_column(table, column)


def _rebuild(table: str, *, loosen: bool) -> None:
    """Make the table anew, for SQLite changes no column in place.

    Rows go by way of a copy: renaming a copy over the old table would leave the foreign keys that
    point at it in doubt until the end of the transaction.
    """
    bind = op.get_bind()
    held = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql NOT NULL")
    rows = bind.execute(held, {"name": table}).all()
    (shape,) = (sql for kind, sql in rows if kind == "table")
    shape = _loosened(table, shape) if loosen else _as_before(table, shape)
    columns = ", ".join(
        column["name"]
        for column in sa.inspect(bind).get_columns(table)
        if loosen or column["name"] not in ADDED[table]
    )
    bind.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for step in (
        f"CREATE TABLE kept_{table} AS SELECT {columns} FROM {table}",  # noqa: S608  # own names
        f"DROP TABLE {table}",
        shape,
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept_{table}",  # noqa: S608  # own
        f"DROP TABLE kept_{table}",
    ):
        bind.exec_driver_sql(step)
    for kind, sql in rows:
        if kind != "table":
            bind.exec_driver_sql(sql)


def _loosened(table: str, shape: str) -> str:
    for column in LOOSENED[table]:
        shape = shape.replace(f"\t{column} CHAR(32) NOT NULL,", f"\t{column} CHAR(32),")
    kinds = {"activity_id": "CHAR(32)", "review_projects": "INTEGER"}
    new = "".join(f"\t{column} {kinds[column]}, \n" for column in ADDED[table])
    laws = "".join(f", \n\tCONSTRAINT {name} {text}" for name, text in CONSTRAINTS[table].items())
    columns, rest = shape.split("\tCONSTRAINT ", 1)
    return f"{columns}{new}\tCONSTRAINT {rest.rstrip().removesuffix(')').rstrip()}{laws}\n)"


def _as_before(table: str, shape: str) -> str:
    for column in LOOSENED[table]:
        shape = shape.replace(f"\t{column} CHAR(32),", f"\t{column} CHAR(32) NOT NULL,")
    for name, text in CONSTRAINTS[table].items():
        shape = shape.replace(f", \n\tCONSTRAINT {name} {text}", "")
    return "".join(
        line
        for line in shape.splitlines(keepends=True)
        if not any(line.startswith(f"\t{column} ") for column in ADDED[table])
    )
