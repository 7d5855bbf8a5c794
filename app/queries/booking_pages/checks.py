"""What a founder checks before a request is sent."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.policy_number import PolicyNumber
from app.models.person import Person
from app.queries.booking_pages.bookings import BookingView, booking_of
from app.queries.booking_pages.needs import NeedView, need_of
from app.queries.policy_numbers import policy_number
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The kept time, the need it is for, and how the founder is reached."""

    booking: BookingView
    need: NeedView
    phone: str | None
    email: str | None
    answer_days: int


def check_page(reader: Reader, hold_id: UUID) -> CheckPage:
    """Return what is to be checked of the actor's own hold.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    booking = booking_of(reader, hold_id)
    contact = reader.session.execute(
        select(Person.phone, Person.email).where(Person.id == reader.actor.person_id)
    ).one()
    need = need_of(reader, booking.need_id)
    days = policy_number(reader, PolicyNumber.BOOKING_ANSWER, local_day(reader.now))
    return CheckPage(booking, need, contact.phone, contact.email, days)
