"""What was wrong beside the figures of a closed month, and the two people who say so."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.checking import TwoHands
from app.domain.erratum import ErratumCheckedError, ErratumCheckerError, ErratumStatus
from app.models.base import Prose, enum_of, references
from app.models.checked import Checked


class Erratum(Checked):
    """A dated word on a closed month, such as a wrong calendar; it moves no figure."""

    __tablename__ = "errata"
    __table_args__ = (
        CheckConstraint(
            "(status = 'proposed') = (checked_by_id IS NULL)"
            " AND (checked_by_id IS NULL) = (checked_at IS NULL)",
            name="checked_by_somebody",
        ),
    )
    HANDS = TwoHands(ErratumStatus.PROPOSED, ErratumCheckerError, ErratumCheckedError)
    PRIVATE = frozenset({"words"})

    period_id: Mapped[UUID] = references("periods")
    words: Mapped[Prose]
    status: Mapped[ErratumStatus] = mapped_column(enum_of(ErratumStatus))
