"""Changes of the counting policy with the two people behind each, and what they would change."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.checking import TwoHands
from app.domain.policy_change import (
    PolicyChangeCheckedError,
    PolicyChangeStatus,
    PolicyMonthTakenError,
    SamePolicyPersonError,
)
from app.domain.policy_preview import PreviewStatus
from app.models.base import Base, Code, Json, Prose, Versioned, enum_of, references
from app.models.checked import Checked

_ENTERED = text("status = 'entered'")


class PolicyChange(Checked):
    """A row of the counting policy proposed by one person and checked by another.

    `policy_id` is the row it became; it stays when the change is withdrawn before its first day.
    """

    __tablename__ = "policy_changes"
    __table_args__ = (
        CheckConstraint("(checked_by_id IS NULL) = (checked_at IS NULL)", name="checked"),
        CheckConstraint(
            "(status = 'entered' AND policy_id IS NOT NULL AND checked_at IS NOT NULL)"
            " OR (status IN ('proposed', 'refused') AND policy_id IS NULL)"
            " OR status = 'withdrawn'",
            name="entered",
        ),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_on IS NOT NULL)", name="withdrawn"),
        CheckConstraint(
            "policy_id IS NULL OR withdrawn_on IS NULL OR withdrawn_on < valid_from",
            name="not_in_force",
        ),
        Index(
            "uq_policy_changes_entered",
            "valid_from",
            unique=True,
            postgresql_where=_ENTERED,
            sqlite_where=_ENTERED,
        ),
    )
    HANDS = TwoHands(PolicyChangeStatus.PROPOSED, SamePolicyPersonError, PolicyChangeCheckedError)
    PRIVATE = frozenset({"reason", "withdrawn_reason"})

    valid_from: Mapped[date]
    rules: Mapped[Json]
    reason: Mapped[Prose]
    status: Mapped[PolicyChangeStatus] = mapped_column(enum_of(PolicyChangeStatus))
    policy_id: Mapped[UUID | None] = references("counting_policies", unique=True, index=False)
    withdrawn_on: Mapped[date | None]
    withdrawn_by_id: Mapped[UUID | None] = references("accounts", index=False)
    withdrawn_reason: Mapped[Prose | None]


class PolicyPreview(Versioned, Base):
    """What a change would have made of past months, counted anew month by month."""

    __tablename__ = "policy_previews"

    policy_change_id: Mapped[UUID] = references("policy_changes")
    months: Mapped[Json]
    status: Mapped[PreviewStatus] = mapped_column(enum_of(PreviewStatus))
    done: Mapped[int]
    figures: Mapped[Json]
    changed: Mapped[int]
    asked_by_id: Mapped[UUID | None] = references("accounts", index=False)
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PolicyPreviewMonth(Base):
    """One month of a preview, so that each of its numbers can be opened.

    `records` are the decisions that stood, by key; `changed` the decisions that would differ, by
    the key of the one that stood; `figures` what both come to.
    """

    __tablename__ = "policy_preview_months"
    __table_args__ = (UniqueConstraint("policy_preview_id", "month"),)

    policy_preview_id: Mapped[UUID] = references("policy_previews", index=False)
    month: Mapped[Code]
    records: Mapped[Json]
    changed: Mapped[Json]
    figures: Mapped[Json]
    counted_at: Mapped[datetime]


on_violation(PolicyMonthTakenError, "uq_policy_changes_entered", "policy_changes.valid_from")
