"""Create signed reports of diagnoses, their presentations, and action items."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

REFUSED = (
    "CREATE TRIGGER tr_diagnosis_reports_delete BEFORE DELETE ON diagnosis_reports",
    "CREATE TRIGGER tr_diagnosis_reports_update BEFORE UPDATE ON diagnosis_reports",
    "CREATE TRIGGER tr_diagnosis_signatures_delete BEFORE DELETE ON diagnosis_signatures",
    "CREATE TRIGGER tr_diagnosis_signatures_update BEFORE UPDATE ON diagnosis_signatures",
    "CREATE TRIGGER tr_diagnosis_presentations_delete BEFORE DELETE ON diagnosis_presentations",
    "CREATE TRIGGER tr_diagnosis_presentations_update BEFORE UPDATE ON diagnosis_presentations",
    "CREATE TRIGGER tr_diagnosis_words_delete BEFORE DELETE ON diagnosis_words",
    "CREATE TRIGGER tr_diagnosis_words_update BEFORE UPDATE ON diagnosis_words",
    "CREATE TRIGGER tr_action_items_delete BEFORE DELETE ON action_items",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "diagnosis_reports",
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("scope", _enum("diagnosis_scope", "thematic", "overall"), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("findings", JSONValue, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("signers", JSONValue, nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"],
            ["diagnoses.id"],
            name=op.f("fk_diagnosis_reports_diagnosis_id_diagnoses"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["experts.id"], name=op.f("fk_diagnosis_reports_issued_by_id_experts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_reports")),
        sa.UniqueConstraint(
            "diagnosis_id", "number", name=op.f("uq_diagnosis_reports_diagnosis_id_number")
        ),
    )
    op.create_table(
        "diagnosis_signatures",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("dissented", JSONValue, nullable=False),
        sa.Column("dissents", JSONValue, nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_diagnosis_signatures_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_diagnosis_signatures_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["diagnosis_reports.id"],
            name=op.f("fk_diagnosis_signatures_report_id_diagnosis_reports"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_signatures")),
        sa.UniqueConstraint(
            "report_id", "expert_id", name=op.f("uq_diagnosis_signatures_report_id_expert_id")
        ),
    )
    op.create_table(
        "diagnosis_presentations",
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("presented_at", UTCDateTime(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"],
            ["diagnoses.id"],
            name=op.f("fk_diagnosis_presentations_diagnosis_id_diagnoses"),
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["experts.id"],
            name=op.f("fk_diagnosis_presentations_noted_by_id_experts"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["diagnosis_reports.id"],
            name=op.f("fk_diagnosis_presentations_report_id_diagnosis_reports"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_presentations")),
    )
    op.create_index(
        op.f("ix_diagnosis_presentations_diagnosis_id"),
        "diagnosis_presentations",
        ["diagnosis_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_diagnosis_presentations_report_id"),
        "diagnosis_presentations",
        ["report_id"],
        unique=False,
    )
    op.create_table(
        "diagnosis_words",
        sa.Column("presentation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("understood", sa.Boolean(), nullable=False),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "understood = (objection IS NULL)", name=op.f("ck_diagnosis_words_objection")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_diagnosis_words_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["presentation_id"],
            ["diagnosis_presentations.id"],
            name=op.f("fk_diagnosis_words_presentation_id_diagnosis_presentations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_words")),
        sa.UniqueConstraint(
            "presentation_id",
            "person_id",
            name=op.f("uq_diagnosis_words_presentation_id_person_id"),
        ),
    )

    op.create_table(
        "action_items",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column(
            "side", _enum("action_side", "founder", "expert", "bureau", "both"), nullable=False
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", _enum("action_status", "open", "done", "dropped"), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'dropped') <= (note IS NOT NULL)", name=op.f("ck_action_items_dropped")
        ),
        sa.CheckConstraint(
            "(status = 'open') = (closed_at IS NULL)"
            " AND (closed_at IS NULL) = (closed_by_id IS NULL)",
            name=op.f("ck_action_items_closed"),
        ),
        sa.CheckConstraint(
            "(finding_id IS NULL) <> (outcome_id IS NULL)", name=op.f("ck_action_items_origin")
        ),
        sa.CheckConstraint(
            "(outcome_id IS NULL) = (place IS NULL)", name=op.f("ck_action_items_place")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["accounts.id"], name=op.f("fk_action_items_closed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["diagnosis_findings.id"],
            name=op.f("fk_action_items_finding_id_diagnosis_findings"),
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_action_items_outcome_id_outcomes")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_action_items_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_items")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_action_items_finding_id")),
        sa.UniqueConstraint("outcome_id", "place", name=op.f("uq_action_items_outcome_id_place")),
    )
    op.create_index(
        op.f("ix_action_items_service_session_id"),
        "action_items",
        ["service_session_id"],
        unique=False,
    )
    op.create_index(
        "ix_action_items_status_due", "action_items", ["status", "due_on"], unique=False
    )
    refuse = REFUSE[op.get_bind().dialect.name]
    for trigger in REFUSED:
        op.execute(trigger + refuse)


def downgrade() -> None:
    op.drop_table("action_items")
    op.drop_table("diagnosis_words")
    op.drop_table("diagnosis_presentations")
    op.drop_table("diagnosis_signatures")
    op.drop_table("diagnosis_reports")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
