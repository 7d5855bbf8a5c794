"""An officer hands a booking to another expert; the need and its clock stay."""

from datetime import datetime
from uuid import UUID

from app.domain.actor import Permission
from app.domain.booking import (
    AlreadyStartedError,
    BookingEvent,
    BookingStatus,
    PanelReassignError,
    SameExpertError,
    Side,
    ensure_reason,
    next_status,
)
from app.models.booking import Booking
from app.models.need import Need
from app.services.bookings import claims, offers, seats
from app.services.bookings.holding import ask
from app.services.bookings.placing import Choice, place
from app.services.bookings.suspending import end_causes
from app.services.bookings.versions import ensure_version
from app.services.bookings.waiting import offer_freed
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork


def reassign(
    uow: UnitOfWork,
    booking_id: UUID,
    expert_id: UUID,
    reason: str,
    *,
    starts_at: datetime | None = None,
    version: int | None = None,
) -> Booking:
    """Ask another expert in place of the one who was asked or had agreed, and return that request.

    The time stays where the new expert has it free, unless another is given. The need keeps its
    first submission, from which its waiting is counted. Founder and former expert are told.

    Raises:
        InvalidInputError: the reason is none of the bureau's.
        SameExpertError, PanelReassignError, AlreadyStartedError: it cannot be handed on.
        NotFreeError, TimeTakenError, RecusalError: the new expert cannot have it then.
    """
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.REASSIGN_BOOKING)
    ensure_version(booking, version)
    ensure_reason(reason, Side.BUREAU)
    _ensure_may_go(uow, booking, expert_id)
    is_request = booking.status is BookingStatus.REQUESTED
    if booking.status is BookingStatus.SUSPENDED:
        end_causes(uow, booking)
    event = BookingEvent.WITHDRAW if is_request else BookingEvent.CANCEL
    booking.status = next_status(booking.status, event)
    booking.end_reason, booking.end_side = reason, Side.BUREAU
    if not is_request:
        booking.is_late, booking.is_excused = False, True
    booking.ics_sequence += 1
    claims.free(uow, booking.id)
    offers.close(uow, booking.id)
    cancel_open(uow, booking.id)
    uow.flush()
    successor = _successor(uow, booking, expert_id, starts_at or booking.starts_at)
    uow.audit("booking.reassigned", booking, successor=successor.id, expert=expert_id)
    uow.tell("booking.reassigned", booking, by=Side.BUREAU.value, next=str(successor.id))
    offer_freed(uow, booking.lead_expert_id)
    return successor


def _ensure_may_go(uow: UnitOfWork, booking: Booking, expert_id: UUID) -> None:
    if seats.is_panel(uow, booking):
        raise PanelReassignError
    if expert_id == booking.lead_expert_id:
        raise SameExpertError
    if booking.starts_at <= uow.now:
        raise AlreadyStartedError


def _successor(uow: UnitOfWork, booking: Booking, expert_id: UUID, starts_at: datetime) -> Booking:
    choice = Choice(
        need_id=booking.need_id,
        expert_id=expert_id,
        starts_at=starts_at,
        ends_at=starts_at + (booking.ends_at - booking.starts_at),
        mode=booking.mode,
        session_type=booking.session_type,
        replaces_id=booking.id,
        may_pass_on=booking.may_pass_on,
        place=booking.place,
        channel=booking.channel,
        note=booking.note,
    )
    successor = place(uow, uow.load(Need, booking.need_id), choice)
    ask(uow, successor)
    return successor
