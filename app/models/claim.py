"""Claims of incentives: at most one for each pairing, for ever."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.checking import TwoHands
from app.domain.claim import ClaimCheckedError, ClaimStatus, SameOfficerError
from app.domain.errors import ConflictError
from app.models.base import Prose, enum_of, references
from app.models.checked import Checked


class Claim(Checked):
    """What is claimed for one expert and one venture, with the evidence of the register."""

    __tablename__ = "claims"
    __table_args__ = (
        UniqueConstraint("expert_id", "venture_id"),
        CheckConstraint("(status = 'claimed') = (checked_by_id IS NULL)", name="checked"),
        CheckConstraint("(checked_by_id IS NULL) = (checked_at IS NULL)", name="checked_once"),
        CheckConstraint("amount_yuan >= 0", name="amount"),
    )
    HANDS = TwoHands(ClaimStatus.CLAIMED, SameOfficerError, ClaimCheckedError)
    PRIVATE = frozenset({"evidence"})

    expert_id: Mapped[UUID] = references("experts", index=False)
    venture_id: Mapped[UUID] = references("ventures")
    opens_on: Mapped[date]
    evidence: Mapped[Prose]
    seen_on: Mapped[date]
    amount_yuan: Mapped[int]
    policy: Mapped[str]
    status: Mapped[ClaimStatus] = mapped_column(enum_of(ClaimStatus))


on_violation(
    lambda: ConflictError("claim.exists"),
    "uq_claims_expert_id_venture_id",
    "claims.expert_id, claims.venture_id",
)
