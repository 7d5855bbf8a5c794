"""The times offered for a booking: found, and ended with what they were offered for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.domain.time_offer import OfferStatus
from app.models.booking import Booking
from app.models.time_offer import TimeOffer
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

LAPSE = "lapse_time_offer"


def standing(uow: UnitOfWork, booking_id: UUID) -> TimeOffer | None:
    """Return the times offered for the booking and not yet answered; the booking is locked."""
    return uow.one(
        select(TimeOffer).where(
            TimeOffer.booking_id == booking_id, TimeOffer.status == OfferStatus.OPEN
        )
    )


def close(uow: UnitOfWork, booking_id: UUID) -> None:
    """Take back what is offered for a booking that has ended, moved or been agreed otherwise."""
    offer = standing(uow, booking_id)
    if offer is not None:
        end(uow, offer, OfferStatus.WITHDRAWN)


def end(
    uow: UnitOfWork, offer: TimeOffer, status: OfferStatus, taken: datetime | None = None
) -> None:
    """End the offer; the job that waited for its deadline is cancelled."""
    offer.status, offer.ended_at, offer.taken_starts_at = status, uow.now, taken
    cancel_open(uow, offer.booking_id, [LAPSE])
    uow.audit(f"time_offer.{status.value}", offer)
    uow.flush()


def times_of(offer: TimeOffer) -> tuple[datetime, ...]:
    """Return the starts that were offered, in order."""
    return tuple(datetime.fromisoformat(text) for text in offer.times)


def mark_changed(booking: Booking) -> None:
    """Let the booking's version rise with its offers, which are rows of their own."""
    flag_modified(booking, "answer_by")
