"""Action items: what a report or a record asks somebody to do, until it is done or dropped."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.action_item import ActionSide, ActionStatus
from app.models.base import Base, Ledger, Prose, Versioned, enum_of, references


class ActionItem(Versioned, Ledger, Base):
    """One thing to be done: of a finding, or of a record by its place there.

    `owner` is how the record names who is to do it, `side` whose that is; `note` is what was said
    when it was closed, or opened again.
    """

    __tablename__ = "action_items"
    __table_args__ = (
        UniqueConstraint("finding_id"),
        UniqueConstraint("outcome_id", "place"),
        CheckConstraint("(finding_id IS NULL) <> (outcome_id IS NULL)", name="origin"),
        CheckConstraint("(outcome_id IS NULL) = (place IS NULL)", name="place"),
        CheckConstraint(
            "(status = 'open') = (closed_at IS NULL)"
            " AND (closed_at IS NULL) = (closed_by_id IS NULL)",
            name="closed",
        ),
        CheckConstraint("(status = 'dropped') <= (note IS NOT NULL)", name="dropped"),
        Index("ix_action_items_status_due", "status", "due_on"),
    )
    PRIVATE = frozenset({"text", "owner", "note"})

    service_session_id: Mapped[UUID] = references("service_sessions")
    finding_id: Mapped[UUID | None] = references("diagnosis_findings", index=False)
    outcome_id: Mapped[UUID | None] = references("outcomes", index=False)
    place: Mapped[int | None]
    text: Mapped[Prose]
    owner: Mapped[str]
    side: Mapped[ActionSide] = mapped_column(enum_of(ActionSide))
    due_on: Mapped[date]
    status: Mapped[ActionStatus] = mapped_column(enum_of(ActionStatus))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = references("accounts", index=False)
    note: Mapped[Prose | None]
