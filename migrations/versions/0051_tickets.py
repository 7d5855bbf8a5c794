"""Create tickets on bad ratings, and the calls that reached nobody."""

import sqlalchemy as sa
from alembic import op

from app.db import UTCDateTime

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

STATUSES = ("open", "taken", "closed")
RESULTS = ("satisfied", "dissatisfied", "not_reached")
REFUSED = (
    "CREATE TRIGGER tr_tickets_delete BEFORE DELETE ON tickets",
    "CREATE TRIGGER tr_ticket_tries_update BEFORE UPDATE ON ticket_tries",
    "CREATE TRIGGER tr_ticket_tries_delete BEFORE DELETE ON ticket_tries",
)
REFUSE = {
    "postgresql": " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "sqlite": " BEGIN SELECT RAISE(ABORT, 'tr_append_only'); END",
}
CLOSED = "(status = 'closed') = (closed_at IS NOT NULL)" + "".join(
    f" AND (closed_at IS NULL) = ({column} IS NULL)"
    for column in ("closed_by_id", "called", "called_at", "result", "said", "done")
)


def upgrade() -> None:
    op.create_table(
        "tickets",
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("status", _enum("ticket_status", STATUSES), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("called", sa.String(200), nullable=True),
        sa.Column("called_at", UTCDateTime(), nullable=True),
        sa.Column("result", _enum("call_result", RESULTS), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("done", sa.Text(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'open') = (owner_id IS NULL)", name=op.f("ck_tickets_owner")),
        sa.CheckConstraint(
            "(owner_id IS NULL) = (taken_at IS NULL)", name=op.f("ck_tickets_taken")
        ),
        sa.CheckConstraint(CLOSED, name=op.f("ck_tickets_closed_with_a_call")),
        sa.CheckConstraint("result <> 'not_reached'", name=op.f("ck_tickets_reached")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_tickets_tries")),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["ratings.id"], name=op.f("fk_tickets_rating_id_ratings")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_tickets_owner_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["accounts.id"], name=op.f("fk_tickets_closed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_tickets_rating_id")),
    )
    op.create_index("ix_tickets_closed_due", "tickets", ["closed_at", "due_at"], unique=False)
    op.create_table(
        "ticket_tries",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("called", sa.String(200), nullable=False),
        sa.Column("called_at", UTCDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_tries_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["accounts.id"], name=op.f("fk_ticket_tries_officer_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_tries")),
    )
    op.create_index(op.f("ix_ticket_tries_ticket_id"), "ticket_tries", ["ticket_id"], unique=False)
    refuse = REFUSE[op.get_bind().dialect.name]
    for trigger in REFUSED:
        op.execute(trigger + refuse)


def downgrade() -> None:
    op.drop_table("ticket_tries")
    op.drop_table("tickets")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
