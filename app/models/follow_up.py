"""Follow-ups: what founders were asked of the advice later, and what they said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.follow_up import FollowUpStatus
from app.models.base import Base, Json, Ledger, Prose, Versioned, enum_of, references


class FollowUp(Versioned, Ledger, Base):
    """One question, so many days after a meeting; what was answered is kept as it was said.

    `actions` says how far each action of the record has come, by its place in version
    `outcome_version`. `is_by_phone` is true where an officer wrote down what he was told.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        UniqueConstraint("outcome_id", "days"),
        CheckConstraint("(status = 'answered') = (answered_at IS NOT NULL)", name="answered"),
        CheckConstraint("(status = 'planned') <= (asked_at IS NULL)", name="asked"),
        CheckConstraint("jobs IS NULL OR jobs >= 0", name="jobs"),
        CheckConstraint("loan_yuan IS NULL OR loan_yuan >= 0", name="loan"),
        Index("ix_follow_ups_status_due", "status", "due_at"),
    )
    PRIVATE = frozenset({"remark"})

    outcome_id: Mapped[UUID] = references("outcomes", index=False)
    days: Mapped[int]
    status: Mapped[FollowUpStatus] = mapped_column(enum_of(FollowUpStatus))
    due_at: Mapped[datetime]
    open_until: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = references("accounts", index=False)
    is_by_phone: Mapped[bool] = mapped_column(default=False)
    outcome_version: Mapped[int | None]
    actions: Mapped[Json]
    is_running: Mapped[bool | None]
    jobs: Mapped[int | None]
    loan_yuan: Mapped[int | None]
    remark: Mapped[Prose | None]
