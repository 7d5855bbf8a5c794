"""Recusal asked of a booking that stands: its ties may be younger than itself."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from app.models.booking import Booking
from app.queries.interests import Matter
from app.services import recusals
from app.services.bookings import seats
from app.unit_of_work import UnitOfWork


def ensure_no_tie(
    uow: UnitOfWork, booking: Booking, *days: date, guests: Collection[UUID] = ()
) -> None:
    """Refuse what has come to forbid the pairing since the booking was made.

    Args:
        uow: the transaction.
        booking: with its founders and the experts who take part.
        days: on which it is asked besides today.
        guests: persons who were not expected and come along.

    Raises:
        RecusalError: today, or on one of the days.
    """
    experts = seats.live_ids(uow, booking)
    for person_id in (booking.founder_person_id, *seats.companion_ids(uow, booking), *guests):
        matter = Matter(person_id, booking.venture_id, booking.session_type, booking.need_id)
        recusals.ensure_none(uow, experts, matter, *days)
