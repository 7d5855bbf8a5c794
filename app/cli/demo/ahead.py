"""What lies ahead in the demo district beside single meetings: activities, a clinic, a panel."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.history import Cast
from app.cli.demo.panelled import ask_panel
from app.domain.activity import ActivityKind, Criterion, Plan
from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Clinic, Mode
from app.domain.booking import BookingStatus
from app.domain.calendar import ZONE, WorkingCalendar, local_day
from app.domain.leave import Leave
from app.domain.waiting_list import Wish
from app.models.booking import Booking
from app.models.need import Need
from app.models.person import Venture, VentureMember
from app.models.place import Place
from app.services import activities, availability, bookings, leaves, persons
from app.services.persons import WalkIn
from app.unit_of_work import Store

Told = Mapping[str, Any]


class Ahead:
    """Tells the district what comes, counted in working days from its present day."""

    def __init__(self, store: Store, cast: Cast, officer: Actor, calendar: WorkingCalendar) -> None:
        self._store = store
        self._cast = cast
        self._officer = officer
        self._calendar = calendar
        with store.read(SYSTEM) as reader:
            self._now = reader.now
            rows = reader.session.execute(select(Place.code, Place.id))
            self._places = {code: key for code, key in rows}

    def tell(self, told: Mapping[str, Told]) -> None:
        """Do all of it; what waits on somebody's leave comes after it."""
        for kind in (ActivityKind.LECTURE, ActivityKind.ROUNDTABLE):
            self._listened_to(kind, told[kind])
        self._review(told["review"])
        self._clinic(told["clinic"])
        self._panel(told["panel"])
        self._double(told["double"])
        on = self._leave(told["leave"])
        if on is not None:
            self._wait(told["waiting"], self._cast.experts[told["leave"]["expert"]], on)

    def _listened_to(self, kind: ActivityKind, told: Told) -> None:
        plan = self._plan(
            kind,
            told,
            topic=told["topic"],
            co_departments=tuple(told["co_departments"]),
            is_promotion=told["is_promotion"],
            seat_total=told["seats"],
        )
        activity = self._store.execute(self._officer, activities.announce, plan)
        for ref in told["listeners"]:
            self._store.execute(self._cast.founders[ref], activities.join, activity.id)
        for ref in told["waiting"]:
            self._store.execute(self._cast.founders[ref], activities.join_line, activity.id)

    def _review(self, told: Told) -> None:
        criteria = tuple(Criterion(name, weight) for name, weight in told["criteria"])
        plan = self._plan(ActivityKind.REVIEW, told, criteria=criteria)
        review = self._store.execute(self._officer, activities.announce, plan)
        for venture_id in self._ventures(told["projects"]):
            self._store.execute(self._officer, activities.add_project, review.id, venture_id)

    def _clinic(self, told: Told) -> None:
        clinic = Clinic(
            self._day(told),
            _minute(told["starts"]),
            _minute(told["ends"]),
            told["slot_minutes"],
            self._places[told["place"]],
        )
        expert_id = self._cast.experts[told["expert"]]
        self._store.execute(self._officer, availability.set_clinic, expert_id, clinic)

    def _panel(self, told: Told) -> None:
        experts = [self._cast.experts[ref] for ref in told["experts"]]
        need_id, room = self._cast.needs[told["need"]], self._places[told["place"]]
        ask_panel(self._store, self._officer, experts, need_id, room)

    def _leave(self, told: Told) -> date | None:
        """Take the day of an agreed meeting off, which suspends it, and return the day."""
        expert_id = self._cast.experts[told["expert"]]
        with self._store.read(SYSTEM) as reader:
            starts_at = reader.session.scalar(
                select(Booking.starts_at)
                .where(
                    Booking.lead_expert_id == expert_id,
                    Booking.status == BookingStatus.ACCEPTED,
                    Booking.starts_at > self._now,
                )
                .order_by(Booking.starts_at)
            )
        if starts_at is None:
            return None
        on = local_day(starts_at)
        actor = self._cast.mentors[told["expert"]]
        self._store.execute(actor, leaves.take, expert_id, Leave(on, on, told["reason"]))
        return on

    def _double(self, told: Told) -> None:
        """Somebody came to a counter before he had an account; an officer takes both for one."""
        with self._store.read(SYSTEM) as reader:
            need = select(Need.person_id).where(Need.id == self._cast.needs[told["need"]])
            founder = reader.session.scalars(need).one()
        came = self._store.execute(self._officer, persons.register, WalkIn(name=told["name"]))
        self._store.execute(
            self._officer, persons.propose_double, came.id, founder, told["grounds"]
        )

    def _wait(self, told: Told, expert_id: UUID, on: date) -> None:
        founder = self._cast.founders[told["need"]]
        wish = Wish((Mode.ONSITE.value,), on, on)
        need_id = self._cast.needs[told["need"]]
        self._store.execute(founder, bookings.join_line, need_id, expert_id, wish)

    def _plan(self, kind: ActivityKind, told: Told, **more: Any) -> Plan:
        starts_at = datetime.combine(self._day(told), time.fromisoformat(told["at"]), ZONE)
        return Plan(
            kind=kind,
            title=told["title"],
            summary=told["summary"],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=told["minutes"]),
            experts=tuple(self._cast.experts[ref] for ref in told["experts"]),
            department=told["department"],
            place_id=self._places[told["place"]],
            **more,
        )

    def _ventures(self, count: int) -> list[UUID]:
        with self._store.read(SYSTEM) as reader:
            spoken_for = select(VentureMember.venture_id)
            return list(
                reader.session.scalars(
                    select(Venture.id)
                    .where(Venture.id.in_(spoken_for))
                    .order_by(Venture.id)
                    .limit(count)
                )
            )

    def _day(self, told: Told) -> date:
        return self._calendar.add_working_days(local_day(self._now), told["in_working_days"])


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)
