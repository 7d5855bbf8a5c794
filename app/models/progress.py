"""The progress table: rounds of filling in, what each department says, and how it got there."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.plan.progress import ProgressEvent, ProgressStatus, RoundOpenError
from app.models.base import Base, Code, Json, Ledger, Prose, Versioned, enum_of, references


class ProgressRound(Base):
    """A period for which the departments are asked how the plan goes."""

    __tablename__ = "progress_rounds"
    __table_args__ = (
        UniqueConstraint("period"),
        CheckConstraint("last_on >= first_on", name="period"),
    )

    period: Mapped[Code]
    first_on: Mapped[date]
    last_on: Mapped[date]
    due_at: Mapped[datetime]
    opened_by_id: Mapped[UUID] = references("accounts", index=False)
    opened_at: Mapped[datetime]


class ProgressEntry(Versioned, Base):
    """What one department says of one item in one round; a draft until it is handed in."""

    __tablename__ = "progress_entries"
    __table_args__ = (
        UniqueConstraint("progress_round_id", "item", "department"),
        CheckConstraint("item BETWEEN 1 AND 20", name="item"),
        CheckConstraint(
            "status NOT IN ('submitted', 'signed') OR submitted_at IS NOT NULL", name="submitted"
        ),
        CheckConstraint("steps >= 0", name="steps"),
    )

    progress_round_id: Mapped[UUID] = references("progress_rounds", index=False)
    item: Mapped[int]
    department: Mapped[Code]
    is_lead: Mapped[bool]
    status: Mapped[ProgressStatus] = mapped_column(enum_of(ProgressStatus))
    words: Mapped[Prose]
    figures: Mapped[Json]
    document: Mapped[str]
    submitted_by_id: Mapped[UUID | None] = references("accounts", index=False)
    submitted_at: Mapped[datetime | None]
    steps: Mapped[int] = mapped_column(default=0)


class ProgressStep(Ledger, Base):
    """What was handed in, or said to it: one version of an entry; never changed."""

    __tablename__ = "progress_steps"
    __table_args__ = (
        UniqueConstraint("progress_entry_id", "number"),
        CheckConstraint("event <> 'save'", name="event"),
    )
    PRIVATE = frozenset({"words", "document"})

    progress_entry_id: Mapped[UUID] = references("progress_entries", index=False)
    number: Mapped[int]
    event: Mapped[ProgressEvent] = mapped_column(enum_of(ProgressEvent))
    words: Mapped[Prose]
    figures: Mapped[Json]
    document: Mapped[str]
    by_id: Mapped[UUID] = references("accounts", index=False)
    at: Mapped[datetime]


on_violation(RoundOpenError, "uq_progress_rounds_period", "progress_rounds.period")
