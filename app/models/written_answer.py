"""Questions that officials answer in writing, and the records that count them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.written_answer import AlreadyAskedError, WrittenAnswerStatus
from app.models.base import Base, Ledger, Prose, Versioned, enum_of, references

_OPEN = text("status IN ('offered', 'asked')")


class WrittenAnswer(Versioned, Ledger, Base):
    """A question of a need and an official's answer; once sent it is never changed.

    `booking_id` is the request on which he offered it; `service_session_id` the record that
    counts it, in a column of its own.
    """

    __tablename__ = "written_answers"
    __table_args__ = (
        UniqueConstraint("service_session_id"),
        CheckConstraint("(status = 'offered') <= (booking_id IS NOT NULL)", name="offered_on"),
        CheckConstraint(
            "(status = 'answered') = (answer IS NOT NULL)"
            " AND (answer IS NULL) = (answered_at IS NULL)"
            " AND (answer IS NULL) = (service_session_id IS NULL)",
            name="answered",
        ),
        CheckConstraint("(helped IS NULL) = (said_at IS NULL)", name="said"),
        Index(
            "uq_written_answers_open",
            "need_id",
            "expert_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_written_answers_expert_status", "expert_id", "status"),
    )
    PRIVATE = frozenset({"question", "answer", "end_note"})

    need_id: Mapped[UUID] = references("needs")
    person_id: Mapped[UUID] = references("persons")
    expert_id: Mapped[UUID] = references("experts", index=False)
    booking_id: Mapped[UUID | None] = references("bookings", index=False)
    service_session_id: Mapped[UUID | None] = references("service_sessions", index=False)
    status: Mapped[WrittenAnswerStatus] = mapped_column(enum_of(WrittenAnswerStatus))
    question: Mapped[Prose]
    answer: Mapped[Prose | None]
    end_note: Mapped[Prose | None]
    helped: Mapped[bool | None]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    said_at: Mapped[datetime | None]


on_violation(
    AlreadyAskedError,
    "uq_written_answers_open",
    "written_answers.need_id, written_answers.expert_id",
)
