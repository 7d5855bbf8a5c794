"""Other times offered for a booking; they claim nothing until one is taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.booking import Side
from app.domain.time_offer import OfferKind, OfferStandsError, OfferStatus
from app.models.base import Base, Json, Prose, Versioned, enum_of, references

_OPEN = text("status = 'open'")


class TimeOffer(Versioned, Base):
    """One to three other times that one side of a booking put before the other.

    `times` are starts in ISO form, in order; `answer_by` is when the other side's time to choose
    ends.
    """

    __tablename__ = "time_offers"
    __table_args__ = (
        CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(status = 'taken') = (taken_starts_at IS NOT NULL)", name="taken"),
        Index(
            "uq_time_offers_open",
            "booking_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )

    booking_id: Mapped[UUID] = references("bookings")
    kind: Mapped[OfferKind] = mapped_column(enum_of(OfferKind))
    side: Mapped[Side] = mapped_column(enum_of(Side))
    times: Mapped[Json]
    note: Mapped[Prose | None]
    status: Mapped[OfferStatus] = mapped_column(enum_of(OfferStatus))
    offered_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    taken_starts_at: Mapped[datetime | None]


on_violation(OfferStandsError, "uq_time_offers_open", "time_offers.booking_id")
