"""A request to an expert on leave, answered by his deputy; the meeting stays the expert's."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.errors import ForbiddenError
from app.models.booking import Booking
from app.queries.leaves import absent_for
from app.services.bookings import seats
from app.services.bookings.answering import accept, decline
from app.unit_of_work import UnitOfWork


def accept_as_deputy(uow: UnitOfWork, booking_id: UUID, *, version: int | None = None) -> Booking:
    """Accept for an expert on leave; the trail names the deputy.

    Raises:
        ForbiddenError: the actor does not stand in for the expert today.
    """
    with uow.beyond_scope("a request answered by the deputy of an expert on leave"):
        _ensure_deputy(uow, booking_id)
        return accept(uow, booking_id, version=version)


def decline_as_deputy(
    uow: UnitOfWork,
    booking_id: UUID,
    reason: str,
    *,
    note: str | None = None,
    version: int | None = None,
) -> Booking:
    """Decline for an expert on leave; the next candidate is asked where the founder agreed.

    Raises:
        ForbiddenError: the actor does not stand in for the expert today.
    """
    with uow.beyond_scope("a request answered by the deputy of an expert on leave"):
        _ensure_deputy(uow, booking_id)
        return decline(uow, booking_id, reason, note=note, version=version)


def _ensure_deputy(uow: UnitOfWork, booking_id: UUID) -> None:
    booking = uow.load(Booking, booking_id, lock=True)
    uow.require(Permission.ANSWER_BOOKING)
    deputy = uow.actor.expert_id
    stands_in = deputy is not None and booking.lead_expert_id in absent_for(uow, deputy, uow.today)
    if not stands_in or seats.is_panel(uow, booking):
        raise ForbiddenError(permission=Permission.ANSWER_BOOKING.value)
    uow.audit("booking.deputised", booking, deputy=deputy, expert=booking.lead_expert_id)
