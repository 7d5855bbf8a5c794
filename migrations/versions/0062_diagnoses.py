"""Create diagnoses with data lists, notes, findings and recusals."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

REFUSED = (
    "CREATE TRIGGER tr_diagnoses_delete BEFORE DELETE ON diagnoses",
    "CREATE TRIGGER tr_diagnosis_materials_delete BEFORE DELETE ON diagnosis_materials",
    "CREATE TRIGGER tr_diagnosis_notes_delete BEFORE DELETE ON diagnosis_notes",
    "CREATE TRIGGER tr_diagnosis_findings_delete BEFORE DELETE ON diagnosis_findings",
    "CREATE TRIGGER tr_diagnosis_recusals_delete BEFORE DELETE ON diagnosis_recusals",
    "CREATE TRIGGER tr_diagnosis_recusals_update BEFORE UPDATE ON diagnosis_recusals",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "diagnoses",
        sa.Column("service_session_id", sa.Uuid(), nullable=False),
        sa.Column("lead_expert_id", sa.Uuid(), nullable=True),
        sa.Column("scope", _enum("diagnosis_scope", "thematic", "overall"), nullable=False),
        sa.Column(
            "status",
            _enum(
                "diagnosis_status",
                "drafting",
                "signing",
                "signed",
                "presented",
                "understood",
                "objected",
            ),
            nullable=False,
        ),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(report_number = 0) <= (status = 'drafting')", name=op.f("ck_diagnoses_issued")
        ),
        sa.CheckConstraint(
            "(status = 'drafting') OR (reason IS NULL)", name=op.f("ck_diagnoses_reason")
        ),
        sa.ForeignKeyConstraint(
            ["lead_expert_id"], ["experts.id"], name=op.f("fk_diagnoses_lead_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_sessions.id"],
            name=op.f("fk_diagnoses_service_session_id_service_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnoses")),
        sa.UniqueConstraint("service_session_id", name=op.f("uq_diagnoses_service_session_id")),
    )
    op.create_index("ix_diagnoses_status", "diagnoses", ["status"], unique=False)
    op.create_table(
        "diagnosis_materials",
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            _enum("material_status", "wanted", "received", "unavailable", "withdrawn"),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'received') <= (answered_at IS NOT NULL)",
            name=op.f("ck_diagnosis_materials_answered"),
        ),
        sa.CheckConstraint(
            "(status = 'unavailable') = (reason IS NOT NULL)",
            name=op.f("ck_diagnosis_materials_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["accounts.id"],
            name=op.f("fk_diagnosis_materials_answered_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["accounts.id"],
            name=op.f("fk_diagnosis_materials_asked_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"],
            ["diagnoses.id"],
            name=op.f("fk_diagnosis_materials_diagnosis_id_diagnoses"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_materials")),
    )
    op.create_index(
        op.f("ix_diagnosis_materials_diagnosis_id"),
        "diagnosis_materials",
        ["diagnosis_id"],
        unique=False,
    )
    op.create_table(
        "diagnosis_notes",
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("note_kind", "visit", "interview", "survey"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("struck_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["experts.id"], name=op.f("fk_diagnosis_notes_author_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"],
            ["diagnoses.id"],
            name=op.f("fk_diagnosis_notes_diagnosis_id_diagnoses"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_notes")),
    )
    op.create_index(
        op.f("ix_diagnosis_notes_diagnosis_id"), "diagnosis_notes", ["diagnosis_id"], unique=False
    )
    op.create_table(
        "diagnosis_findings",
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("priority", _enum("priority", "high", "medium", "low"), nullable=False),
        sa.Column("owner", _enum("finding_owner", "founder", "expert", "bureau"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_diagnosis_findings_position")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["experts.id"], name=op.f("fk_diagnosis_findings_author_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"],
            ["diagnoses.id"],
            name=op.f("fk_diagnosis_findings_diagnosis_id_diagnoses"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_findings")),
    )
    op.create_index(
        op.f("ix_diagnosis_findings_diagnosis_id"),
        "diagnosis_findings",
        ["diagnosis_id"],
        unique=False,
    )
    op.create_table(
        "diagnosis_recusals",
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"],
            ["diagnoses.id"],
            name=op.f("fk_diagnosis_recusals_diagnosis_id_diagnoses"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_diagnosis_recusals_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["accounts.id"],
            name=op.f("fk_diagnosis_recusals_noted_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_recusals")),
        sa.UniqueConstraint(
            "diagnosis_id", "expert_id", name=op.f("uq_diagnosis_recusals_diagnosis_id_expert_id")
        ),
    )
    refuse = REFUSE[op.get_bind().dialect.name]
    for trigger in REFUSED:
        op.execute(trigger + refuse)


def downgrade() -> None:
    op.drop_table("diagnosis_recusals")
    op.drop_table("diagnosis_findings")
    op.drop_table("diagnosis_notes")
    op.drop_table("diagnosis_materials")
    op.drop_table("diagnoses")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
