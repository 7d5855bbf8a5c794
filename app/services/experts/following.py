"""Bookings follow the term of their expert: held back beyond its end, and back when it covers."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.booking import BookingStatus
from app.domain.calendar import local_day
from app.domain.expert import Term, in_term
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Appointment
from app.services import bookings
from app.unit_of_work import UnitOfWork

_STANDING = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED, BookingStatus.SUSPENDED)
_TAKING_PART = (PanelAnswer.INVITED, PanelAnswer.ACCEPTED)


def follow_terms(uow: UnitOfWork, expert_id: UUID) -> None:
    """Hold back what lies beyond every term of the expert; what a term covers stands again.

    A panel that can do without him goes on.
    """
    uow.flush()
    with uow.beyond_scope("every booking to come of the expert"):
        held = uow.all(select(Appointment).where(Appointment.expert_id == expert_id))
        terms = [Term(row.starts_on, row.ends_on, row.approved_on, row.kind) for row in held]
        for booking in ahead_of(uow, expert_id):
            if not in_term(terms, local_day(booking.starts_at)):
                bookings.fall_out(uow, booking.id, expert_id, SuspensionCause.TERM)
            elif booking.status is BookingStatus.SUSPENDED:
                bookings.lift(uow, SuspensionCause.TERM, booking)


def ahead_of(
    uow: UnitOfWork, expert_id: UUID, days: tuple[date, date] | None = None
) -> Sequence[Booking]:
    """Return the bookings to come in which the expert takes part, locked in one order.

    What is written of his days is in the way of everybody who has not booked yet: who is booking
    at this moment is waited for, and who has only looked looks again.

    Args:
        uow: the transaction.
        expert_id: whose.
        days: the first and the last day to look at, all when not given.
    """
    standing = (
        select(Booking)
        .join(BookingExpert, BookingExpert.booking_id == Booking.id)
        .where(
            BookingExpert.expert_id == expert_id,
            BookingExpert.answer.in_(_TAKING_PART),
            Booking.status.in_(_STANDING),
            Booking.starts_at > uow.now,
        )
        .order_by(Booking.id)
        .with_for_update(of=Booking)
    )
    # Bookings before resources, as whoever moves one does it.
    uow.all(standing)
    bookings.close_days(uow, [expert_id])
    found = uow.all(standing)
    if days is None:
        return found
    first, last = days
    return [row for row in found if first <= local_day(row.starts_at) <= last]
