"""Bookings with their panel, and the meeting or the next booking that each led to."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.domain.availability import Mode
from app.domain.booking import BookingStatus, Side
from app.domain.errors import NotFoundError
from app.domain.time_offer import OfferKind, OfferStatus
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.service_session import ServiceSession
from app.models.time_offer import TimeOffer
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class OfferDetail:
    """Other times that one side offers, and until when the other may take one."""

    kind: OfferKind
    side: Side
    starts: tuple[datetime, ...]
    note: str | None
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class BookingSeat:
    """An expert of a booking and his own answer."""

    expert_id: UUID
    is_lead: bool
    answer: PanelAnswer


@dataclass(frozen=True, slots=True)
class BookingDetail:
    """A booking as it stands.

    Attributes:
        service_session_id: the meeting, once the booking is accepted.
        replaces_id: the booking that was passed on to this expert.
        replaced_by_id: the booking with the next expert, after this one came to nothing.
        offer: other times that wait for an answer.
        ics_sequence: how often time or panel have changed, as calendars count it.
    """

    id: UUID
    reference: str
    version: int
    status: BookingStatus
    need_id: UUID
    expert_ids: tuple[UUID, ...]
    lead_expert_id: UUID
    session_type: str
    mode: Mode
    place: str
    starts_at: datetime
    ends_at: datetime
    hold_until: datetime | None
    answer_by: datetime | None
    booked_at: datetime | None
    end_reason: str | None
    end_side: Side | None
    service_session_id: UUID | None
    replaces_id: UUID | None
    replaced_by_id: UUID | None
    room_id: UUID | None
    quorum: int
    experts: tuple[BookingSeat, ...]
    offer: OfferDetail | None
    ics_sequence: int


@dataclass(frozen=True, slots=True)
class BookingPage:
    """A page of bookings, the newest first; `next` asks for the following page."""

    items: tuple[BookingDetail, ...]
    next: UUID | None


def booking_detail(look: Look, booking_id: UUID) -> BookingDetail:
    """Return the booking in two statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    found = _details(look, _statement().where(Booking.id == booking_id))
    if not found:
        raise NotFoundError("booking.not_found")
    return found[0]


def bookings_page(
    look: Look,
    status: BookingStatus | None = None,
    *,
    after: UUID | None = None,
    limit: int = 20,
) -> BookingPage:
    """Return the bookings the actor may know of in two statements, newest first.

    Args:
        look: the look.
        status: only bookings in this state.
        after: the last booking of the page before.
        limit: how many at most.
    """
    statement = _statement()
    if status is not None:
        statement = statement.where(Booking.status == status)
    if after is not None:
        statement = statement.where(Booking.id < after)
    found = _details(look, statement.order_by(Booking.id.desc()).limit(limit + 1))
    return BookingPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _statement() -> Any:
    # In a subquery, because the actor's scope does not reach the alias of a join.
    next_one = aliased(Booking)
    successor = select(next_one.id).where(next_one.replaces_id == Booking.id).limit(1)
    waits = and_(TimeOffer.booking_id == Booking.id, TimeOffer.status == OfferStatus.OPEN)
    return (
        select(
            Booking,
            ServiceSession.id,
            successor.correlate(Booking).scalar_subquery(),
            TimeOffer,
        )
        .outerjoin(ServiceSession, ServiceSession.booking_id == Booking.id)
        .outerjoin(TimeOffer, waits)
    )


def _details(look: Look, statement: Any) -> tuple[BookingDetail, ...]:
    rows = look.session.execute(statement).all()
    panels = _panels(look, [booking.id for booking, *_ in rows])
    return tuple(
        _detail(booking, session_id, successor_id, panels[booking.id], offer)
        for booking, session_id, successor_id, offer in rows
    )


def _panels(look: Look, booking_ids: Collection[UUID]) -> dict[UUID, list[BookingSeat]]:
    found: dict[UUID, list[BookingSeat]] = defaultdict(list)
    rows = look.session.scalars(
        select(BookingExpert)
        .where(BookingExpert.booking_id.in_(booking_ids))
        .order_by(BookingExpert.is_lead.desc(), BookingExpert.id)
    )
    for row in rows:
        seat = BookingSeat(row.expert_id, row.is_lead, row.answer)
        found[row.booking_id].append(seat)
    return found


def _offer(offer: TimeOffer | None) -> OfferDetail | None:
    if offer is None:
        return None
    starts = tuple(datetime.fromisoformat(text) for text in offer.times)
    return OfferDetail(offer.kind, offer.side, starts, offer.note, offer.answer_by)


def _detail(
    booking: Booking,
    session_id: UUID | None,
    successor_id: UUID | None,
    panel: Sequence[BookingSeat],
    offer: TimeOffer | None,
) -> BookingDetail:
    return BookingDetail(
        id=booking.id,
        reference=booking.reference,
        version=booking.version,
        status=booking.status,
        need_id=booking.need_id,
        expert_ids=tuple(seat.expert_id for seat in panel if not _has_left(seat, panel)),
        lead_expert_id=booking.lead_expert_id,
        session_type=booking.session_type,
        mode=booking.mode,
        place=booking.place,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        hold_until=booking.hold_until,
        answer_by=booking.answer_by,
        booked_at=booking.booked_at,
        end_reason=booking.end_reason,
        end_side=booking.end_side,
        service_session_id=session_id,
        replaces_id=booking.replaces_id,
        replaced_by_id=successor_id,
        room_id=booking.place_id,
        quorum=booking.quorum,
        experts=tuple(panel),
        offer=_offer(offer),
        ics_sequence=booking.ics_sequence,
    )


def _has_left(seat: BookingSeat, panel: Sequence[BookingSeat]) -> bool:
    # The only expert of a booking stays its expert whatever he answered.
    return len(panel) > 1 and seat.answer in (PanelAnswer.DECLINED, PanelAnswer.REPLACED)
