"""A clinic that is held today at a station of 唐冶, and who comes to its counter."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.actor import Actor
from app.domain.availability import Clinic
from app.domain.clock import FixedClock
from app.domain.place import PlaceKind
from app.models.availability import Clinic as ClinicRow
from app.models.booking import Booking
from app.models.need import Need
from app.models.place import Place
from app.services import availability, desk_entries
from app.unit_of_work import Store
from tests.builders import keep
from tests.desk import ServiceDesk, a_desk
from tests.moments import at, day

TODAY = "09-16"


@dataclass
class Counter(ServiceDesk):
    """The desk of 唐冶 on 16 September at 10:00, and the clinic of 林会计 there in the afternoon.

    He wants a day's notice; the clinic has four slots of twenty minutes from 14:00 on.
    """

    place: Place
    elsewhere: Place
    clinic: ClinicRow

    def sets(self, on: str, place: Place | None, starts: int = 14 * 60) -> ClinicRow:
        wanted = Clinic(day(on), starts, starts + 90, 20, place.id if place else None)
        expert_id = self.mentor.expert.id
        return self.store.execute(self.district.officer, availability.set_clinic, expert_id, wanted)

    def comes(self, name: str = "钱大妈") -> Need:
        return self.hears(self.registers(name, phone=None))

    def gives(
        self,
        need: Need,
        when: str = f"{TODAY} 14:00",
        *,
        actor: Actor | None = None,
        clinic_id: UUID | None = None,
    ) -> Booking:
        return self.store.execute(
            actor or self.clerk,
            desk_entries.give_slot,
            need.id,
            clinic_id or self.clinic.id,
            at(when),
        )


def a_station(store: Store, name: str, street: str | None, **values: Any) -> Place:
    facts = {"address": "", "seats": 6, "equipment": [], "hours": []}
    place = Place(name=name, kind=PlaceKind.STATION, street=street, **{**facts, **values})
    keep(store, place)
    return place


def a_counter(store: Store, clock: FixedClock) -> Counter:
    desk = a_desk(store, clock)
    mentor = desk.district.mentor("林会计", notice_hours=24)
    place = a_station(store, "唐冶就业服务站", "tangye")
    elsewhere = a_station(store, "郭店就业服务站", "guodian")
    wanted = Clinic(day(TODAY), 14 * 60, 15 * 60 + 30, 20, place.id)
    clinic = store.execute(desk.district.officer, availability.set_clinic, mentor.expert.id, wanted)
    return Counter(desk.district, desk.clerk, desk.stranger, mentor, place, elsewhere, clinic)
