"""The experts of a booking whom an event concerns, where several were asked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.models.booking import BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.unit_of_work import UnitOfWork

TAKING_PART = (PanelAnswer.INVITED, PanelAnswer.ACCEPTED)


def panel_of(uow: UnitOfWork, booking_id: UUID | None) -> Sequence[tuple[UUID, str]]:
    """Return person and name of each who takes part, who leads first; nobody of one asked alone."""
    rows = uow.session.execute(
        select(Expert.person_id, Expert.name, BookingExpert.answer)
        .join(BookingExpert, BookingExpert.expert_id == Expert.id)
        .where(BookingExpert.booking_id == booking_id)
        .order_by(BookingExpert.is_lead.desc(), BookingExpert.id)
    ).all()
    if len(rows) < 2:
        return []
    return [(person_id, name) for person_id, name, answer in rows if answer in TAKING_PART]


def persons_of(uow: UnitOfWork, keys: object) -> tuple[UUID, ...]:
    """Return the persons of the experts that an event names; none where it names no list."""
    if not isinstance(keys, list):
        return ()
    chosen = select(Expert.person_id).where(Expert.id.in_([UUID(key) for key in keys]))
    return tuple(uow.all(chosen))
