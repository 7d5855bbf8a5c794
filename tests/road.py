"""The first steps of the main road in short words."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode
from app.domain.clock import FixedClock
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_need, an_expert
from tests.moments import at


@dataclass
class Road:
    """A founder, an expert and his account, and short words for what they do."""

    store: Store
    founder: Actor
    expert: Expert
    mentor: Actor

    def need(self, actor: Actor | None = None, **values: Any) -> Need:
        return a_need(self.store, (actor or self.founder).person_id, **values)

    def choice(self, when: str = "09-18 14:00", **values: Any) -> Choice:
        defaults: dict[str, Any] = {
            "expert_id": self.expert.id,
            "starts_at": at(when),
            "mode": Mode.ONSITE,
        }
        if "need_id" not in values:
            defaults["need_id"] = self.need().id
        return Choice(**{**defaults, **values})

    def requested(self, when: str = "09-18 14:00", **values: Any) -> Booking:
        return self.store.execute(self.founder, bookings.request_now, self.choice(when, **values))

    def accepted(self, when: str = "09-18 14:00", **values: Any) -> Booking:
        booking = self.requested(when, **values)
        return self.store.execute(self.mentor, bookings.accept, booking.id)

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).where(*where).order_by(model.id)))

    def now(self, booking: Booking) -> Booking:
        return self.booking(booking.id)

    def booking(self, booking_id: UUID) -> Booking:
        return self.rows(Booking, Booking.id == booking_id)[0]


def a_road(store: Store, _clock: FixedClock | None = None) -> Road:
    expert = an_expert(store)
    return Road(store, a_founder(store), expert, a_mentor(store, expert))
