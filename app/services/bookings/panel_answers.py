"""The answers of a panel: each expert speaks for himself, the meeting stands or falls with them."""

from uuid import UUID

from app.domain.booking import BookingEvent, BookingStatus, Side, is_excused, is_late, next_status
from app.domain.booking_panel import Verdict
from app.domain.task import TaskKind
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.services import absences, tasks
from app.services.bookings import alternates, offers, seats
from app.services.bookings.passing import reopen_need
from app.services.bookings.waiting import give_back, offer_freed
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

NO_ANSWER = "s_offer_timeout"


def accept_seat(uow: UnitOfWork, booking: Booking, expert_id: UUID | None) -> BookingExpert:
    """Note the yes of the expert named, for whom somebody answers, else of who acts.

    Raises:
        IllegalTransitionError: he is not asked, or has answered.
    """
    seat = seats.seat_of(uow, booking, PanelAnswer.INVITED, expert_id=expert_id)
    seats.answer(uow, seat, PanelAnswer.ACCEPTED)
    uow.audit("booking.member_accepted", booking, expert=seat.expert_id)
    return seat


def refuse_seat(
    uow: UnitOfWork, booking: Booking, reason: str, note: str | None, expert_id: UUID | None
) -> None:
    """Note the no of the expert named, else of who acts; his time is free at once.

    Raises:
        IllegalTransitionError: he is not asked, or the meeting is agreed with him.
    """
    agreed = booking.status is not BookingStatus.REQUESTED
    # Who stands in for him takes no answer of his back.
    is_fixed = agreed or expert_id is not None
    answers = (PanelAnswer.INVITED,) if is_fixed else seats.TAKING_PART
    seat = seats.seat_of(uow, booking, *answers, expert_id=expert_id)
    seat.reason = reason
    seats.answer(uow, seat, PanelAnswer.DECLINED)
    uow.audit("booking.member_declined", booking, expert=seat.expert_id, reason=reason, note=note)
    offer_freed(uow, seat.expert_id)


def leave_seat(uow: UnitOfWork, booking: Booking, reason: str, note: str | None) -> None:
    """Let the expert who acts off an agreed meeting; what counts against him stands on his seat.

    Raises:
        IllegalTransitionError: the meeting is not agreed with him.
    """
    seat = seats.seat_of(uow, booking, PanelAnswer.ACCEPTED)
    seat.reason = reason
    seat.is_late = is_late(booking.starts_at, booking.booked_at or uow.now, uow.now)
    seat.is_excused = is_excused(reason, seat.is_late)
    booking.ics_sequence += 1
    seats.answer(uow, seat, PanelAnswer.DECLINED)
    uow.audit("booking.member_left", booking, expert=seat.expert_id, reason=reason, note=note)
    uow.tell("booking.member_left", booking, expert=str(seat.expert_id))
    offer_freed(uow, seat.expert_id)
    if seat.is_late and not seat.is_excused:
        absences.review(uow, seat.expert_id)


def let_silent_go(uow: UnitOfWork, booking: Booking) -> None:
    """Give their time back to those who have not answered."""
    for seat in seats.live(uow, booking):
        if seat.answer is PanelAnswer.INVITED:
            seats.answer(uow, seat, PanelAnswer.REPLACED)
            uow.audit("booking.member_silent", booking, expert=seat.expert_id)
            offer_freed(uow, seat.expert_id)


def ask_again(uow: UnitOfWork, booking: Booking) -> None:
    """Let every expert answer anew, because the time is another one."""
    for seat in seats.live(uow, booking):
        seat.answer, seat.answered_at = PanelAnswer.INVITED, None


def conclude(uow: UnitOfWork, booking: Booking, event: BookingEvent) -> bool:
    """Tell whether the answers make the meeting; where too few are left, ask alternates.

    A request without any ends by the event. An agreed meeting without any is left to the bureau.
    """
    verdict = seats.tally(booking, seats.every(uow, booking)).verdict
    if booking.status is BookingStatus.REQUESTED and verdict is Verdict.AGREED:
        return True
    if verdict is not Verdict.SHORT or alternates.ask(uow, booking):
        return False
    if booking.status is BookingStatus.REQUESTED:
        _end(uow, booking, event)
    elif booking.status is BookingStatus.ACCEPTED:
        uow.audit("booking.panel_short", booking)
        tasks.open_once(uow, TaskKind.MENTOR_CANCELLED, booking, due_by=booking.starts_at)
        uow.tell("booking.panel_short", booking)
    return False


def _end(uow: UnitOfWork, booking: Booking, event: BookingEvent) -> None:
    booking.status = next_status(booking.status, event)
    if event is BookingEvent.EXPIRE:
        booking.end_reason, booking.end_side = NO_ANSWER, Side.SYSTEM
    else:
        booking.end_side = Side.MENTOR
    give_back(uow, booking)
    offers.close(uow, booking.id)
    cancel_open(uow, booking.id)
    uow.audit(f"booking.{booking.status.value}", booking)
    uow.tell("booking.panel_off", booking)
    reopen_need(uow, booking.need_id)
