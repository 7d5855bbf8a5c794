"""Appeals of mentors against decisions by which a service of theirs did not count."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.appeal import AppealStatus, AppealTwiceError, Remedy
from app.models.base import Base, Ledger, Prose, Versioned, enum_of, references

_OPEN = text("status = 'open'")


class Appeal(Versioned, Ledger, Base):
    """What a mentor says against one decision, and what somebody else of the bureau answered.

    `service_record_id` is the decision; a later one is another matter, with a window of its own.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("service_record_id", "expert_id"),
        Index(
            "uq_appeals_open",
            "service_session_id",
            "expert_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        CheckConstraint(
            "(status = 'open') = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_id IS NULL)"
            " AND (answered_at IS NULL) = (answer IS NULL)",
            name="answered",
        ),
        CheckConstraint(
            "(status = 'upheld') = (remedy IS NOT NULL)"
            " AND (correction_id IS NOT NULL) = (remedy = 'correction' AND remedy IS NOT NULL)",
            name="remedied",
        ),
        Index("ix_appeals_answered_answer_by", "answered_at", "answer_by"),
    )
    PRIVATE = frozenset({"statement", "answer"})

    service_session_id: Mapped[UUID] = references("service_sessions", index=False)
    service_record_id: Mapped[UUID] = references("service_records", index=False)
    expert_id: Mapped[UUID] = references("experts")
    statement: Mapped[Prose]
    status: Mapped[AppealStatus] = mapped_column(enum_of(AppealStatus))
    opened_by_id: Mapped[UUID] = references("accounts", index=False)
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answer: Mapped[Prose | None]
    remedy: Mapped[Remedy | None] = mapped_column(enum_of(Remedy))
    correction_id: Mapped[UUID | None] = references("corrections", index=False)
    answered_by_id: Mapped[UUID | None] = references("accounts", index=False)
    answered_at: Mapped[datetime | None]


on_violation(
    AppealTwiceError,
    "uq_appeals_open",
    "appeals.service_session_id, appeals.expert_id",
)
on_violation(
    AppealTwiceError,
    "uq_appeals_service_record_id_expert_id",
    "appeals.service_record_id, appeals.expert_id",
)
