"""Who else a booking concerns: the experts where several were asked, who comes along."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.models.booking import BookingExpert, BookingFounder, PanelAnswer
from app.models.expert import Expert
from app.models.service_session import ServiceSession
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


def companions_of(uow: UnitOfWork, booking_id: UUID) -> tuple[UUID | None, tuple[UUID, ...]]:
    """Return the meeting that was agreed and who comes to it with the founder; else nobody.

    Before that a request concerns the founder alone, and there is no page for the others.
    """
    rows = uow.session.execute(
        select(ServiceSession.id, BookingFounder.person_id)
        .join(BookingFounder, BookingFounder.booking_id == ServiceSession.booking_id)
        .where(ServiceSession.booking_id == booking_id)
        .order_by(BookingFounder.id)
    ).all()
    return (rows[0][0] if rows else None), tuple(person_id for _, person_id in rows)
