"""Keep what is learned from proposals, and with each proposal how it came to be shown."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RUNNING = sa.text("state IN ('shadow', 'live')")
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER {0} BEFORE DELETE ON {1}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER {0} BEFORE DELETE ON {1}"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    _log_showings()
    op.create_table(
        "matcher_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "learned",
                "shadow",
                "live",
                "retired",
                name="version_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("weights", JSONValue, nullable=False),
        sa.Column("evidence", JSONValue, nullable=False),
        sa.Column("learned_until", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("promoted_at", UTCDateTime(), nullable=True),
        sa.Column("promoted_by_id", sa.Uuid(), nullable=True),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.Column("retired_by_id", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'live') <= (promoted_at IS NOT NULL)", name="promoted"),
        sa.CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired"),
        *_by("accounts", "created_by_id", "promoted_by_id", "retired_by_id"),
        *_by("matcher_versions", "replaces_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matcher_versions")),
        sa.UniqueConstraint("number", name=op.f("uq_matcher_versions_number")),
    )
    op.create_index(
        "uq_matcher_versions_running",
        "matcher_versions",
        ["state"],
        unique=True,
        postgresql_where=RUNNING,
        sqlite_where=RUNNING,
    )
    op.create_table(
        "learning_switches",
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("switched_at", UTCDateTime(), nullable=False),
        sa.Column("switched_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["switched_by_id"],
            ["accounts.id"],
            name=op.f("fk_learning_switches_switched_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_switches")),
    )
    refusal = NEVER_DELETED[op.get_bind().dialect.name]
    for trigger, table in (
        ("tr_matcher_versions_delete", "matcher_versions"),
        ("tr_learning_switches_delete", "learning_switches"),
    ):
        op.execute(refusal.format(trigger, table))
    _note_lists_beside()


def _note_lists_beside() -> None:
    op.create_table(
        "shadow_lists",
        sa.Column("match_round_id", sa.Uuid(), nullable=False),
        sa.Column("matcher_version_id", sa.Uuid(), nullable=False),
        sa.Column("places", JSONValue, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_round_id"],
            ["match_rounds.id"],
            name=op.f("fk_shadow_lists_match_round_id_match_rounds"),
        ),
        sa.ForeignKeyConstraint(
            ["matcher_version_id"],
            ["matcher_versions.id"],
            name=op.f("fk_shadow_lists_matcher_version_id_matcher_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_lists")),
        sa.UniqueConstraint("match_round_id", name=op.f("uq_shadow_lists_match_round_id")),
    )
    op.create_index(
        op.f("ix_shadow_lists_matcher_version_id"),
        "shadow_lists",
        ["matcher_version_id"],
        unique=False,
    )


def _log_showings() -> None:
    # Written out: with its check, a column of SQLite can be added and dropped in no other way.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    number = "DOUBLE" if is_sqlite else "DOUBLE PRECISION"
    for column in (
        f"propensity {number} CONSTRAINT ck_proposals_propensity"
        " CHECK (propensity > 0 AND propensity <= 1)",
        "placed_by VARCHAR(40) CONSTRAINT ck_proposals_placed_by"
        " CHECK (placed_by IN ('score', 'floor', 'draw', 'arranged'))",
    ):
        op.execute(f"ALTER TABLE proposals ADD COLUMN {column}")
    # Until now the best had all places, but for whom a batch arranged.
    op.execute(
        "UPDATE proposals SET propensity = 1, placed_by = 'score' WHERE match_round_id NOT IN"
        " (SELECT match_round_id FROM batch_pairs WHERE match_round_id IS NOT NULL)"
    )
    op.execute("UPDATE proposals SET placed_by = 'arranged' WHERE placed_by IS NULL")
    op.create_index("ix_match_rounds_created_at", "match_rounds", ["created_at"], unique=False)


def _by(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{table}.id"], name=op.f(f"fk_matcher_versions_{column}_{table}")
        )
        for column in columns
    ]


def downgrade() -> None:
    for table in ("shadow_lists", "learning_switches", "matcher_versions"):
        op.drop_table(table)
    op.drop_index("ix_match_rounds_created_at", table_name="match_rounds")
    for column in ("placed_by", "propensity"):
        op.execute(f"ALTER TABLE proposals DROP COLUMN {column}")
