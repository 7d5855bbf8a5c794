"""Days on which an approver lets an expert serve nobody."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Ledger, Prose, Versioned, references


class StandDown(Versioned, Ledger, Base):
    """A stand-down 暂停期 of an expert from a first to a last day; `lifted_at` ends it before."""

    __tablename__ = "stand_downs"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="span"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
    )
    PRIVATE = frozenset({"reason"})

    expert_id: Mapped[UUID] = references("experts")
    first_on: Mapped[date]
    last_on: Mapped[date]
    reason: Mapped[Prose]
    ordered_by_id: Mapped[UUID] = references("accounts", index=False)
    ordered_at: Mapped[datetime]
    lifted_by_id: Mapped[UUID | None] = references("accounts", index=False)
    lifted_at: Mapped[datetime | None] = mapped_column()
