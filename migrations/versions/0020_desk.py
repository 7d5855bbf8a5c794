"""Keep consents on paper and what was entered at a desk; let a need come from a station."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WITH_CHANNEL = ("needs", "bookings", "service_sessions")
CHANNELS = "'web', 'api', 'street', 'bureau', {0}'import'"
STATION = "'community_station', "
REFUSALS = {
    "postgresql": "CREATE TRIGGER {0} BEFORE {1} ON {2}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER {0} BEFORE {1} ON {2}"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    _set_channels(CHANNELS.format(""), CHANNELS.format(STATION))
    op.add_column("persons", sa.Column("birth_year", sa.Integer(), nullable=True))
    op.add_column("persons", sa.Column("voided_at", UTCDateTime(), nullable=True))
    op.create_index("ix_persons_name", "persons", ["name"], unique=False)
    _create_consents()
    _create_entries()
    refusal = REFUSALS[op.get_bind().dialect.name]
    op.execute(refusal.format("tr_desk_entries_delete", "DELETE", "desk_entries"))
    op.execute(refusal.format("tr_consents_update", "UPDATE", "consents"))
    op.execute(refusal.format("tr_consents_delete", "DELETE", "consents"))


def downgrade() -> None:
    op.drop_table("desk_entries")
    op.drop_table("consents")
    op.drop_index("ix_persons_name", table_name="persons")
    op.drop_column("persons", "voided_at")
    op.drop_column("persons", "birth_year")
    for table in WITH_CHANNEL:
        # Nearest to what the older release knows: the clerk of the sub-district.
        op.execute(f"UPDATE {table} SET channel = 'street' WHERE channel = 'community_station'")  # noqa: S608  # own names
    _set_channels(CHANNELS.format(STATION), CHANNELS.format(""))


def _set_channels(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for table in WITH_CHANNEL:
            name = op.f(f"ck_{table}_channel")
            op.drop_constraint(name, table, type_="check")
            op.create_check_constraint(name, table, f"channel IN ({after})")
        return
    # SQLite keeps a CHECK as text of the table and alters none; its own way to change one that
    # fits the rows is to edit that text (sqlite.org/lang_altertable.html, section 7).
    known = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table in WITH_CHANNEL:
        connection.exec_driver_sql(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
            (f"channel IN ({before})", f"channel IN ({after})", table),
        )
    connection.exec_driver_sql(f"PRAGMA schema_version = {known + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", _enum("purpose", "service", "sensitive_group"), nullable=False),
        sa.Column("kind", _enum("consent_kind", "signature", "thumbprint"), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("filed_at", sa.String(length=200), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_consents_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["accounts.id"], name=op.f("fk_consents_taken_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_person_id"), "consents", ["person_id"], unique=False)


def _create_entries() -> None:
    op.create_table(
        "desk_entries",
        sa.Column(
            "kind", _enum("entry_kind", "person", "need", "booking", "sheet"), nullable=False
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "undone_at IS NULL OR undone_at >= entered_at",
            name=op.f("ck_desk_entries_undone_later"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_desk_entries_entered_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_entries")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_desk_entries_kind_subject_id")),
    )
    op.create_index(
        "ix_desk_entries_account_entered", "desk_entries", ["entered_by_id", "entered_at"]
    )


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
