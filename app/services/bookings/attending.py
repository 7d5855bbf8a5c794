"""Who is expected at a planned meeting: a row for each expert and each founder who comes."""

from collections.abc import Iterator

from app.domain.service_session import Party
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.models.person import IdentityLevel, Person
from app.models.service_session import Attendance, ServiceSession
from app.services.bookings import seats
from app.unit_of_work import UnitOfWork


def expect(uow: UnitOfWork, session: ServiceSession, booking: Booking) -> Iterator[Attendance]:
    """Add and yield the founder, who comes with him, and every expert who said yes."""
    with uow.beyond_scope("who comes to a meeting with its founder"):
        for person_id in (booking.founder_person_id, *seats.companion_ids(uow, booking)):
            person = uow.load(Person, person_id)
            yield uow.add(
                Attendance(
                    service_session_id=session.id,
                    side=Party.FOUNDER,
                    person_id=person.id,
                    is_lead=person.id == booking.founder_person_id,
                    identity_level=person.identity_level,
                )
            )
    for seat in seats.live(uow, booking):
        if seat.answer is PanelAnswer.ACCEPTED:
            yield attend(uow, session, seat)


def attend(uow: UnitOfWork, session: ServiceSession, seat: BookingExpert) -> Attendance:
    """Expect one expert."""
    expert = uow.load(Expert, seat.expert_id)
    return uow.add(
        Attendance(
            service_session_id=session.id,
            side=Party.EXPERT,
            person_id=expert.person_id,
            expert_id=expert.id,
            is_lead=seat.is_lead,
            identity_level=IdentityLevel.DOCUMENT,
        )
    )
