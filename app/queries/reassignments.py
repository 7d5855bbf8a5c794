"""A booking that an officer may hand to another expert, and who could have it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.domain.availability import free_times
from app.domain.booking import BookingStatus
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.expert import AppointmentKind
from app.models.booking import Booking
from app.models.expert import Appointment, Expert
from app.models.person import Person
from app.models.proposal import MatchRound, Proposal
from app.queries.free_times import load_diaries
from app.unit_of_work import Reader

MOVABLE = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED, BookingStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Successor:
    """An expert proposed for the need; `is_free` at the time of the booking, in its way."""

    id: UUID
    name: str
    title: str
    is_free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """A booking on its way to another expert.

    Attributes:
        proposed: whom the newest round proposed, without the present expert, the best first.
        others: everybody else who is appointed on the day, by name.
    """

    id: UUID
    version: int
    reference: str
    need_id: UUID
    founder: str | None
    expert: str
    starts_at: datetime
    ends_at: datetime
    status: BookingStatus
    proposed: tuple[Successor, ...]
    others: tuple[tuple[UUID, str], ...]


def reassignment(reader: Reader, booking_id: UUID) -> Reassignment:
    """Return what an officer chooses from, in nine statements.

    Raises:
        NotFoundError: it is over, or the reader may not know of it.
    """
    found = reader.session.execute(
        select(Booking, Expert.name, Person.name)
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .outerjoin(Person, Person.id == Booking.founder_person_id)
        .where(Booking.id == booking_id, Booking.status.in_(MOVABLE))
    ).first()
    if found is None:
        raise NotFoundError("booking.not_found")
    booking, expert, founder = found
    proposed = _proposed(reader, booking)
    known = {each.id for each in proposed} | {booking.lead_expert_id}
    return Reassignment(
        id=booking.id,
        version=booking.version,
        reference=booking.reference,
        need_id=booking.need_id,
        founder=founder,
        expert=expert,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        status=booking.status,
        proposed=tuple(proposed),
        others=tuple(_others(reader, booking, known)),
    )


def _proposed(reader: Reader, booking: Booking) -> list[Successor]:
    newest = select(func.max(MatchRound.number)).where(MatchRound.need_id == booking.need_id)
    experts = reader.session.scalars(
        select(Expert)
        .join(Proposal, Proposal.expert_id == Expert.id)
        .join(MatchRound, MatchRound.id == Proposal.match_round_id)
        .where(
            MatchRound.need_id == booking.need_id,
            MatchRound.number == newest.scalar_subquery(),
            Expert.id != booking.lead_expert_id,
        )
        .order_by(Proposal.rank)
    ).all()
    free = _free(reader, booking, [each.id for each in experts])
    return [
        Successor(each.id, each.name, f"{each.organisation} {each.title}".strip(), each.id in free)
        for each in experts
    ]


def _free(reader: Reader, booking: Booking, expert_ids: list[UUID]) -> frozenset[UUID]:
    """Return who can be met at the time of the booking, as long and in the same way."""
    days = [local_day(booking.starts_at)]
    diaries = load_diaries(reader, expert_ids, days)
    minutes = int((booking.ends_at - booking.starts_at) / timedelta(minutes=1))

    def is_free(expert_id: UUID) -> bool:
        question = diaries.question(
            expert_id, booking.session_type, (booking.mode.value,), reader.now
        ).lasting(minutes)
        times = free_times(diaries.by_expert[expert_id], diaries.calendar, question, days)
        return any(each.starts_at == booking.starts_at for each in times)

    return frozenset(filter(is_free, expert_ids))


def _others(reader: Reader, booking: Booking, known: Iterable[UUID]) -> Iterable[tuple[UUID, str]]:
    day = local_day(booking.starts_at)
    appointed = select(Appointment.expert_id).where(
        Appointment.kind == AppointmentKind.TERM,
        Appointment.starts_on <= day,
        Appointment.ends_on >= day,
    )
    rows = reader.session.execute(
        select(Expert.id, Expert.name, Expert.organisation)
        .where(Expert.id.in_(appointed), Expert.id.not_in(list(known)))
        .order_by(Expert.name, Expert.id)
    )
    return [(key, f"{name} · {organisation}") for key, name, organisation in rows]
