"""Waivers: what two officers let pass, of which rule, for which need and expert."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.waiver import SameOfficerError, WaiverRule, WaiverStatus, WaiverWaitsError
from app.models.base import Base, Json, Ledger, Prose, Versioned, enum_of, references

_WAITS = text("status = 'proposed'")


class Waiver(Versioned, Ledger, Base):
    """A rule set aside for one need and one expert; `kinds` names the ties it covers."""

    __tablename__ = "waivers"
    __table_args__ = (
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> made_by_id", name="two_people"),
        CheckConstraint(
            "(status = 'proposed') = (checked_by_id IS NULL)"
            " AND (checked_by_id IS NULL) = (checked_at IS NULL)",
            name="checked_by_somebody",
        ),
        Index(
            "uq_waivers_waiting",
            "need_id",
            "expert_id",
            "rule",
            unique=True,
            postgresql_where=_WAITS,
            sqlite_where=_WAITS,
        ),
    )
    PRIVATE = frozenset({"reason"})

    need_id: Mapped[UUID] = references("needs")
    expert_id: Mapped[UUID] = references("experts")
    rule: Mapped[WaiverRule] = mapped_column(enum_of(WaiverRule))
    kinds: Mapped[Json]
    reason: Mapped[Prose]
    status: Mapped[WaiverStatus] = mapped_column(enum_of(WaiverStatus))
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    made_at: Mapped[datetime]
    checked_by_id: Mapped[UUID | None] = references("accounts", index=False)
    checked_at: Mapped[datetime | None]


on_violation(
    WaiverWaitsError, "uq_waivers_waiting", "waivers.need_id, waivers.expert_id, waivers.rule"
)
on_violation(SameOfficerError, "ck_waivers_two_people")
