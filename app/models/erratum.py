"""What was wrong beside the figures of a closed month, and the two people who say so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.erratum import ErratumCheckerError, ErratumStatus
from app.models.base import Base, Ledger, Prose, Versioned, enum_of, references


class Erratum(Versioned, Ledger, Base):
    """A dated word on a closed month, such as a wrong calendar; it moves no figure."""

    __tablename__ = "errata"
    __table_args__ = (
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> made_by_id", name="two_people"),
        CheckConstraint(
            "(status = 'proposed') = (checked_by_id IS NULL)"
            " AND (checked_by_id IS NULL) = (checked_at IS NULL)",
            name="checked_by_somebody",
        ),
    )
    PRIVATE = frozenset({"words"})

    period_id: Mapped[UUID] = references("periods")
    words: Mapped[Prose]
    status: Mapped[ErratumStatus] = mapped_column(enum_of(ErratumStatus))
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    made_at: Mapped[datetime]
    checked_by_id: Mapped[UUID | None] = references("accounts", index=False)
    checked_at: Mapped[datetime | None]


on_violation(ErratumCheckerError, "ck_errata_two_people")
