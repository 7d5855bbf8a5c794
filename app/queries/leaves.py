"""Leaves of experts, and the requests that a deputy answers meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.domain.booking import BookingStatus
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Appointment, Expert
from app.models.leave import ExpertLeave
from app.models.need import Need
from app.models.person import Person
from app.queries.free_times import Look
from app.queries.mentor_home.colleagues import seats
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A leave with its deputy; `is_over` once nothing of it lies ahead."""

    id: UUID
    version: int
    first_on: date
    last_on: date
    reason: str
    deputy_id: UUID | None
    deputy: str | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class DeputyRequest:
    """A request to somebody on leave, for his deputy to answer; of a panel for him alone."""

    booking_id: UUID
    expert_id: UUID
    version: int
    reference: str
    for_whom: str
    founder: str
    text: str
    mode: str
    starts_at: datetime
    ends_at: datetime
    answer_by: datetime | None
    is_panel: bool
    is_lead: bool


def leaves_of(reader: Reader, expert_id: UUID) -> Sequence[LeaveRow]:
    """Return the leaves of the expert, the latest first, without those taken back."""
    deputy = aliased(Expert)
    rows = reader.session.execute(
        select(ExpertLeave, deputy.name)
        .outerjoin(deputy, deputy.id == ExpertLeave.deputy_id)
        .where(ExpertLeave.expert_id == expert_id, ExpertLeave.last_on >= ExpertLeave.first_on)
        .order_by(ExpertLeave.first_on.desc())
    )
    return [
        LeaveRow(
            row.id,
            row.version,
            row.first_on,
            row.last_on,
            row.reason,
            row.deputy_id,
            name,
            row.last_on < reader.today or row.ended_at is not None,
        )
        for row, name in rows
    ]


def colleagues(reader: Reader, expert_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Return who of the pool is in term today and could stand in for the expert, by name."""
    rows = reader.session.execute(
        select(Expert.id, Expert.name)
        .join(Appointment, Appointment.expert_id == Expert.id)
        .where(
            Expert.id != expert_id,
            Appointment.starts_on <= reader.today,
            Appointment.ends_on >= reader.today,
        )
        .distinct()
        .order_by(Expert.name, Expert.id)
    )
    return [(key, name) for key, name in rows]


def absent_for(look: Look, deputy_id: UUID, day: date) -> frozenset[UUID]:
    """Return the experts on leave on the day for whom the deputy answers."""
    return frozenset(
        look.session.scalars(
            select(ExpertLeave.expert_id).where(
                ExpertLeave.deputy_id == deputy_id,
                ExpertLeave.first_on <= day,
                ExpertLeave.last_on >= day,
            )
        )
    )


def deputy_requests(reader: Reader) -> Sequence[DeputyRequest]:
    """Return the unanswered requests to whomever the reader stands in for today."""
    if reader.actor.expert_id is None:
        return []
    absent = absent_for(reader, reader.actor.expert_id, reader.today)
    if not absent:
        return []
    with reader.beyond_scope("requests to somebody on leave, for his deputy to answer"):
        rows = reader.session.execute(
            select(
                Booking,
                BookingExpert.is_lead,
                Expert,
                Person.name,
                Need.text,
                seats().label("seats"),
            )
            .join(BookingExpert, BookingExpert.booking_id == Booking.id)
            .join(Expert, Expert.id == BookingExpert.expert_id)
            .join(Person, Person.id == Booking.founder_person_id)
            .join(Need, Need.id == Booking.need_id)
            .where(
                # An alternate is asked also after the others have agreed.
                Booking.status.in_((BookingStatus.REQUESTED, BookingStatus.ACCEPTED)),
                BookingExpert.answer == PanelAnswer.INVITED,
                BookingExpert.expert_id.in_(absent),
            )
            .order_by(Booking.answer_by, Booking.id, BookingExpert.id)
        ).all()
    return [
        DeputyRequest(
            booking_id=row.id,
            expert_id=expert.id,
            version=row.version,
            reference=row.reference,
            for_whom=expert.name,
            founder=founder,
            text=text,
            mode=row.mode.value,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            answer_by=row.answer_by,
            is_panel=asked > 1,
            is_lead=is_lead,
        )
        for row, is_lead, expert, founder, text, asked in rows
    ]
