"""A small district in which founders and mentors walk the main road."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import Mode
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.correction import Value
from app.domain.service_record import CorrectionOp
from app.domain.service_session import Evidence
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.outcome import Outcome
from app.models.period import Period
from app.models.person import IdentityLevel, Person, Venture
from app.models.service_record import Correction, ServiceRecord
from app.models.service_session import ServiceSession
from app.queries import service_counts
from app.queries.service_counts import MonthCounts
from app.services import bookings, corrections, outcomes, periods, service_sessions
from app.services.bookings import Choice
from app.services.outcomes import Record
from app.services.service_sessions import Finish
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_need, a_venture, an_expert, staff
from tests.moments import at

WRITTEN = Record("怎么办营业执照？", "先核名，再到大厅一窗办理。", (), "advised")


@dataclass(frozen=True)
class Founder:
    """Somebody who asks, with the account and the venture he acts for."""

    actor: Actor
    venture: Venture | None

    person: Person

    @property
    def person_id(self) -> UUID:
        return self.person.id


@dataclass(frozen=True)
class Mentor:
    """Somebody of the pool, with the account he acts by."""

    expert: Expert
    actor: Actor


class District:
    """Short words for what people do; every word is a use case on the database."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store = store
        self.clock = clock
        self.officer = staff(store, Role.OFFICER, name="小郭")
        self.approver = staff(store, Role.APPROVER, name="老田")

    def founder(
        self, person: str, level: IdentityLevel = IdentityLevel.PHONE, /, **venture: Any
    ) -> Founder:
        actor = a_founder(self.store, name=person, identity_level=level)
        assert actor.person_id is not None
        owned = a_venture(self.store, actor.person_id, **venture) if venture else None
        return Founder(actor, owned, self.one(Person, Person.id == actor.person_id))

    def mentor(self, name: str, **values: Any) -> Mentor:
        expert = an_expert(self.store, name=name, **values)
        return Mentor(expert, a_mentor(self.store, expert))

    def accepted(
        self,
        mentor: Mentor,
        founder: Founder,
        start: str,
        *,
        minutes: int = 50,
        session_type: str = "consultation",
        topic: str = "registration",
        mode: Mode = Mode.ONSITE,
    ) -> ServiceSession:
        """Book a day ahead and have the mentor accept; return the planned meeting."""
        starts_at = at(start)
        self.clock.put(starts_at - timedelta(days=1))
        venture_id = founder.venture.id if founder.venture else None
        need = a_need(
            self.store,
            founder.person_id,
            topic=topic,
            session_type=session_type,
            venture_id=venture_id,
        )
        choice = Choice(
            need_id=need.id,
            expert_id=mentor.expert.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            mode=mode,
        )
        booking = self.store.execute(founder.actor, bookings.request_now, choice)
        self.store.execute(mentor.actor, bookings.accept, booking.id)
        return self.session_of(booking)

    def held(
        self, mentor: Mentor, founder: Founder, start: str, minutes: int = 50, **values: Any
    ) -> ServiceSession:
        """Book, accept and hold a meeting that took just as long."""
        session = self.accepted(mentor, founder, start, minutes=max(minutes, 15), **values)
        return self.finish(mentor, session, minutes)

    def finish(self, mentor: Mentor, session: ServiceSession, minutes: int) -> ServiceSession:
        starts_at = session.planned_starts_at
        self.clock.put(max(self.clock.now(), starts_at + timedelta(minutes=minutes)))
        facts = Finish(actual_start=starts_at, actual_end=starts_at + timedelta(minutes=minutes))
        return self.store.execute(mentor.actor, service_sessions.finish, session.id, facts)

    def check_in(self, somebody: Founder, session: ServiceSession) -> None:
        """Have the desk check somebody in by his code at the planned start."""
        self.clock.put(session.planned_starts_at)
        self.store.execute(
            self.officer,
            service_sessions.check_in,
            session.id,
            person_id=somebody.person_id,
            evidence=Evidence.CODE,
        )

    def correct(
        self,
        session: ServiceSession,
        operation: CorrectionOp,
        value: Value,
        moment: str | None = None,
    ) -> Correction:
        """Have the officer propose a correction and the approver let it take effect."""
        self.clock.put(at(moment) if moment else self.clock.now())
        proposed = self.store.execute(
            self.officer, corrections.propose, session.id, operation, value, "抽查核实"
        )
        return self.store.execute(self.approver, corrections.approve, proposed.id)

    def corrections(self, session_id: UUID) -> list[Correction]:
        return self.rows(Correction, Correction.service_session_id == session_id)

    def close(self, month: Month, moment: str) -> Period:
        self.wait_until(moment)
        return self.store.execute(self.approver, periods.close, month)

    def measures(self, month: Month) -> MonthCounts:
        with self.store.read(self.approver) as reader:
            return service_counts.measures(reader, month)

    def record(self, mentor: Mentor, session: ServiceSession, moment: str | None = None) -> Outcome:
        self.clock.put(at(moment) if moment else self.clock.now())
        return self.store.execute(mentor.actor, outcomes.record, session.id, WRITTEN)

    def confirm(
        self, founder: Founder, session: ServiceSession, moment: str | None = None, **values: Any
    ) -> Outcome:
        self.clock.put(at(moment) if moment else self.clock.now())
        outcome = self.outcome_of(session)
        said = {"agrees": True, **values}
        return self.store.execute(founder.actor, outcomes.confirm, outcome.id, **said)

    def served(
        self, mentor: Mentor, founder: Founder, start: str, minutes: int = 50, **values: Any
    ) -> ServiceSession:
        """Walk the whole road at once: booked, held, recorded and confirmed."""
        session = self.held(mentor, founder, start, minutes, **values)
        self.record(mentor, session)
        self.confirm(founder, session)
        return session

    def session_of(self, booking: Booking) -> ServiceSession:
        return self.one(ServiceSession, ServiceSession.booking_id == booking.id)

    def outcome_of(self, session: ServiceSession) -> Outcome:
        return self.one(Outcome, Outcome.service_session_id == session.id)

    def versions(self, session: ServiceSession) -> list[ServiceRecord]:
        return self.rows(ServiceRecord, ServiceRecord.service_session_id == session.id)

    def decision(self, session: ServiceSession) -> ServiceRecord:
        return max(self.versions(session), key=lambda record: record.number)

    def one(self, model: Any, *where: Any) -> Any:
        (row,) = self.rows(model, *where)
        return row

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).where(*where).order_by(model.id)))

    def wait_until(self, moment: str) -> datetime:
        self.clock.put(at(moment))
        return self.clock.now()
