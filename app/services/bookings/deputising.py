"""A request to an expert on leave, answered by his deputy; the meeting stays the expert's."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.booking import IllegalTransitionError
from app.domain.errors import ForbiddenError
from app.models.booking import Booking, PanelAnswer
from app.queries.leaves import absent_for
from app.services.bookings import seats
from app.services.bookings.answering import accept, decline
from app.unit_of_work import UnitOfWork


def accept_as_deputy(
    uow: UnitOfWork,
    booking_id: UUID,
    *,
    expert_id: UUID | None = None,
    version: int | None = None,
) -> Booking:
    """Accept for an expert on leave, of a panel for him alone; the trail names the deputy.

    Args:
        uow: the transaction.
        booking_id: which request.
        expert_id: for whom, where the deputy stands in for several of a panel.
        version: of the booking that the deputy saw.

    Raises:
        ForbiddenError: the actor does not stand in for the expert today.
        IllegalTransitionError: the expert has answered.
    """
    with uow.beyond_scope("a request answered by the deputy of an expert on leave"):
        absent = _speaks_for(uow, booking_id, expert_id)
        return accept(uow, booking_id, version=version, speaks_for=absent)


def decline_as_deputy(
    uow: UnitOfWork,
    booking_id: UUID,
    reason: str,
    *,
    note: str | None = None,
    expert_id: UUID | None = None,
    version: int | None = None,
) -> Booking:
    """Decline for an expert on leave; the next candidate is asked where the founder agreed.

    Of a panel the others go on as when he had declined himself.

    Raises:
        ForbiddenError: the actor does not stand in for the expert today.
        IllegalTransitionError: the expert has answered.
    """
    with uow.beyond_scope("a request answered by the deputy of an expert on leave"):
        absent = _speaks_for(uow, booking_id, expert_id)
        return decline(uow, booking_id, reason, note=note, version=version, speaks_for=absent)


def _speaks_for(uow: UnitOfWork, booking_id: UUID, expert_id: UUID | None) -> UUID:
    """Return the expert on leave who has still to answer, and note who answers for him."""
    # Locked with the other requests of the need, in one order, where the answer is given.
    booking = uow.load(Booking, booking_id)
    uow.require(Permission.ANSWER_BOOKING)
    deputy = uow.actor.expert_id
    absent = absent_for(uow, deputy, uow.today) if deputy is not None else frozenset()
    his = [
        seat
        for seat in seats.every(uow, booking)
        if seat.expert_id in absent and expert_id in (None, seat.expert_id)
    ]
    if not his:
        raise ForbiddenError(permission=Permission.ANSWER_BOOKING.value)
    waiting = next((seat for seat in his if seat.answer is PanelAnswer.INVITED), None)
    if waiting is None:
        raise IllegalTransitionError(status=booking.status.value, event="answer")
    uow.audit("booking.deputised", booking, deputy=deputy, expert=waiting.expert_id)
    return waiting.expert_id
