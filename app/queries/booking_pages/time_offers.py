"""The other times offered for a booking, and which of them are still free."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.domain.booking import BookingStatus, Side
from app.domain.time_offer import OfferKind, OfferStatus
from app.models.booking import Booking, Resource, ResourceClaim, ResourceKind
from app.models.expert import Expert
from app.models.time_offer import TimeOffer
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """One of the times, free as far as both sides' calendars say at this moment."""

    starts_at: datetime
    ends_at: datetime
    is_free: bool


@dataclass(frozen=True, slots=True)
class TimesOffered:
    """What one side put before the other, and until when it can be answered."""

    kind: OfferKind
    side: Side
    note: str | None
    answer_by: datetime
    times: tuple[OfferedTime, ...]

    @property
    def is_by_mentor(self) -> bool:
        """Tell whether the founder is the one to answer."""
        return self.side is Side.MENTOR


def times_offered(look: Look, booking_id: UUID) -> TimesOffered | None:
    """Return what waits for an answer, in two statements; None when nothing does."""
    fits = or_(
        and_(
            TimeOffer.kind == OfferKind.COUNTER,
            Booking.status == BookingStatus.REQUESTED,
        ),
        and_(TimeOffer.kind == OfferKind.MOVE, Booking.status == BookingStatus.ACCEPTED),
    )
    row = look.session.execute(
        select(TimeOffer, Booking, Expert)
        .join(Booking, Booking.id == TimeOffer.booking_id)
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .where(
            Booking.id == booking_id,
            TimeOffer.status == OfferStatus.OPEN,
            TimeOffer.answer_by > look.now,
            fits,
        )
    ).first()
    if row is None:
        return None
    offer, booking, expert = row
    times = tuple(_times(look, offer, booking, expert))
    return TimesOffered(offer.kind, offer.side, offer.note, offer.answer_by, times)


def _times(look: Look, offer: TimeOffer, booking: Booking, expert: Expert) -> Iterator[OfferedTime]:
    starts = [datetime.fromisoformat(text) for text in offer.times]
    length = booking.ends_at - booking.starts_at
    pause = timedelta(minutes=expert.buffer_minutes)
    taken = look.session.execute(
        select(ResourceClaim.starts_at, ResourceClaim.ends_at)
        .join(Resource, Resource.id == ResourceClaim.resource_id)
        .where(
            or_(
                and_(Resource.kind == ResourceKind.EXPERT, Resource.ref_id == expert.id),
                and_(
                    Resource.kind == ResourceKind.FOUNDER,
                    Resource.ref_id == booking.founder_person_id,
                ),
            ),
            ResourceClaim.is_active,
            ResourceClaim.booking_id != booking.id,
            ResourceClaim.starts_at < max(starts) + length + pause,
            ResourceClaim.ends_at > min(starts),
        )
    ).all()
    soonest = look.now + timedelta(hours=expert.notice_hours)
    for start in starts:
        clash = any(a < start + length + pause and b > start for a, b in taken)
        yield OfferedTime(start, start + length, start >= soonest and not clash)
