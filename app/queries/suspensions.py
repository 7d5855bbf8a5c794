"""Bookings that are held back: why, until when the bureau decides, and all of them in a list."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.booking import BookingStatus
from app.domain.errors import NotFoundError
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.models.suspension import Suspension
from app.unit_of_work import Reader

MOST_SHOWN = 200
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Held:
    """What holds a booking back, the earliest cause first, and when the bureau decides."""

    causes: tuple[SuspensionCause, ...]
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class SuspendedBooking:
    """A suspended booking at the bureau's desk; of a panel `others` are asked besides the lead."""

    id: UUID
    version: int
    reference: str
    need_id: UUID
    expert_id: UUID
    founder: str | None
    expert: str
    others: Mapping[UUID, str]
    session_type: str
    starts_at: datetime
    ends_at: datetime
    was_agreed: bool
    held: Held
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class SuspendedPage:
    """All suspended bookings by the date of decision; `count` may be more than are shown."""

    items: tuple[SuspendedBooking, ...]
    count: int


def suspended_page(reader: Reader) -> SuspendedPage:
    """Return what is suspended, what is to be decided first on top; four statements."""
    is_suspended = Booking.status == BookingStatus.SUSPENDED
    count = reader.session.scalar(select(func.count(Booking.id)).where(is_suspended)) or 0
    items = _suspended(reader)
    return SuspendedPage(tuple(sorted(items, key=lambda row: row.held.decide_by)), count)


def suspended_booking(reader: Reader, booking_id: UUID) -> SuspendedBooking:
    """Return one suspended booking.

    Raises:
        NotFoundError: it is not suspended, or the reader may not know of it.
    """
    found = _suspended(reader, Booking.id == booking_id)
    if not found:
        raise NotFoundError("booking.not_found")
    return found[0]


def reference_of(reader: Reader, booking_id: UUID) -> str:
    """Return the reference by which people know the booking.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    found = reader.session.scalar(select(Booking.reference).where(Booking.id == booking_id))
    if found is None:
        raise NotFoundError("booking.not_found")
    return found


def held_back(reader: Reader, booking_ids: Collection[UUID]) -> Mapping[UUID, Held]:
    """Return what holds each of the bookings back; those held back by nothing are missing."""
    found: dict[UUID, list[Suspension]] = defaultdict(list)
    if booking_ids:
        for row in reader.session.scalars(
            select(Suspension)
            .where(Suspension.booking_id.in_(booking_ids), Suspension.ended_at.is_(None))
            .order_by(Suspension.since, Suspension.id)
        ):
            found[row.booking_id].append(row)
    return {
        key: Held(tuple(row.cause for row in rows), rows[0].decide_by)
        for key, rows in found.items()
    }


def first_of_open(column: InstrumentedAttribute[Value]) -> ScalarSelect[Value]:
    """Return the column of the earliest cause that holds a booking back, for a row of bookings."""
    return (
        select(column)
        .where(Suspension.booking_id == Booking.id, Suspension.ended_at.is_(None))
        .order_by(Suspension.since, Suspension.id)
        .limit(1)
        .correlate(Booking)
        .scalar_subquery()
    )


def _suspended(reader: Reader, *which: ColumnElement[bool]) -> list[SuspendedBooking]:
    rows = reader.session.execute(
        select(Booking, Person.name, Expert.name, ServiceSession.id)
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .outerjoin(Person, Person.id == Booking.founder_person_id)
        .outerjoin(ServiceSession, ServiceSession.booking_id == Booking.id)
        .where(Booking.status == BookingStatus.SUSPENDED, *which)
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST_SHOWN)
    ).all()
    keys = [row.id for row, *_ in rows]
    held, others = held_back(reader, keys), _others(reader, keys)
    return [_row(each, held[each[0].id], others[each[0].id], reader.now) for each in rows]


def _others(reader: Reader, booking_ids: Collection[UUID]) -> Mapping[UUID, dict[UUID, str]]:
    """Return who takes part besides the lead, by name."""
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    rows = reader.session.execute(
        select(BookingExpert.booking_id, Expert.id, Expert.name)
        .join(Expert, Expert.id == BookingExpert.expert_id)
        .where(
            BookingExpert.booking_id.in_(booking_ids),
            BookingExpert.answer.in_((PanelAnswer.INVITED, PanelAnswer.ACCEPTED)),
            ~BookingExpert.is_lead,
        )
        .order_by(BookingExpert.id)
    )
    for booking_id, expert_id, name in rows:
        found[booking_id][expert_id] = name
    return found


def _row(row: Any, held: Held, others: Mapping[UUID, str], now: datetime) -> SuspendedBooking:
    booking, founder, expert, session_id = row
    return SuspendedBooking(
        id=booking.id,
        version=booking.version,
        reference=booking.reference,
        need_id=booking.need_id,
        expert_id=booking.lead_expert_id,
        founder=founder,
        expert=expert,
        others=others,
        session_type=booking.session_type,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        was_agreed=session_id is not None,
        held=held,
        is_overdue=held.decide_by < now,
    )
