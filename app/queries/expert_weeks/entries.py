"""The bookings of one expert's week, and whatever is still to come after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.domain.booking import BookingStatus
from app.domain.vocabulary import Label
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.models.suspension import Suspension
from app.models.time_offer import TimeOffer
from app.models.vocabulary import Term
from app.queries.booking_pages.bookings import STANDS
from app.queries.booking_pages.stages import Stage, stage_of, with_offer, with_seat
from app.queries.suspensions import Held, first_of_open
from app.unit_of_work import Reader

COMING = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED, BookingStatus.SUSPENDED)
SHOWN = (*COMING, BookingStatus.FULFILLED, BookingStatus.NO_SHOW)
IN_PANEL = (PanelAnswer.INVITED, PanelAnswer.ACCEPTED)


class EntryKind(StrEnum):
    """What stands in a span of a week."""

    FREE = "free"
    ASKED = "asked"
    BOOKED = "booked"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedTime:
    """A booking as its expert sees it in his week."""

    booking_id: UUID
    session_id: UUID | None
    reference: str
    topic: Label | None
    session_type: str
    founder: str
    mode: str
    place: str
    answer_by: datetime | None
    stage: Stage
    is_lead: bool
    held: Held | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A span of the week and what stands in it; `reason` says why it is closed."""

    kind: EntryKind
    starts_at: datetime
    ends_at: datetime
    booked: BookedTime | None = None
    reason: str = ""


def bookings(
    reader: Reader, expert_id: UUID, first_at: datetime, last_at: datetime
) -> Iterator[Entry]:
    """Yield the bookings of the week, and whatever is still to come after it."""
    rows = reader.session.execute(
        select(
            Booking,
            BookingExpert.is_lead,
            BookingExpert.answer,
            ServiceSession,
            Outcome,
            TimeOffer,
            Person.name.label("founder"),
            Term.zh,
            Term.en,
            first_of_open(Suspension.cause).label("cause"),
            first_of_open(Suspension.decide_by).label("decide_by"),
        )
        .join(BookingExpert, BookingExpert.booking_id == Booking.id)
        .outerjoin(Person, Person.id == Booking.founder_person_id)
        .outerjoin(ServiceSession, ServiceSession.booking_id == Booking.id)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .outerjoin(TimeOffer, and_(TimeOffer.booking_id == Booking.id, STANDS))
        .outerjoin(Term, and_(Term.vocabulary == "need_topic", Term.code == Booking.topic))
        .where(
            BookingExpert.expert_id == expert_id,
            BookingExpert.answer.in_(IN_PANEL),
            Booking.status.in_(SHOWN),
            Booking.ends_at > first_at,
            or_(Booking.starts_at < last_at, Booking.status.in_(COMING)),
        )
        .order_by(Booking.starts_at, Booking.id)
    )
    for row in rows:
        yield _entry(row, reader.now)


def _entry(row: Any, now: datetime) -> Entry:
    booking: Booking = row.Booking
    session: ServiceSession | None = row.ServiceSession
    booked = BookedTime(
        booking_id=booking.id,
        session_id=session.id if session else None,
        reference=session.reference if session else booking.reference,
        topic=Label("need_topic", booking.topic, row.zh, row.en)
        if booking.topic and row.zh
        else None,
        session_type=booking.session_type,
        founder=row.founder or "",
        mode=booking.mode.value,
        place=booking.place,
        answer_by=booking.answer_by,
        stage=with_offer(
            with_seat(stage_of(booking, session, row.Outcome, now), booking, row.answer),
            row.TimeOffer,
        ),
        is_lead=row.is_lead,
        held=Held((row.cause,), row.decide_by) if row.cause else None,
    )
    kinds = {
        BookingStatus.REQUESTED: EntryKind.ASKED,
        BookingStatus.SUSPENDED: EntryKind.SUSPENDED,
    }
    kind = kinds.get(booking.status, EntryKind.BOOKED)
    return Entry(kind, booking.starts_at, booking.ends_at, booked)
