"""Ends of a booking other than being held: release, withdraw, cancel, expire."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.booking import (
    AlreadyStartedError,
    BookingEvent,
    BookingStatus,
    Side,
    ensure_reason,
    is_excused,
    is_late,
    next_status,
)
from app.domain.task import TaskKind
from app.models.booking import Booking
from app.services import absences, tasks, waiting_lists
from app.services.bookings import claims, offers, panel_answers, seats
from app.services.bookings.answering import conclude, decline
from app.services.bookings.passing import pass_on, reopen_need
from app.services.bookings.suspending import end_causes
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import give_back, offer_freed
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

NO_ANSWER = "s_offer_timeout"


def release(uow: UnitOfWork, booking_id: UUID, *, version: int | None = None) -> Booking:
    """Give a hold's time back; a booking that is no longer on hold is left alone."""
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.BOOK)
    ensure_version(booking, version)
    if booking.status is BookingStatus.ON_HOLD:
        in_line = waiting_lists.entry_of(uow, booking.id)
        if in_line is not None:
            waiting_lists.pass_over(uow, in_line.id, booking.starts_at)
        claims.let_go(uow, booking)
        cancel_open(uow, booking.id)
        offer_freed(uow, booking.lead_expert_id)
    return booking


def withdraw(
    uow: UnitOfWork, booking_id: UUID, reason: str, *, version: int | None = None
) -> Booking:
    """Take back a request that nobody has answered yet."""
    booking, side = _ended(uow, booking_id, BookingEvent.WITHDRAW, reason, version)
    return _finish(uow, booking, side, "booking.withdrawn")


def cancel(
    uow: UnitOfWork,
    booking_id: UUID,
    reason: str,
    *,
    note: str | None = None,
    version: int | None = None,
) -> Booking:
    """Call off an accepted meeting, possible until its start; late ones count unless excused.

    What is suspended is nobody's fault and never late, and can be called off after its time too.
    A request that nobody has answered yet is withdrawn, by the mentor declined. When the mentor
    calls off, the next candidate is asked with the lead time that is left. An expert of a panel
    calls off for himself alone: the meeting stands while enough are left.

    Raises:
        AlreadyStartedError: the meeting's time has come.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    if booking.status is BookingStatus.REQUESTED:
        if side_of(uow, booking) is Side.MENTOR:
            return decline(uow, booking_id, reason, note=note, version=version)
        return withdraw(uow, booking_id, reason, version=version)
    if side_of(uow, booking) is Side.MENTOR and seats.is_panel(uow, booking):
        return _leave(uow, booking, reason, note, version)
    was_suspended = booking.status is BookingStatus.SUSPENDED
    booking, side = _ended(uow, booking_id, BookingEvent.CANCEL, reason, version)
    if booking.starts_at <= uow.now and not was_suspended:
        raise AlreadyStartedError
    booking.end_note = note
    late = is_late(booking.starts_at, booking.booked_at or uow.now, uow.now)
    booking.is_late = late and not was_suspended
    booking.is_excused = is_excused(reason, booking.is_late)
    booking.ics_sequence += 1
    if was_suspended:
        end_causes(uow, booking)
    if side is Side.MENTOR and booking.is_late:
        # With so little time left somebody should telephone, whoever is asked next.
        tasks.open_once(uow, TaskKind.MENTOR_CANCELLED, booking, due_by=booking.starts_at)
    ended = _finish(uow, booking, side, "booking.cancelled")
    if side is Side.MENTOR and booking.is_late and not booking.is_excused:
        absences.review(uow, booking.lead_expert_id)
    return ended


def expire(uow: UnitOfWork, booking_id: UUID) -> Booking:
    """End a request whose time to answer has passed, and ask the next candidate.

    Of a panel, who said yes makes the meeting when enough did; else alternates are asked.

    A booking that is no longer waiting, or has time left, is left alone.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    waiting = booking.status is BookingStatus.REQUESTED
    is_panel = seats.is_panel(uow, booking)
    if not (waiting or (is_panel and booking.status is BookingStatus.ACCEPTED)):
        return booking
    if booking.answer_by is None or booking.answer_by > uow.now:
        return booking
    if offers.standing(uow, booking.id) is not None:
        # The mentor has answered by offering other times, which run out by themselves.
        return booking
    if is_panel:
        panel_answers.let_silent_go(uow, booking)
        conclude(uow, booking, BookingEvent.EXPIRE)
        return booking
    booking.status = next_status(booking.status, BookingEvent.EXPIRE)
    booking.end_reason, booking.end_side = NO_ANSWER, Side.SYSTEM
    give_back(uow, booking)
    cancel_open(uow, booking.id)
    uow.audit("booking.expired", booking)
    pass_on(uow, booking, "booking.expired")
    return booking


def side_of(uow: UnitOfWork, booking: Booking) -> Side:
    """Return for which side of the booking the actor speaks.

    Raises:
        ForbiddenError: he has left the panel.
    """
    if seats.is_expert_of(uow, booking):
        return Side.MENTOR
    if uow.actor.person_id == booking.founder_person_id:
        return Side.FOUNDER
    return Side.BUREAU if uow.actor.is_staff else Side.SYSTEM


def _leave(
    uow: UnitOfWork, booking: Booking, reason: str, note: str | None, version: int | None
) -> Booking:
    uow.require(Permission.CANCEL_BOOKING)
    ensure_version(booking, version)
    ensure_reason(reason, Side.MENTOR)
    # Where nothing can be called off, nobody leaves either.
    next_status(booking.status, BookingEvent.CANCEL)
    if booking.starts_at <= uow.now:
        raise AlreadyStartedError
    panel_answers.leave_seat(uow, booking, reason, note)
    conclude(uow, booking, BookingEvent.CANCEL)
    return booking


def _ended(
    uow: UnitOfWork, booking_id: UUID, event: BookingEvent, reason: str, version: int | None
) -> tuple[Booking, Side]:
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.CANCEL_BOOKING)
    ensure_version(booking, version)
    side = side_of(uow, booking)
    ensure_reason(reason, side)
    booking.status = next_status(booking.status, event)
    booking.end_reason, booking.end_side = reason, side
    return booking, side


def _finish(uow: UnitOfWork, booking: Booking, side: Side, action: str) -> Booking:
    offers.close(uow, booking.id)
    cancel_open(uow, booking.id)
    uow.audit(action, booking)
    # Late: whoever wants the time waits for its claims from here on.
    give_back(uow, booking)
    if side is Side.MENTOR:
        pass_on(uow, booking, action)
    else:
        reopen_need(uow, booking.need_id)
        uow.tell(action, booking, by=side.value)
    return booking
