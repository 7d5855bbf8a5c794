"""Recusal asked of a booking that stands: its ties may be younger than itself."""

from datetime import date

from app.models.booking import Booking
from app.queries.interests import Matter
from app.services import recusals
from app.unit_of_work import UnitOfWork


def ensure_no_tie(uow: UnitOfWork, booking: Booking, *days: date) -> None:
    """Refuse what has come to forbid the pairing since the booking was made.

    Raises:
        RecusalError: today, or on one of the days.
    """
    matter = Matter(
        booking.founder_person_id, booking.venture_id, booking.session_type, booking.need_id
    )
    recusals.ensure_none(uow, booking.lead_expert_id, matter, *days)
