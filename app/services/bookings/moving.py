"""Another time for the same booking: same id, same calendar entry, rising sequence."""

from datetime import datetime
from uuid import UUID

from app.domain.actor import Permission
from app.domain.booking import (
    AlreadyStartedError,
    BookingEvent,
    BookingStatus,
    MoveTooLateError,
    is_late,
    next_status,
)
from app.domain.calendar import local_day
from app.models.booking import Booking
from app.services.bookings import offers, panel_answers
from app.services.bookings.answering import session_of
from app.services.bookings.holding import ask, ensure_speaks_for
from app.services.bookings.recusing import ensure_no_tie
from app.services.bookings.retiming import replan, retime
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import offer_freed
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork


def move(
    uow: UnitOfWork, booking_id: UUID, starts_at: datetime, *, version: int | None = None
) -> Booking:
    """Take another time of the same expert; both sides keep the same booking.

    A request starts a new answer clock; an accepted meeting can be moved until 24 h before.

    Raises:
        MoveTooLateError: less than 24 h are left before an accepted meeting.
        RecusalError: a tie forbids the pairing, today or then.
        NotFreeError, TimeTakenError: why the new time cannot be had; the old one stays.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.MOVE_BOOKING)
    ensure_speaks_for(uow, booking.founder_person_id)
    ensure_version(booking, version)
    booking.status = next_status(booking.status, BookingEvent.MOVE)
    if booking.starts_at <= uow.now:
        raise AlreadyStartedError
    accepted = booking.status is BookingStatus.ACCEPTED
    if accepted and is_late(booking.starts_at, booking.booked_at or uow.now, uow.now):
        raise MoveTooLateError
    ensure_no_tie(uow, booking, local_day(starts_at))
    before = booking.starts_at
    retime(uow, booking, starts_at)
    offers.close(uow, booking.id)
    cancel_open(uow, booking.id)
    session = session_of(uow, booking.id) if accepted else None
    if session is None:
        panel_answers.ask_again(uow, booking)
        ask(uow, booking)
    else:
        replan(uow, booking, session)
    uow.audit("booking.moved", booking, before=before)
    uow.tell("booking.moved", booking)
    offer_freed(uow, booking.lead_expert_id)
    return booking
