"""The slip 回执 of a booking: what somebody without a telephone takes home."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.booking import BookingStatus
from app.domain.errors import NotFoundError
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.person import Person
from app.unit_of_work import Reader

# A time that is only kept, or was given up, is nothing to come for.
_NOT_TO_PRINT = (BookingStatus.ON_HOLD, BookingStatus.RELEASED)


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a slip; nothing of the need, a group or a telephone of the founder."""

    booking_id: UUID
    need_id: UUID
    reference: str
    founder: str
    expert: str
    session_type: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str
    status: BookingStatus
    answer_by: datetime | None
    printed_at: datetime


def slip_of(reader: Reader, booking_id: UUID) -> Slip:
    """Return the slip of a booking in one statement.

    Raises:
        NotFoundError: there is no such booking, or it was never asked for.
    """
    row = reader.session.execute(
        select(Booking, Expert.name.label("expert"), Person.name.label("founder"))
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .join(Person, Person.id == Booking.founder_person_id)
        .where(Booking.id == booking_id, Booking.status.not_in(_NOT_TO_PRINT))
    ).one_or_none()
    if row is None:
        raise NotFoundError("booking.not_found")
    booking = row.Booking
    return Slip(
        booking_id=booking.id,
        need_id=booking.need_id,
        reference=booking.reference,
        founder=row.founder,
        expert=row.expert,
        session_type=booking.session_type,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        mode=booking.mode.value,
        place=booking.place,
        status=booking.status,
        answer_by=booking.answer_by,
        printed_at=reader.now,
    )
