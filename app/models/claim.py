"""Claims of incentives: at most one for each pairing, for ever."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.claim import ClaimStatus, SameOfficerError
from app.domain.errors import ConflictError
from app.models.base import Base, Ledger, Prose, Versioned, enum_of, references


class Claim(Versioned, Ledger, Base):
    """What is claimed for one expert and one venture, with the evidence of the register."""

    __tablename__ = "claims"
    __table_args__ = (
        UniqueConstraint("expert_id", "venture_id"),
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> made_by_id", name="two_people"),
        CheckConstraint("(status = 'claimed') = (checked_by_id IS NULL)", name="checked"),
        CheckConstraint("(checked_by_id IS NULL) = (checked_at IS NULL)", name="checked_once"),
        CheckConstraint("amount_yuan >= 0", name="amount"),
    )
    PRIVATE = frozenset({"evidence"})

    expert_id: Mapped[UUID] = references("experts", index=False)
    venture_id: Mapped[UUID] = references("ventures")
    opens_on: Mapped[date]
    evidence: Mapped[Prose]
    seen_on: Mapped[date]
    amount_yuan: Mapped[int]
    policy: Mapped[str]
    status: Mapped[ClaimStatus] = mapped_column(enum_of(ClaimStatus))
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    made_at: Mapped[datetime]
    checked_by_id: Mapped[UUID | None] = references("accounts", index=False)
    checked_at: Mapped[datetime | None]


on_violation(SameOfficerError, "ck_claims_two_people")
on_violation(
    lambda: ConflictError("claim.exists"),
    "uq_claims_expert_id_venture_id",
    "claims.expert_id, claims.venture_id",
)
