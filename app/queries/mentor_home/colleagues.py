"""Who sits on a panel with a mentor."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased

from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.unit_of_work import Reader


def seats() -> ScalarSelect[int]:
    """Count who was asked: most bookings have one expert, of whom all is known already."""
    seat = aliased(BookingExpert)
    counted = select(func.count()).where(seat.booking_id == Booking.id)
    return counted.correlate(Booking).scalar_subquery()


def colleagues_of(reader: Reader, booking_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """Return the names of the other experts of panels, who leads first."""
    found: dict[UUID, list[str]] = defaultdict(list)
    if not booking_ids:
        return found
    rows = reader.session.execute(
        select(BookingExpert.booking_id, Expert.name)
        .join(Expert, Expert.id == BookingExpert.expert_id)
        .where(
            BookingExpert.booking_id.in_(booking_ids),
            BookingExpert.expert_id != reader.actor.expert_id,
            BookingExpert.answer.in_((PanelAnswer.INVITED, PanelAnswer.ACCEPTED)),
        )
        .order_by(BookingExpert.is_lead.desc(), BookingExpert.id)
    )
    for booking_id, name in rows:
        found[booking_id].append(name)
    return found
