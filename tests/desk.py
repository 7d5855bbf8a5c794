"""The clerks of two sub-districts and what they do with somebody in front of them."""

from dataclasses import dataclass
from typing import Any

from app.domain.actor import Actor, Role
from app.domain.availability import Mode
from app.domain.clock import FixedClock
from app.domain.consent import ConsentKind, PaperConsent
from app.domain.need import Channel
from app.models.booking import Booking
from app.models.desk_entry import DeskEntry
from app.models.need import Need
from app.models.person import Person
from app.services import desk_entries
from app.services.bookings import Choice
from app.services.needs import NeedInput
from app.services.persons import Registration, WalkIn
from app.unit_of_work import Store
from tests.builders import staff
from tests.journeys.district import District, Mentor
from tests.moments import at, day

SHEET = PaperConsent(
    kind=ConsentKind.SIGNATURE, given_on=day("09-16"), filed_at="扫描件 2026-0916-03"
)
WORDS = "想在社区开个面点铺，不知道营业执照怎么办，要带什么材料。"


@dataclass
class ServiceDesk:
    """A district with a clerk of 唐冶, one of 郭店, and an expert who can be met."""

    district: District
    clerk: Actor
    stranger: Actor
    mentor: Mentor

    @property
    def store(self) -> Store:
        return self.district.store

    def registers(self, name: str = "钱大妈", actor: Actor | None = None, **values: Any) -> Person:
        walk_in = {"name": name, "phone": "13800001234", "birth_year": 1963}
        known = {key: values.pop(key) for key in list(values) if key in WalkIn.__slots__}
        given = Registration(walk_in=WalkIn(**{**walk_in, **known}), **{"consent": SHEET, **values})
        return self.store.execute(actor or self.clerk, desk_entries.register_person, given)

    def hears(self, person: Person, channel: Channel = Channel.STATION) -> Need:
        given = NeedInput(text=WORDS, channel=channel)
        return self.store.execute(self.clerk, desk_entries.take_need, given, person.id)

    def books(self, need: Need, when: str = "09-18 14:00") -> Booking:
        choice = Choice(
            need_id=need.id, expert_id=self.mentor.expert.id, starts_at=at(when), mode=Mode.ONSITE
        )
        return self.store.execute(self.clerk, desk_entries.book, choice)

    def undoes(self, subject: Any, actor: Actor | None = None) -> DeskEntry:
        entry = self.district.one(DeskEntry, DeskEntry.subject_id == subject.id)
        return self.store.execute(actor or self.clerk, desk_entries.undo, entry.id)


def a_desk(store: Store, clock: FixedClock) -> ServiceDesk:
    district = District(store, clock)
    clerk = staff(store, Role.STREET_LIAISON, street="tangye", name="小唐")
    stranger = staff(store, Role.STREET_LIAISON, street="guodian", name="小郭")
    return ServiceDesk(district, clerk, stranger, district.mentor("张敏"))
