"""Create the projects of reviews, who stands aside from them, and the sheets of the judges."""

import sqlalchemy as sa
from alembic import op

from app.db import JSONValue, UTCDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UNCHANGING = {
    "postgresql": "CREATE TRIGGER {0} BEFORE {1} ON score_sheets"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": "CREATE TRIGGER {0} BEFORE {1} ON score_sheets"
    " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}


def upgrade() -> None:
    op.create_table(
        "review_projects",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("venture_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(score IS NULL) = (place IS NULL)", name=op.f("ck_review_projects_placed")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_review_projects_activity_id_activities"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_review_projects_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["ventures.id"], name=op.f("fk_review_projects_venture_id_ventures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_projects")),
        sa.UniqueConstraint(
            "activity_id", "venture_id", name=op.f("uq_review_projects_activity_id_venture_id")
        ),
    )
    op.create_index(
        op.f("ix_review_projects_person_id"), "review_projects", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_review_projects_venture_id"), "review_projects", ["venture_id"], unique=False
    )
    op.create_table(
        "review_recusals",
        sa.Column("review_project_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("declared_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_review_recusals_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["review_project_id"],
            ["review_projects.id"],
            name=op.f("fk_review_recusals_review_project_id_review_projects"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_recusals")),
        sa.UniqueConstraint(
            "review_project_id",
            "expert_id",
            name=op.f("uq_review_recusals_review_project_id_expert_id"),
        ),
    )
    op.create_index(
        op.f("ix_review_recusals_expert_id"), "review_recusals", ["expert_id"], unique=False
    )
    op.create_table(
        "score_sheets",
        sa.Column("review_project_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("marks", JSONValue, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("submitted_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_score_sheets_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(
            ["review_project_id"],
            ["review_projects.id"],
            name=op.f("fk_score_sheets_review_project_id_review_projects"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheets")),
        sa.UniqueConstraint(
            "review_project_id",
            "expert_id",
            name=op.f("uq_score_sheets_review_project_id_expert_id"),
        ),
    )
    op.create_index(op.f("ix_score_sheets_expert_id"), "score_sheets", ["expert_id"], unique=False)
    refusal = UNCHANGING[op.get_bind().dialect.name]
    op.execute(refusal.format("tr_score_sheets_update", "UPDATE"))
    op.execute(refusal.format("tr_score_sheets_delete", "DELETE"))


def downgrade() -> None:
    for table in ("score_sheets", "review_recusals", "review_projects"):
        op.drop_table(table)
