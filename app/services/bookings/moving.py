"""Another time for the same booking: same id, same calendar entry, rising sequence."""

from datetime import datetime
from uuid import UUID

from app.domain.actor import Permission
from app.domain.availability import Question, ensure_free
from app.domain.booking import (
    AlreadyStartedError,
    BookingEvent,
    BookingStatus,
    MoveTooLateError,
    is_late,
    next_status,
)
from app.domain.calendar import local_day
from app.models.booking import Booking, ResourceKind
from app.models.service_session import ServiceSession
from app.queries.free_times import load_diaries
from app.services.bookings import claims
from app.services.bookings.answering import plan_reminders, session_of
from app.services.bookings.holding import ask, ensure_speaks_for
from app.services.bookings.recusing import ensure_no_tie
from app.services.bookings.versions import ensure_version
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
    _shift(uow, booking, starts_at)
    booking.ics_sequence += 1
    cancel_open(uow, booking.id)
    session = session_of(uow, booking.id) if accepted else None
    if session is None:
        ask(uow, booking)
    else:
        _replan(uow, booking, session)
    uow.audit("booking.moved", booking)
    uow.tell("booking.moved", booking)
    return booking


def _shift(uow: UnitOfWork, booking: Booking, starts_at: datetime) -> None:
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    diaries = load_diaries(uow, [booking.lead_expert_id], [local_day(starts_at)])
    question = Question(minutes, (booking.mode,), uow.now)
    # A full month has room for what it holds already.
    held_on = local_day(booking.starts_at)
    diary = diaries.by_expert[booking.lead_expert_id].without_service_on(held_on)
    ensure_free(diary, diaries.calendar, question, starts_at)
    claims.lock(
        uow,
        [
            (ResourceKind.EXPERT, booking.lead_expert_id),
            (ResourceKind.FOUNDER, booking.founder_person_id),
        ],
    )
    by = starts_at - booking.starts_at
    claims.shift(uow, booking, by)
    booking.starts_at += by
    booking.ends_at += by


def _replan(uow: UnitOfWork, booking: Booking, session: ServiceSession) -> None:
    session.planned_starts_at, session.planned_ends_at = booking.starts_at, booking.ends_at
    plan_reminders(uow, session, booking.ics_sequence)
    uow.audit("service_session.moved", session)
