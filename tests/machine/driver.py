"""The real service, driven step by step, and what can be seen of it afterwards."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import Mode
from app.domain.booking_panel import NOBODY, Company
from app.domain.clock import FixedClock
from app.domain.errors import DomainError
from app.domain.ids import ExpertId, PersonId
from app.domain.job import JobState
from app.domain.need import NeedStatus
from app.domain.service_session import NoShow
from app.models.booking import Booking, Resource, ResourceClaim
from app.models.job import Job
from app.models.need import Need
from app.models.service_session import ServiceSession
from app.services import bookings, service_sessions
from app.unit_of_work import Store
from tests.builders import a_need, a_person, an_expert, staff
from tests.machine.model import DONE, LEAST_OF_A_PANEL, LENGTH, MOST_A_MONTH, Codes, Row

SWEEPS: dict[str, Callable[..., object]] = {
    "release_hold": bookings.release,
    "expire_booking": bookings.expire,
    bookings.LAPSE: bookings.lapse_offer,
}


class Driver:
    """New people in a database that others have used, and the use cases called for them."""

    def __init__(self, store: Store, founders: tuple[int, ...], experts: int) -> None:
        self._store = store
        assert isinstance(store.clock, FixedClock)
        self._clock = store.clock
        self._experts = [
            an_expert(store, name=f"E{n}", monthly_limit=MOST_A_MONTH) for n in range(experts)
        ]
        people = [a_person(store, name=f"F{n}") for n in sorted(set(founders))]
        self._founders = [people[n] for n in founders]
        self._needs = [a_need(store, person.id) for person in self._founders]
        self._officer = staff(store)
        self._names = {
            **{row.id: f"E{n}" for n, row in enumerate(self._experts)},
            **{row.id: f"F{n}" for n, row in enumerate(people)},
        }
        self.ids: list[UUID] = []
        self._swept: set[UUID] = set()

    def put_clock(self, moment: datetime) -> None:
        self._clock.put(moment)

    def hold(self, need: int, experts: tuple[int, ...], starts_at: datetime) -> Codes:
        """Hold a time of one expert as the founder, of several as an officer."""
        lead, *others = (self._experts[expert].id for expert in experts)
        choice = bookings.Choice(
            need_id=self._needs[need].id,
            expert_id=lead,
            starts_at=starts_at,
            # A panel is a diagnosis; here all meetings are as long as a consultation.
            ends_at=starts_at + LENGTH,
            mode=Mode.ONSITE,
            company=Company(tuple(others), quorum=LEAST_OF_A_PANEL) if others else NOBODY,
        )

        def held(uow: Any) -> None:
            self.ids.append(bookings.hold(uow, choice).id)

        count = len(self.ids)
        codes = self._do(self._officer if others else self._founder(need), held)
        if codes:
            del self.ids[count:]
        return codes

    def by_founder(self, row: Row, use_case: Any, at: int, *args: Any, **values: Any) -> Codes:
        return self._do(self._founder(row.need), use_case, self.ids[at], *args, **values)

    def by_mentor(self, expert: int, use_case: Any, at: int, *args: Any, **values: Any) -> Codes:
        return self._do(self._mentor(expert), use_case, self.ids[at], *args, **values)

    def miss(self, at: int) -> Codes:
        session = select(ServiceSession.id).where(ServiceSession.booking_id == self.ids[at])
        with self._store.read(SYSTEM) as reader:
            session_id = reader.session.scalars(session).one()
        report = service_sessions.report_no_show
        return self._do(self._officer, report, session_id, NoShow.FOUNDER)

    def version(self, at: int) -> int:
        with self._store.read(SYSTEM) as reader:
            statement = select(Booking.version).where(Booking.id == self.ids[at])
            return reader.session.scalars(statement).one()

    def sweep(self, now: datetime) -> None:
        """Do what is due of the jobs that hold and ask leave behind."""
        due = select(Job.id, Job.kind, Job.subject_id).where(
            Job.state == JobState.READY,
            Job.run_at <= now,
            Job.kind.in_(SWEEPS),
            Job.subject_id.in_(self.ids),
        )
        with self._store.read(SYSTEM) as reader:
            jobs = reader.session.execute(due).all()
        for job_id, kind, subject_id in jobs:
            if job_id not in self._swept:
                self._store.execute(SYSTEM, SWEEPS[kind], subject_id)
                self._swept.add(job_id)

    def seen(self) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[bool]]:
        """Return the bookings, the spans that each takes and of whom, the needs that are booked."""
        with self._store.read(SYSTEM) as reader:
            rows = {
                row.id: row
                for row in reader.session.scalars(select(Booking).where(Booking.id.in_(self.ids)))
            }
            taken = reader.session.execute(
                select(
                    ResourceClaim.booking_id,
                    Resource.ref_id,
                    ResourceClaim.starts_at,
                    ResourceClaim.ends_at,
                )
                .join(Resource, Resource.id == ResourceClaim.resource_id)
                .where(ResourceClaim.booking_id.in_(self.ids), ResourceClaim.is_active)
            ).all()
            needs = reader.session.execute(
                select(Need.id, Need.status).where(Need.id.in_([need.id for need in self._needs]))
            )
            status = {key: value for key, value in needs}
        listed = [rows[key] for key in self.ids]
        places = {key: at for at, key in enumerate(self.ids)}
        spans = sorted(
            (places[key], self._names[ref_id], starts_at, ends_at)
            for key, ref_id, starts_at, ends_at in taken
        )
        facts = [
            (
                row.status.value,
                row.starts_at,
                row.hold_until,
                row.ics_sequence,
                row.is_late,
                row.is_excused,
            )
            for row in listed
        ]
        booked = [status[need.id] is NeedStatus.BOOKED for need in self._needs]
        return facts, spans, booked

    def _do(self, actor: Actor, use_case: Any, *args: Any, **values: Any) -> Codes:
        try:
            self._store.execute(actor, use_case, *args, **values)
        except DomainError as refusal:
            return frozenset({refusal.code})
        return DONE

    def _founder(self, need: int) -> Actor:
        return Actor(roles=frozenset({Role.FOUNDER}), person_id=PersonId(self._founders[need].id))

    def _mentor(self, expert: int) -> Actor:
        row = self._experts[expert]
        return Actor(
            roles=frozenset({Role.MENTOR}),
            person_id=PersonId(row.person_id),
            expert_id=ExpertId(row.id),
        )
