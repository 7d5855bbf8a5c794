"""The bookings a mentor leads or takes part in, with the founder, the need and the meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.domain.booking import BookingStatus
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.vocabulary import Label
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.person import Person, Venture
from app.models.proposal import Proposal
from app.models.service_session import ServiceSession
from app.models.time_offer import TimeOffer
from app.queries.booking_pages.bookings import STANDS
from app.queries.booking_pages.labels import Key, labels_of
from app.queries.booking_pages.stages import (
    Stage,
    move_offered_by,
    stage_of,
    with_offer,
    with_seat,
)
from app.queries.mentor_home.colleagues import colleagues_of, seats
from app.queries.suspensions import Held, held_back
from app.unit_of_work import Reader

WAITING = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED, BookingStatus.SUSPENDED)
MOST_SHOWN = 300
# Who alone was asked keeps what came of it; who left a panel has no more to do with it.
_TAKES_PART = or_(
    BookingExpert.answer.in_((PanelAnswer.INVITED, PanelAnswer.ACCEPTED)),
    and_(Booking.lead_expert_id == BookingExpert.expert_id, Booking.status.not_in(WAITING)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One booking as its mentor sees it."""

    booking_id: UUID
    session_id: UUID | None
    reference: str
    version: int
    session_version: int | None
    founder: str
    venture: str | None
    founder_stage: Label | None
    topic: Label | None
    text: str
    note: str | None
    session_type: str
    mode: str
    place: str
    starts_at: datetime
    ends_at: datetime
    answer_by: datetime | None
    record_by: datetime | None
    stage: Stage
    choose_by: datetime | None
    move_offered_by: str | None
    held: Held | None
    reasons: Sequence[Mapping[str, Any]]
    is_lead: bool
    colleagues: tuple[str, ...]

    @property
    def on(self) -> date:
        """The day of the meeting."""
        return local_day(self.starts_at)

    @property
    def may_offer(self) -> bool:
        """Tell whether other times can be put before the founder."""
        may = self.stage in (Stage.AWAITS_ANSWER, Stage.TIMES_OFFERED, Stage.AGREED)
        return may and not self.colleagues


def own_expert_id(reader: Reader) -> UUID:
    """Return the expert as whom the actor serves.

    Raises:
        NotFoundError: when the account belongs to no expert of the pool.
    """
    if reader.actor.expert_id is None:
        raise NotFoundError("expert.not_found")
    return reader.actor.expert_id


def own_booking(reader: Reader, booking_id: UUID) -> Meeting:
    """Return a booking the actor leads or takes part in.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    found = meetings(reader, Booking.id == booking_id)
    if not found:
        raise NotFoundError("booking.not_found")
    return found[0]


def meetings(reader: Reader, *which: ColumnElement[bool]) -> list[Meeting]:
    """Return the actor's bookings in order of start."""
    rows = reader.session.execute(_statement(own_expert_id(reader), *which)).all()
    keys = [("need_topic", row.Booking.topic) for row in rows if row.Booking.topic]
    keys += [("venture_stage", row.Need.stage) for row in rows if row.Need.stage]
    named = labels_of(reader, keys)
    suspended = [row.Booking for row in rows if row.Booking.status is BookingStatus.SUSPENDED]
    held = held_back(reader, [booking.id for booking in suspended])
    others = colleagues_of(reader, [row.Booking.id for row in rows if row.seats > 1])
    return [
        _meeting(row, named, held, tuple(others.get(row.Booking.id, ())), reader.now)
        for row in rows
    ]


def _statement(expert_id: UUID, *which: ColumnElement[bool]) -> Any:
    return (
        select(
            Booking,
            BookingExpert,
            Need,
            ServiceSession,
            Outcome,
            TimeOffer,
            Person.name.label("founder"),
            Venture.name.label("venture"),
            Proposal.reasons.label("reasons"),
            seats().label("seats"),
        )
        .join(Need, Need.id == Booking.need_id)
        .outerjoin(Person, Person.id == Booking.founder_person_id)
        .outerjoin(Venture, Venture.id == Booking.venture_id)
        .outerjoin(Proposal, Proposal.id == Booking.proposal_id)
        .outerjoin(ServiceSession, ServiceSession.booking_id == Booking.id)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .outerjoin(TimeOffer, and_(TimeOffer.booking_id == Booking.id, STANDS))
        .join(BookingExpert, BookingExpert.booking_id == Booking.id)
        .where(BookingExpert.expert_id == expert_id, _TAKES_PART, *which)
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST_SHOWN)
    )


def _meeting(
    row: Any,
    named: Mapping[Key, Label],
    held: Mapping[UUID, Held],
    colleagues: tuple[str, ...],
    now: datetime,
) -> Meeting:
    booking: Booking = row.Booking
    session: ServiceSession | None = row.ServiceSession
    return Meeting(
        booking_id=booking.id,
        session_id=session.id if session else None,
        reference=session.reference if session else booking.reference,
        version=booking.version,
        session_version=session.version if session else None,
        founder=row.founder or "",
        venture=row.venture,
        founder_stage=named.get(("venture_stage", row.Need.stage or "")),
        topic=named.get(("need_topic", booking.topic or "")),
        text=row.Need.text,
        note=booking.note,
        session_type=booking.session_type,
        mode=booking.mode.value,
        place=booking.place,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        answer_by=booking.answer_by,
        record_by=row.Outcome.record_by if row.Outcome else None,
        stage=with_offer(
            with_seat(
                stage_of(booking, session, row.Outcome, now), booking, row.BookingExpert.answer
            ),
            row.TimeOffer,
        ),
        choose_by=row.TimeOffer.answer_by if row.TimeOffer else None,
        move_offered_by=move_offered_by(row.TimeOffer),
        held=held.get(booking.id),
        reasons=row.reasons or (),
        is_lead=row.BookingExpert.is_lead,
        colleagues=colleagues,
    )
