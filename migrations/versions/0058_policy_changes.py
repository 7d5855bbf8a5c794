"""Keep changes of the counting policy with the two people behind each, and their previews."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

ONCE = "uq_counting_policies_valid_from"
LAW = f", \n\tCONSTRAINT {ONCE} UNIQUE (valid_from)"
COLUMNS = "code, valid_from, rules, entered_at, id"
STATUSES = ("proposed", "entered", "refused", "withdrawn")
PREVIEW = ("counting", "done", "cancelled", "failed")
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER tr_policy_changes_delete BEFORE DELETE ON policy_changes"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER tr_policy_changes_delete BEFORE DELETE ON policy_changes"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
CHECKS = {
    "two_people": "checked_by_id IS NULL OR checked_by_id <> made_by_id",
    "checked": "(checked_by_id IS NULL) = (checked_at IS NULL)",
    "entered": "(status = 'entered' AND policy_id IS NOT NULL AND checked_at IS NOT NULL)"
    " OR (status IN ('proposed', 'refused') AND policy_id IS NULL)"
    " OR status = 'withdrawn'",
    "withdrawn": "(status = 'withdrawn') = (withdrawn_on IS NOT NULL)",
    "not_in_force": "policy_id IS NULL OR withdrawn_on IS NULL OR withdrawn_on < valid_from",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(ONCE), "counting_policies", type_="unique")
    else:
        _rebuild(LAW, "")
    _create_changes()
    _create_previews()
    op.execute(NEVER_DELETED[op.get_bind().dialect.name])


def downgrade() -> None:
    # Of a withdrawn row and the one that took its place, the table as it was holds only one:
    # with such rows the step back is refused as a whole.
    op.drop_table("policy_preview_months")
    op.drop_table("policy_previews")
    op.drop_table("policy_changes")
    if op.get_bind().dialect.name == "postgresql":
        op.create_unique_constraint(op.f(ONCE), "counting_policies", ["valid_from"])
    else:
        _rebuild("\n)", f"{LAW}\n)")


def _rebuild(before: str, after: str) -> None:
    """Make the table anew with its triggers, for SQLite drops no constraint in place."""
    bind = op.get_bind()
    held = (
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'counting_policies' AND sql NOT NULL"
    )
    rows = bind.exec_driver_sql(held).all()
    (shape,) = (sql for kind, sql in rows if kind == "table")
    if shape.count(before) != 1:
        raise RuntimeError("the table of policies has another form than expected")
    for step in (
        f"CREATE TABLE kept_policies AS SELECT {COLUMNS} FROM counting_policies",  # noqa: S608  # own
        "DROP TABLE counting_policies",
        shape.replace(before, after),
        f"INSERT INTO counting_policies ({COLUMNS}) SELECT {COLUMNS} FROM kept_policies",  # noqa: S608  # own
        "DROP TABLE kept_policies",
    ):
        bind.exec_driver_sql(step)
    for kind, sql in rows:
        if kind != "table":
            bind.exec_driver_sql(sql)


def _create_changes() -> None:
    op.create_table(
        "policy_changes",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rules", JSONValue, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", _enum("policy_change_status", STATUSES), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.CheckConstraint(text, name=op.f(f"ck_policy_changes_{name}"))
            for name, text in CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_policy_changes_{column}_{table}")
            )
            for column, table in (
                ("policy_id", "counting_policies"),
                ("made_by_id", "accounts"),
                ("checked_by_id", "accounts"),
                ("withdrawn_by_id", "accounts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_changes")),
        sa.UniqueConstraint("policy_id", name=op.f("uq_policy_changes_policy_id")),
    )
    entered = sa.text("status = 'entered'")
    op.create_index(
        "uq_policy_changes_entered",
        "policy_changes",
        ["valid_from"],
        unique=True,
        postgresql_where=entered,
        sqlite_where=entered,
    )


def _create_previews() -> None:
    op.create_table(
        "policy_previews",
        sa.Column("policy_change_id", sa.Uuid(), nullable=False),
        sa.Column("months", JSONValue, nullable=False),
        sa.Column("status", _enum("preview_status", PREVIEW), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("figures", JSONValue, nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_change_id"],
            ["policy_changes.id"],
            name=op.f("fk_policy_previews_policy_change_id_policy_changes"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_policy_previews_asked_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_previews")),
    )
    op.create_index(
        op.f("ix_policy_previews_policy_change_id"), "policy_previews", ["policy_change_id"]
    )
    op.create_table(
        "policy_preview_months",
        sa.Column("policy_preview_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=40), nullable=False),
        sa.Column("records", JSONValue, nullable=False),
        sa.Column("changed", JSONValue, nullable=False),
        sa.Column("figures", JSONValue, nullable=False),
        sa.Column("counted_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_preview_id"],
            ["policy_previews.id"],
            name=op.f("fk_policy_preview_months_policy_preview_id_policy_previews"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_preview_months")),
        sa.UniqueConstraint(
            "policy_preview_id",
            "month",
            name=op.f("uq_policy_preview_months_policy_preview_id_month"),
        ),
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
