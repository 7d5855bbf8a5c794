"""Keep questions that officials answer in writing; let their records stand without a booking."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OPEN = "status IN ('offered', 'asked')"
# The checks of a meeting, as they were and as they are: what was written has no booking, no length.
CHECKS = {
    "ck_service_sessions_origin": (
        "(activity_id IS NULL) = (booking_id IS NOT NULL)"
        " AND (activity_id IS NULL) = (need_id IS NOT NULL)"
        " AND (activity_id IS NULL) = (founder_person_id IS NOT NULL)",
        "(booking_id IS NOT NULL) = (activity_id IS NULL AND NOT is_written)"
        " AND (activity_id IS NULL) = (need_id IS NOT NULL)"
        " AND (activity_id IS NULL) = (founder_person_id IS NOT NULL)",
    ),
    "ck_service_sessions_actual_span": (
        "actual_end IS NULL OR actual_end > actual_start",
        "actual_end IS NULL OR actual_end > actual_start"
        " OR (is_written AND actual_end = actual_start)",
    ),
}
NEVER_DELETED = {
    "postgresql": "CREATE TRIGGER tr_written_answers_delete BEFORE DELETE ON written_answers"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER tr_written_answers_delete BEFORE DELETE ON written_answers"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.add_column(
        "service_sessions",
        sa.Column("is_written", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _set_checks(before=0, after=1)
    _create_answers()
    op.execute(NEVER_DELETED[op.get_bind().dialect.name])


def downgrade() -> None:
    written = sa.text("SELECT count(*) FROM service_sessions WHERE is_written")
    if op.get_bind().execute(written).scalar_one():
        raise RuntimeError("records of written answers have no place in the tables as they were")
    op.drop_table("written_answers")
    _set_checks(before=1, after=0)
    op.drop_column("service_sessions", "is_written")


def _set_checks(*, before: int, after: int) -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        for name, texts in CHECKS.items():
            op.drop_constraint(op.f(name), "service_sessions", type_="check")
            op.create_check_constraint(op.f(name), "service_sessions", texts[after])
        return
    # As in 0020: SQLite alters no check, but lets the text of one that fits the rows be edited.
    known = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    for name, texts in CHECKS.items():
        bind.exec_driver_sql(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?)"
            " WHERE type = 'table' AND name = 'service_sessions'",
            (f"{name} CHECK ({texts[before]})", f"{name} CHECK ({texts[after]})"),
        )
    bind.exec_driver_sql(f"PRAGMA schema_version = {known + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")


def _create_answers() -> None:
    op.create_table(
        "written_answers",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("service_session_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "offered",
                "asked",
                "answered",
                "declined",
                "withdrawn",
                "expired",
                name="written_answer_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("said_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_laws(),
    )
    for column in ("need_id", "person_id"):
        op.create_index(op.f(f"ix_written_answers_{column}"), "written_answers", [column])
    op.create_index("ix_written_answers_expert_status", "written_answers", ["expert_id", "status"])
    op.create_index(
        "uq_written_answers_open",
        "written_answers",
        ["need_id", "expert_id"],
        unique=True,
        postgresql_where=sa.text(OPEN),
        sqlite_where=sa.text(OPEN),
    )


def _laws() -> tuple[sa.Constraint, ...]:
    targets = {
        "need_id": "needs",
        "person_id": "persons",
        "expert_id": "experts",
        "booking_id": "bookings",
        "service_session_id": "service_sessions",
    }
    return (
        sa.CheckConstraint(
            "(status = 'offered') <= (booking_id IS NOT NULL)",
            name=op.f("ck_written_answers_offered_on"),
        ),
        sa.CheckConstraint(
            "(status = 'answered') = (answer IS NOT NULL)"
            " AND (answer IS NULL) = (answered_at IS NULL)"
            " AND (answer IS NULL) = (service_session_id IS NULL)",
            name=op.f("ck_written_answers_answered"),
        ),
        sa.CheckConstraint(
            "(helped IS NULL) = (said_at IS NULL)", name=op.f("ck_written_answers_said")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_written_answers_{column}_{table}")
            )
            for column, table in targets.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_answers")),
        sa.UniqueConstraint(
            "service_session_id", name=op.f("uq_written_answers_service_session_id")
        ),
    )
