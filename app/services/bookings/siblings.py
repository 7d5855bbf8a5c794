"""Requests of one need to several experts: the first who accepts closes the others."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain.booking import BookingEvent, BookingStatus, Side, next_status
from app.models.booking import Booking
from app.models.need import Need
from app.services.bookings import offers
from app.services.bookings.waiting import give_back
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

ANOTHER_ACCEPTED = "s_duplicate"


def lock(uow: UnitOfWork, booking_id: UUID) -> None:
    """Lock every open request of the booking's need, in one order, before one is answered.

    Two experts who accept at the same moment meet at the first of the rows: the second waits and
    finds his own request closed.
    """
    with uow.beyond_scope("the other requests of the same need"):
        need_id = uow.one(select(Booking.need_id).where(Booking.id == booking_id))
    if need_id is not None:
        lock_of_need(uow, need_id)


def lock_of_need(uow: UnitOfWork, need_id: UUID) -> None:
    """Lock every open request of the need, in one order, before it is agreed otherwise."""
    with uow.beyond_scope("the other requests of the same need"):
        _open_requests(uow, need_id)


def close(uow: UnitOfWork, accepted: Booking) -> None:
    """Withdraw what else was asked for the need of the accepted booking; both sides are told."""
    with uow.beyond_scope("the other requests of the same need"):
        # Who asks meanwhile holds the need: his request is seen here, or he sees the need taken.
        uow.load(Need, accepted.need_id, lock=True)
        for other in _open_requests(uow, accepted.need_id):
            if other.id != accepted.id:
                _withdraw(uow, other)


def _withdraw(uow: UnitOfWork, other: Booking) -> None:
    other.status = next_status(other.status, BookingEvent.WITHDRAW)
    other.end_reason, other.end_side = ANOTHER_ACCEPTED, Side.SYSTEM
    give_back(uow, other)
    offers.close(uow, other.id)
    cancel_open(uow, other.id)
    uow.audit("booking.superseded", other)
    uow.tell("booking.superseded", other)


def _open_requests(uow: UnitOfWork, need_id: UUID) -> Sequence[Booking]:
    return uow.all(
        select(Booking)
        .where(Booking.need_id == need_id, Booking.status == BookingStatus.REQUESTED)
        .order_by(Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
