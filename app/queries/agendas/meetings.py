"""The meetings of some days, each with who takes part, where, and who has come."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from app.domain.availability import Mode
from app.domain.booking import BookingStatus
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.models.outcome import Outcome
from app.models.person import Person, Venture
from app.models.place import Place
from app.models.service_session import Attendance, ServiceSession
from app.models.time_offer import TimeOffer
from app.queries.booking_pages.bookings import STANDS
from app.queries.booking_pages.stages import Stage, stage_of, with_offer
from app.unit_of_work import Reader

SHOWN = (
    BookingStatus.REQUESTED,
    BookingStatus.ACCEPTED,
    BookingStatus.SUSPENDED,
    BookingStatus.FULFILLED,
    BookingStatus.NO_SHOW,
)
IN_PANEL = (PanelAnswer.INVITED, PanelAnswer.ACCEPTED)
MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Seat:
    """An expert of a meeting."""

    expert_id: UUID
    name: str
    is_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaMeeting:
    """One meeting of the agenda; names are None where the reader may not know.

    Attributes:
        place_id: the room or station; without one `place` says in words where it is.
        founder_came_at: when somebody of the founder's side checked in first.
        expert_came_at: when somebody of the experts did.
    """

    booking_id: UUID
    session_id: UUID | None
    need_id: UUID
    reference: str
    starts_at: datetime
    ends_at: datetime
    founder: str | None
    venture: str | None
    experts: tuple[Seat, ...]
    session_type: str
    mode: Mode
    place_id: UUID | None
    place: str
    street: str | None
    stage: Stage
    actual_end: datetime | None
    founder_came_at: datetime | None
    expert_came_at: datetime | None

    @property
    def lacks_place(self) -> bool:
        """Tell whether people are to meet and nobody has said where."""
        return self.mode is Mode.ONSITE and self.place_id is None and not self.place


def meetings(
    reader: Reader, first_at: datetime, last_at: datetime, *which: ColumnElement[bool]
) -> list[AgendaMeeting]:
    """Return the meetings between two instants in order of start, in three statements."""
    rows = reader.session.execute(
        select(
            Booking,
            ServiceSession,
            Outcome,
            TimeOffer,
            Person.name.label("founder"),
            Venture.name.label("venture"),
            Place.name.label("place"),
        )
        .outerjoin(Person, Person.id == Booking.founder_person_id)
        .outerjoin(Venture, Venture.id == Booking.venture_id)
        .outerjoin(Place, Place.id == Booking.place_id)
        .outerjoin(ServiceSession, ServiceSession.booking_id == Booking.id)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .outerjoin(TimeOffer, and_(TimeOffer.booking_id == Booking.id, STANDS))
        .where(
            Booking.status.in_(SHOWN),
            Booking.starts_at < last_at,
            Booking.ends_at > first_at,
            *which,
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST_SHOWN)
    ).all()
    seats = _seats(reader, [row.Booking.id for row in rows])
    came = _came(reader, [row.ServiceSession.id for row in rows if row.ServiceSession])
    return [_meeting(row, seats, came, reader.now) for row in rows]


def _seats(reader: Reader, booking_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Seat]]:
    rows = reader.session.execute(
        select(BookingExpert.booking_id, Expert.id, Expert.name, BookingExpert.is_lead)
        .join(Expert, Expert.id == BookingExpert.expert_id)
        .where(BookingExpert.booking_id.in_(booking_ids), BookingExpert.answer.in_(IN_PANEL))
        .order_by(BookingExpert.is_lead.desc(), Expert.name, Expert.id)
    )
    found: dict[UUID, list[Seat]] = defaultdict(list)
    for booking_id, expert_id, name, is_lead in rows:
        found[booking_id].append(Seat(expert_id, name, is_lead))
    return found


def _came(reader: Reader, session_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, datetime]]:
    rows = reader.session.execute(
        select(Attendance.service_session_id, Attendance.side, func.min(Attendance.checked_in_at))
        .where(
            Attendance.service_session_id.in_(session_ids), Attendance.checked_in_at.is_not(None)
        )
        .group_by(Attendance.service_session_id, Attendance.side)
    )
    found: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    for session_id, side, at in rows:
        if at is not None:
            found[session_id][side.value] = at
    return found


def _meeting(
    row: Any,
    seats: Mapping[UUID, Sequence[Seat]],
    came: Mapping[UUID, Mapping[str, datetime]],
    now: datetime,
) -> AgendaMeeting:
    booking: Booking = row.Booking
    session: ServiceSession | None = row.ServiceSession
    there = came.get(session.id, {}) if session else {}
    return AgendaMeeting(
        booking_id=booking.id,
        session_id=session.id if session else None,
        need_id=booking.need_id,
        reference=session.reference if session else booking.reference,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        founder=row.founder,
        venture=row.venture,
        experts=tuple(seats.get(booking.id, ())),
        session_type=booking.session_type,
        mode=booking.mode,
        place_id=booking.place_id,
        place=row.place or booking.place,
        street=booking.street,
        stage=with_offer(stage_of(booking, session, row.Outcome, now), row.TimeOffer),
        actual_end=session.actual_end if session else None,
        founder_came_at=there.get("founder"),
        expert_came_at=there.get("expert"),
    )
