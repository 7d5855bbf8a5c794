"""One meeting from request to outcome, by the use cases, with everybody told by a worker."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode
from app.domain.clock import FixedClock
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.message import Delivery, Message
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.services import bookings, outcomes, service_sessions
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_founder, a_mentor, a_need, an_expert, staff
from tests.moments import at

MEETING = "09-18 14:00"
SITE = "https://example.org"


@dataclass
class Scene:
    """A founder, a mentor, an officer, all told by a worker with an outbox."""

    store: Store
    clock: FixedClock
    founder: Actor
    mentor: Actor
    officer: Actor
    expert: Expert

    def work(self) -> int:
        return Worker(self.store, registry(Outbox(), SITE, "历城创业导师")).work()

    def request(self, when: str = MEETING) -> Booking:
        need = a_need(self.store, self.founder.person_id)
        choice = bookings.Choice(
            need_id=need.id, expert_id=self.expert.id, starts_at=at(when), mode=Mode.ONSITE
        )
        return self.store.execute(self.founder, bookings.request_now, choice)

    def accepted(self, when: str = MEETING) -> Booking:
        return self.store.execute(self.mentor, bookings.accept, self.request(when).id)

    def session(self) -> ServiceSession:
        return self.rows(ServiceSession)[0]

    def finished(self) -> ServiceSession:
        self.accepted()
        self.clock.put(at("09-18 16:00"))
        facts = service_sessions.Finish(
            actual_start=at("09-18 14:00"), actual_end=at("09-18 15:00")
        )
        return self.store.execute(self.mentor, service_sessions.finish, self.session().id, facts)

    def recorded(self) -> Outcome:
        session = self.finished()
        written = outcomes.Record("怎么登记？", "先核名，再到大厅提交。", [], "advised")
        return self.store.execute(self.mentor, outcomes.record, session.id, written)

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).where(*where).order_by(model.id)))

    def told(self, actor: Actor, event: str) -> list[Message]:
        return self.rows(Message, Message.account_id == actor.account_id, Message.event == event)

    def letters(self, message: Message) -> list[Delivery]:
        return self.rows(Delivery, Delivery.message_id == message.id)


def give_email(store: Store, person_id: UUID | None, address: str | None) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.session.execute(update(Person).where(Person.id == person_id).values(email=address))

    store.execute(SYSTEM, use_case)


def give_phone(store: Store, person_id: UUID | None, number: str | None) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.session.execute(update(Person).where(Person.id == person_id).values(phone=number))

    store.execute(SYSTEM, use_case)


def set_scene(store: Store, clock: FixedClock) -> Scene:
    """Return people who have addresses, before anything happened."""
    founder = a_founder(store, email="founder@example.org")
    expert = an_expert(store)
    give_email(store, expert.person_id, "mentor@example.org")
    return Scene(store, clock, founder, a_mentor(store, expert), staff(store), expert)
