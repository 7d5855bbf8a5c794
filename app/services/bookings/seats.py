"""The experts of a booking: who is asked, who said yes, who left."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission
from app.domain.booking import IllegalTransitionError
from app.domain.booking_panel import Tally
from app.domain.errors import ForbiddenError
from app.models.booking import Booking, BookingExpert, BookingFounder, PanelAnswer, ResourceKind
from app.models.expert import Expert
from app.services.bookings import claims
from app.unit_of_work import UnitOfWork

TAKING_PART = (PanelAnswer.INVITED, PanelAnswer.ACCEPTED)


def every(uow: UnitOfWork, booking: Booking) -> Sequence[BookingExpert]:
    """Return all who were ever asked, who leads first."""
    return uow.all(
        select(BookingExpert)
        .where(BookingExpert.booking_id == booking.id)
        .order_by(BookingExpert.is_lead.desc(), BookingExpert.id)
    )


def live(uow: UnitOfWork, booking: Booking) -> list[BookingExpert]:
    """Return who is asked or has said yes, who leads first."""
    return [seat for seat in every(uow, booking) if seat.answer in TAKING_PART]


def live_ids(uow: UnitOfWork, booking: Booking) -> list[UUID]:
    """Return the experts who are asked or have said yes, who leads first."""
    return [seat.expert_id for seat in live(uow, booking)]


def notice_hours(uow: UnitOfWork, booking: Booking) -> int:
    """Return the longest notice that an expert needs who is asked or has said yes."""
    found = uow.one(
        select(func.max(Expert.notice_hours))
        .join(BookingExpert, BookingExpert.expert_id == Expert.id)
        .where(BookingExpert.booking_id == booking.id, BookingExpert.answer.in_(TAKING_PART))
    )
    return found or 0


def is_panel(uow: UnitOfWork, booking: Booking) -> bool:
    """Tell whether several experts were ever asked together."""
    return len(every(uow, booking)) > 1


def companion_ids(uow: UnitOfWork, booking: Booking) -> Sequence[UUID]:
    """Return who comes with the founder."""
    return uow.all(
        select(BookingFounder.person_id)
        .where(BookingFounder.booking_id == booking.id)
        .order_by(BookingFounder.id)
    )


def asked_ids(uow: UnitOfWork, booking: Booking) -> list[UUID]:
    """Return every expert who was ever asked."""
    return [seat.expert_id for seat in every(uow, booking)]


def is_expert_of(uow: UnitOfWork, booking: Booking) -> bool:
    """Tell whether the actor speaks for an expert of the booking.

    Raises:
        ForbiddenError: he has left the panel.
    """
    asked = every(uow, booking)
    mine = next((seat for seat in asked if seat.expert_id == uow.actor.expert_id), None)
    if mine is not None and len(asked) > 1 and mine.answer not in TAKING_PART:
        raise ForbiddenError(permission=Permission.READ_BOOKING.value)
    return mine is not None


def seat_of(
    uow: UnitOfWork, booking: Booking, *answers: PanelAnswer, expert_id: UUID | None = None
) -> BookingExpert:
    """Return the seat of the expert named, else of who acts; of the service itself the lead's.

    Raises:
        IllegalTransitionError: he has answered otherwise, or was not asked.
    """
    expert_id = expert_id or uow.actor.expert_id or booking.lead_expert_id
    for seat in every(uow, booking):
        if seat.expert_id == expert_id and seat.answer in answers:
            return seat
    raise IllegalTransitionError(status=booking.status.value, event="answer")


def tally(booking: Booking, seats: Iterable[BookingExpert]) -> Tally:
    """Count the answers of a panel."""
    asked = [seat for seat in seats if seat.answer in TAKING_PART]
    yes = [seat for seat in asked if seat.answer is PanelAnswer.ACCEPTED]
    return Tally(
        quorum=booking.quorum,
        accepted=len(yes),
        waiting=len(asked) - len(yes),
        has_lead=any(seat.is_lead for seat in asked),
        is_led=any(seat.is_lead for seat in yes),
    )


def answer(uow: UnitOfWork, seat: BookingExpert, said: PanelAnswer) -> None:
    """Note an answer; who does not come gets his time back at once."""
    seat.answer, seat.answered_at = said, uow.now
    if said not in TAKING_PART:
        claims.free_one(uow, seat.booking_id, (ResourceKind.EXPERT, seat.expert_id))
    uow.flush()
