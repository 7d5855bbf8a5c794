"""What deleting his data would mean for somebody: what is called off, what stays and why."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app.domain.booking import BookingStatus
from app.domain.calendar import local_day
from app.domain.outcome import OutcomeStatus
from app.domain.policy_number import PolicyNumber
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.queries.policy_numbers import policy_number
from app.unit_of_work import Reader

_AHEAD = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED, BookingStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A booking that would be cancelled."""

    expert: str
    booking: Booking


@dataclass(frozen=True, slots=True)
class Closing:
    """What there is to know before deciding.

    Attributes:
        ahead: bookings that would be cancelled; their mentors are told.
        unconfirmed: meetings whose record waits for his word, which nobody can give afterwards.
        kept: how many meetings stay under lock, and `years` for how long.
    """

    ahead: tuple[Ahead, ...]
    unconfirmed: int
    kept: int
    years: int


def closing_of(reader: Reader, person_id: UUID) -> Closing:
    """Return what deleting the person's data would mean; four statements."""
    his = Booking.founder_person_id == person_id
    ahead = reader.session.execute(
        select(Booking, Expert.name)
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .where(his, Booking.status.in_(_AHEAD), Booking.starts_at > reader.now)
        .order_by(Booking.starts_at, Booking.id)
    )
    met = select(func.count(ServiceSession.id)).where(
        ServiceSession.founder_person_id == person_id, ServiceSession.actual_start.is_not(None)
    )
    waiting = (
        select(func.count(Outcome.id))
        .join(ServiceSession, ServiceSession.id == Outcome.service_session_id)
        .where(
            ServiceSession.founder_person_id == person_id, Outcome.status == OutcomeStatus.RECORDED
        )
    )
    return Closing(
        ahead=tuple(Ahead(expert, booking) for booking, expert in ahead),
        unconfirmed=reader.session.scalar(waiting) or 0,
        kept=reader.session.scalar(met) or 0,
        years=policy_number(reader, PolicyNumber.RECORD_RETENTION, local_day(reader.now)),
    )
