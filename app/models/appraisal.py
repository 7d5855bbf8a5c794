"""Appraisals of experts: one for each meeting and expert, in versions that nobody changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.appraisal import AppraisedError, Grade
from app.models.base import Base, Ledger, Prose, enum_of, references


class Appraisal(Ledger, Base):
    """What an officer gave an expert for a meeting, out of a hundred, and on what it rests.

    The first version has no reason; each later one says why the one before was wrong.
    """

    __tablename__ = "appraisals"
    __table_args__ = (
        UniqueConstraint("service_session_id", "expert_id", "number"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("number >= 1 AND (number = 1) = (reason IS NULL)", name="reason"),
    )
    PRIVATE = frozenset({"words", "reason"})

    service_session_id: Mapped[UUID] = references("service_sessions", index=False)
    expert_id: Mapped[UUID] = references("experts")
    number: Mapped[int]
    score: Mapped[int]
    grade: Mapped[Grade] = mapped_column(enum_of(Grade))
    words: Mapped[Prose]
    reason: Mapped[Prose | None]
    due_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    made_at: Mapped[datetime]


on_violation(
    AppraisedError,
    "uq_appraisals_service_session_id_expert_id_number",
    "appraisals.service_session_id, appraisals.expert_id, appraisals.number",
)
