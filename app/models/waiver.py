"""Waivers: what two officers let pass, of which rule, for which need and expert."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.checking import TwoHands
from app.domain.waiver import (
    SameOfficerError,
    WaiverCheckedError,
    WaiverRule,
    WaiverStatus,
    WaiverWaitsError,
)
from app.models.base import Json, Prose, enum_of, references
from app.models.checked import Checked

_WAITS = text("status = 'proposed'")


class Waiver(Checked):
    """A rule set aside for one need and one expert; `kinds` names the ties it covers."""

    __tablename__ = "waivers"
    __table_args__ = (
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
    HANDS = TwoHands(WaiverStatus.PROPOSED, SameOfficerError, WaiverCheckedError)
    PRIVATE = frozenset({"reason"})

    need_id: Mapped[UUID] = references("needs")
    expert_id: Mapped[UUID] = references("experts")
    rule: Mapped[WaiverRule] = mapped_column(enum_of(WaiverRule))
    kinds: Mapped[Json]
    reason: Mapped[Prose]
    status: Mapped[WaiverStatus] = mapped_column(enum_of(WaiverStatus))


on_violation(
    WaiverWaitsError, "uq_waivers_waiting", "waivers.need_id, waivers.expert_id, waivers.rule"
)
