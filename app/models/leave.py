"""Leaves of experts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Ledger, Versioned, references


class ExpertLeave(Versioned, Ledger, Base):
    """Days in a row on which an expert serves nobody; ended early, `last_on` is the last of them.

    A leave that was taken back before it began has no days: `last_on` lies before `first_on`.
    """

    __tablename__ = "expert_leaves"
    __table_args__ = (CheckConstraint("deputy_id <> expert_id", name="deputy"),)
    PRIVATE = frozenset({"reason"})

    expert_id: Mapped[UUID] = references("experts")
    first_on: Mapped[date]
    last_on: Mapped[date]
    reason: Mapped[str]
    deputy_id: Mapped[UUID | None] = references("experts")
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[UUID | None] = references("accounts", index=False)
    ended_at: Mapped[datetime | None] = mapped_column()
