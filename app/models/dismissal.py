"""Dismissals as proposed, heard and decided, and reasons for renewing a short term."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.dismissal import DismissalOpenError, DismissalStatus, Ground, SameOfficerError
from app.models.base import Base, Json, Ledger, Prose, Versioned, enum_of, references

_OPEN = text("status IN ('proposed', 'heard')")


class Dismissal(Versioned, Ledger, Base):
    """A proposal to dismiss an expert, with the figures it rests on and his own words."""

    __tablename__ = "dismissals"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two"),
        CheckConstraint(
            "(status IN ('approved', 'refused')) = (decided_at IS NOT NULL)", name="decided"
        ),
        CheckConstraint("(heard_at IS NULL) = (words IS NULL)", name="heard"),
        Index(
            "uq_dismissals_open",
            "expert_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )
    PRIVATE = frozenset({"statement", "words"})

    expert_id: Mapped[UUID] = references("experts")
    ground: Mapped[Ground] = mapped_column(enum_of(Ground))
    statement: Mapped[Prose]
    evidence: Mapped[Json]
    status: Mapped[DismissalStatus] = mapped_column(enum_of(DismissalStatus))
    proposed_by_id: Mapped[UUID] = references("accounts", index=False)
    proposed_at: Mapped[datetime]
    hear_by: Mapped[datetime]
    words: Mapped[Prose | None]
    heard_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = references("accounts", index=False)
    decided_at: Mapped[datetime | None]
    document: Mapped[str | None]


class RenewalReason(Ledger, Base):
    """Why a term was renewed although the one before it fell short of its hours."""

    __tablename__ = "renewal_reasons"
    __table_args__ = (UniqueConstraint("appointment_id"),)
    PRIVATE = frozenset({"reason"})

    appointment_id: Mapped[UUID] = references("appointments", index=False)
    minutes: Mapped[int]
    owed: Mapped[int]
    reason: Mapped[Prose]
    made_by_id: Mapped[UUID | None] = references("accounts", index=False)
    made_at: Mapped[datetime]


on_violation(DismissalOpenError, "uq_dismissals_open", "dismissals.expert_id")
on_violation(SameOfficerError, "ck_dismissals_two")
