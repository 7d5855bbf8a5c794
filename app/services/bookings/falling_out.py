"""An expert who cannot come to what is booked: his panel does without him, or it is held back."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.booking import BookingEvent, BookingStatus
from app.domain.booking_panel import Verdict
from app.domain.errors import DomainError
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.services.bookings import alternates, seats
from app.services.bookings.answering import conclude
from app.services.bookings.suspending import suspend
from app.unit_of_work import UnitOfWork

_STANDING = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED)


def fall_out(
    uow: UnitOfWork,
    booking_id: UUID,
    expert_id: UUID,
    cause: SuspensionCause,
    *,
    ref_id: UUID | None = None,
) -> Booking:
    """Let a panel go on without an expert who cannot come; else hold the booking back.

    It goes on while its quorum is left, or an alternate can be asked in his place. Who leads, and
    who is alone, cannot be done without: then he keeps his seat and his time, because the cause
    may pass. Nothing of it counts against him.

    Args:
        uow: the transaction.
        booking_id: which one.
        expert_id: of the experts who take part the one who cannot come.
        cause: why.
        ref_id: the row that is the cause, such as a leave.

    Raises:
        IllegalTransitionError: nothing is left to hold back.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.CANCEL_BOOKING)
    seat = next(each for each in seats.live(uow, booking) if each.expert_id == expert_id)
    if booking.status in _STANDING and not seat.is_lead:
        try:
            with uow.attempt():
                _go_on(uow, booking, seat, cause)
        except _NeededError:
            uow.session.refresh(booking)
        else:
            return booking
    return suspend(uow, booking_id, cause, ref_id=ref_id)


class _NeededError(DomainError):
    """Too few are left without him, and nobody can be asked instead."""


def _go_on(uow: UnitOfWork, booking: Booking, seat: BookingExpert, cause: SuspensionCause) -> None:
    if booking.status is BookingStatus.ACCEPTED:
        booking.ics_sequence += 1
    seats.answer(uow, seat, PanelAnswer.REPLACED)
    uow.audit("booking.member_out", booking, expert=seat.expert_id, cause=cause.value)
    uow.tell("booking.member_out", booking, expert=str(seat.expert_id), cause=cause.value)
    verdict = seats.tally(booking, seats.every(uow, booking)).verdict
    if verdict is Verdict.SHORT and not alternates.ask(uow, booking):
        raise _NeededError
    conclude(uow, booking, BookingEvent.DECLINE)
