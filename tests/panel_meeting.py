"""A panel of three with a room, asked to one founder and who comes along."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode
from app.domain.booking_panel import Company
from app.domain.clock import FixedClock
from app.domain.place import PlaceFacts, PlaceKind
from app.models.booking import Booking, BookingExpert, Resource, ResourceClaim
from app.models.expert import Expert
from app.models.place import Place
from app.services import bookings, places
from app.services.bookings import Choice
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_need, an_expert, staff
from tests.moments import at

MEETING, MEETING_END = "09-18 14:00", "09-18 16:00"
NAMES = ("陈教授", "李总", "王律师", "赵投", "孙工")


@dataclass
class Table:
    """People, a room and short words for what they do; the first three make the panel."""

    store: Store
    clock: FixedClock
    officer: Actor
    founder: Actor
    companion: Actor
    experts: list[Expert]
    mentors: list[Actor]
    room: Place
    need_id: UUID

    def choice(self, *, quorum: int = 2, alternates: tuple[int, ...] = (), **values: Any) -> Choice:
        company = Company(
            expert_ids=tuple(each.id for each in self.experts[1:3]),
            quorum=quorum,
            companion_ids=(self.companion.person_id,),  # type: ignore[arg-type]  # he is a person
            alternate_ids=tuple(self.experts[number].id for number in alternates),
            place_id=self.room.id,
        )
        given: dict[str, Any] = {
            "need_id": self.need_id,
            "expert_id": self.experts[0].id,
            "starts_at": at(MEETING),
            "ends_at": at(MEETING_END),
            "mode": Mode.ONSITE,
            "session_type": "diagnosis",
            "company": company,
        }
        return Choice(**{**given, **values})

    def requested(self, **values: Any) -> Booking:
        return self.store.execute(self.officer, bookings.request_now, self.choice(**values))

    def agreed(self, **values: Any) -> Booking:
        booking = self.requested(**values)
        for number in (0, 1, 2):
            self.accept(booking, number)
        return self.booking(booking)

    def accept(self, booking: Booking, number: int) -> None:
        self.store.execute(self.mentors[number], bookings.accept, booking.id)

    def decline(self, booking: Booking, number: int, reason: str = "m_overload") -> None:
        self.store.execute(self.mentors[number], bookings.decline, booking.id, reason)

    def cancel(self, booking: Booking, number: int, reason: str = "m_illness") -> None:
        self.store.execute(self.mentors[number], bookings.cancel, booking.id, reason)

    def expire(self, booking: Booking) -> Booking:
        self.clock.put(self.booking(booking).answer_by)  # type: ignore[arg-type]  # it waits
        self.store.execute(SYSTEM, bookings.expire, booking.id)
        return self.booking(booking)

    def booking(self, booking: Booking) -> Booking:
        (row,) = self.rows(Booking, Booking.id == booking.id)
        return row  # type: ignore[no-any-return]  # of the model asked for

    def answers(self, booking: Booking) -> dict[str, str]:
        names = {each.id: each.name for each in self.experts}
        seats = self.rows(BookingExpert, BookingExpert.booking_id == booking.id)
        return {names[seat.expert_id]: seat.answer.value for seat in seats}

    def claimed(self, booking: Booking) -> set[UUID]:
        with self.store.read(SYSTEM) as reader:
            statement = (
                select(Resource.ref_id)
                .join(ResourceClaim, ResourceClaim.resource_id == Resource.id)
                .where(ResourceClaim.booking_id == booking.id, ResourceClaim.is_active)
            )
            return set(reader.session.scalars(statement))

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).where(*where).order_by(model.id)))


def lay_table(store: Store, clock: FixedClock) -> Table:
    """Return everybody before anything is asked."""
    founder, companion = a_founder(store), a_founder(store, name="赵敏")
    experts = [an_expert(store, name=name) for name in NAMES]
    officer = staff(store)
    facts = PlaceFacts(
        kind=PlaceKind.ROOM, name="会诊室", street="tangye", address="唐冶中路 88 号", seats=8
    )
    assert founder.person_id is not None
    return Table(
        store=store,
        clock=clock,
        officer=officer,
        founder=founder,
        companion=companion,
        experts=experts,
        mentors=[a_mentor(store, expert) for expert in experts],
        room=store.execute(officer, places.add, facts),
        need_id=a_need(
            store, founder.person_id, session_type="diagnosis", topic="business_model"
        ).id,
    )
