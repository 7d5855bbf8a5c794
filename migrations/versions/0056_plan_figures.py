"""Create the rows behind the plan's figures: bases, reports, support items, opening lists."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

STATUSES = ("proposed", "approved", "refused", "withdrawn")
KINDS = ("loan", "subsidy", "settlement", "jobs", "service")
QUANTITY = "(kind IN ('loan', 'subsidy', 'jobs')) = (quantity IS NOT NULL)"
REFUSED = (
    "CREATE TRIGGER tr_indicator_bases_update BEFORE UPDATE ON indicator_bases",
    "CREATE TRIGGER tr_indicator_bases_delete BEFORE DELETE ON indicator_bases",
    "CREATE TRIGGER tr_reported_figures_delete BEFORE DELETE ON reported_figures",
    "CREATE TRIGGER tr_support_items_delete BEFORE DELETE ON support_items",
    "CREATE TRIGGER tr_opening_lists_delete BEFORE DELETE ON opening_lists",
    "CREATE TRIGGER tr_opening_rows_delete BEFORE DELETE ON opening_rows",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
# Each new cell of the tables whose rows two people see to.
CHECKED = ("made_by_id", "checked_by_id")


def upgrade() -> None:
    op.add_column("indicators", sa.Column("due_on", sa.Date(), nullable=True))
    # 到2026年: the plan's own last day, for what is counted up from its beginning.
    op.execute("UPDATE indicators SET due_on = '2026-12-31' WHERE kind = 'cum'")
    _bases()
    _reports()
    _items()
    _lists()
    refuse = REFUSE[op.get_bind().dialect.name]
    for trigger in REFUSED:
        op.execute(trigger + refuse)


def downgrade() -> None:
    for table in ("opening_rows", "opening_lists", "support_items", "reported_figures"):
        op.drop_table(table)
    op.drop_table("indicator_bases")
    op.drop_column("indicators", "due_on")


def _bases() -> None:
    table = "indicator_bases"
    op.create_table(
        table,
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _foreign(table, "indicator_id", "indicators"),
        _foreign(table, "entered_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_bases")),
        sa.UniqueConstraint(
            "indicator_id", "valid_from", name=op.f("uq_indicator_bases_indicator_id_valid_from")
        ),
    )


def _reports() -> None:
    table = "reported_figures"
    op.create_table(
        table,
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(40), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        *_checked_cells(),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_reported_figures_amount")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_reported_figures_period")),
        *_checked_laws(table),
        _foreign(table, "indicator_id", "indicators"),
        _foreign(table, "replaces_id", table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figures")),
    )
    first = "status <> 'refused' AND replaces_id IS NULL"
    _once(table, "period", ["indicator_id", "department", "first_on"], first)
    _once(table, "replaces", ["replaces_id"], "status <> 'refused'")


def _items() -> None:
    table = "support_items"
    op.create_table(
        table,
        sa.Column("kind", _enum("support_kind", KINDS), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("venture_id", sa.Uuid(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        *_checked_cells(),
        sa.CheckConstraint("kind <> 'service'", name=op.f("ck_support_items_kind")),
        sa.CheckConstraint(QUANTITY, name=op.f("ck_support_items_quantity")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_support_items_some")),
        *_checked_laws(table),
        _foreign(table, "person_id", "persons"),
        _foreign(table, "venture_id", "ventures"),
        _foreign(table, "replaces_id", table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_items")),
    )
    first = "status <> 'refused' AND replaces_id IS NULL"
    _once(table, "document", ["kind", "person_id", "document"], first)
    _once(table, "replaces", ["replaces_id"], "status <> 'refused'")
    op.create_index(op.f("ix_support_items_person_id"), table, ["person_id"])
    op.create_index("ix_support_items_status_kind", table, ["status", "kind"])


def _lists() -> None:
    table = "opening_lists"
    op.create_table(
        table,
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        *_checked_cells(),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        *(law for law in _checked_laws(table) if law.name != "ck_opening_lists_void"),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_opening_lists_withdrawn"),
        ),
        sa.CheckConstraint("row_count > 0", name=op.f("ck_opening_lists_rows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_lists")),
    )
    _once(table, "content_sha256", ["content_sha256"], "status IN ('proposed', 'approved')")
    table = "opening_rows"
    op.create_table(
        table,
        sa.Column("opening_list_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("number_mac", sa.String(64), nullable=True),
        sa.Column("phone_mac", sa.String(64), nullable=True),
        sa.Column("kind", _enum("support_kind", KINDS), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("matched_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(QUANTITY, name=op.f("ck_opening_rows_quantity")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_opening_rows_some")),
        sa.CheckConstraint(
            "number_mac IS NOT NULL OR phone_mac IS NOT NULL", name=op.f("ck_opening_rows_key")
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) = (matched_at IS NULL)", name=op.f("ck_opening_rows_matched")
        ),
        _foreign(table, "opening_list_id", "opening_lists"),
        _foreign(table, "person_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_rows")),
        sa.UniqueConstraint(
            "opening_list_id", "number", name=op.f("uq_opening_rows_opening_list_id_number")
        ),
    )
    op.create_index(op.f("ix_opening_rows_person_id"), table, ["person_id"])


def _checked_cells() -> list[sa.Column[object]]:
    return [
        sa.Column("status", _enum("check_status", STATUSES), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _checked_laws(table: str) -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("NOT is_void OR replaces_id IS NOT NULL", name=op.f(f"ck_{table}_void")),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> made_by_id",
            name=op.f(f"ck_{table}_two_people"),
        ),
        sa.CheckConstraint(
            "(status = 'proposed') = (checked_at IS NULL)", name=op.f(f"ck_{table}_checked")
        ),
        *(_foreign(table, column, "accounts") for column in CHECKED),
    ]


def _once(table: str, name: str, columns: list[str], where: str) -> None:
    op.create_index(
        f"uq_{table}_{name}",
        table,
        columns,
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
