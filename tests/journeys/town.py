"""A small town in which anything may happen in any order: acts by number, each a use case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Mode
from app.domain.calendar import ZONE, local_day
from app.domain.clock import FixedClock
from app.domain.errors import DomainError
from app.domain.outcome import OutcomeStatus
from app.domain.service_record import Ruling
from app.domain.service_session import NoShow
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.services import (
    bookings,
    persons,
    service_sessions,
)
from app.services.bookings import Choice
from app.services.persons import WalkIn
from app.services.service_sessions import Finish
from app.unit_of_work import Store
from tests.builders import a_need, staff
from tests.journeys.counted import ENDS_IN_SEPTEMBER, enter
from tests.journeys.district import District, Founder, Mentor

SLOTS = (time(9), time(10), time(11, 30), time(14), time(20, 15))
LENGTHS = (20, 35, 50, 65, 125, 250)
PAUSES = (0, 60, 120, 121, 700)
WAITS = (1, 3, 8, 25)
TYPES = ("consultation", "consultation", "tutoring", "diagnosis")
TOPICS = ("registration", "registration", "marketing")
RULINGS = (Ruling.DELIVERED, Ruling.NO_SHOW_FOUNDER, Ruling.EXCUSED)
LAST = date(2026, 12, 20)
CLOSE_WORKING_DAY = 5
PLANNED = timedelta(minutes=40)
CONFIRMABLE = (OutcomeStatus.RECORDED, OutcomeStatus.UNCONFIRMED)


@dataclass(frozen=True)
class Act:
    """Something that somebody tries; the numbers choose who, what and how."""

    verb: str
    a: int = 0
    b: int = 0
    c: int = 0


class Town:
    """Three mentors, four founders, a walk-in, the bureau; what is refused changes nothing."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.district = district = District(store, clock)
        self.clerk = staff(store, name="小王")
        self.ruler = staff(store, Role.APPROVER, name="老李")
        self.mentors = [
            district.mentor("高源"),
            district.mentor("陈教授", category="scholar"),
            district.mentor("郑工", term=ENDS_IN_SEPTEMBER),
        ]
        registered = {"name": "历城某商贸", "registered_on": date(2024, 3, 1)}
        self.founders = [
            district.founder("王强", **registered),
            district.founder("李晓", name="李晓工作室"),
            district.founder("赵敏"),
            district.founder("外区人", name="外区公司", area="outside"),
        ]
        qian = store.execute(district.officer, persons.register, WalkIn(name="钱大妈"))
        self.founders.append(Founder(SYSTEM, None, qian))
        district.wait_until("09-24 08:00")
        self.sessions: list[tuple[UUID, int, int]] = []

    # ---- how a history is played

    def play(self, act: Act) -> bool:
        """Do it; answer whether it was let happen."""
        doing: Callable[[Act], None] = getattr(self, act.verb)
        try:
            doing(act)
        except (DomainError, IndexError):
            return False
        return True

    @property
    def now(self) -> datetime:
        return self.district.clock.now().astimezone(ZONE)

    def run(self, who: Any, use_case: Any, *sent: Any, **named: Any) -> Any:
        return self.district.store.execute(who, use_case, *sent, **named)

    def mentor(self, number: int) -> Mentor:
        return self.mentors[number % len(self.mentors)]

    def founder(self, number: int) -> Founder:
        return self.founders[number % len(self.founders)]

    def one_of_sessions(
        self, number: int, *states: OutcomeStatus
    ) -> tuple[ServiceSession, Mentor, Founder]:
        """Return a meeting, mostly a late one, whose record is in one of the states.

        Raises:
            IndexError: there is none.
        """
        fitting = self.sessions
        if states:
            waiting = self.district.rows(Outcome, Outcome.status.in_(states))
            keys = {row.service_session_id for row in waiting}
            fitting = [each for each in fitting if each[0] in keys]
        key, mentor, founder = fitting[-1 - number % max(1, len(fitting))]
        session = self.district.one(ServiceSession, ServiceSession.id == key)
        return session, self.mentor(mentor), self.founder(founder)

    # ---- meetings

    def hold(self, act: Act) -> None:
        """Book, accept and hold; it lasts as long as it lasts, whatever was planned."""
        session = self._agreed(act)
        self._finish(act, session)

    def miss(self, act: Act) -> None:
        session = self._agreed(act)
        self.district.clock.put(session.planned_starts_at + timedelta(minutes=31))
        who = self.mentor(act.a).actor
        self.run(who, service_sessions.report_no_show, session.id, NoShow.FOUNDER)

    def paper(self, act: Act) -> None:
        """Enter what ended a while ago, with another founder beside the first at times."""
        length, pause = LENGTHS[act.b % len(LENGTHS)], PAUSES[act.c % len(PAUSES)]
        self._enter(act, self.now - timedelta(minutes=length + pause), length)

    def _enter(self, act: Act, starts_at: datetime, length: int) -> None:
        beside = [self.founder(act.b + 1)] if act.c % 3 == 1 else []
        session = enter(
            self.district,
            self.mentor(act.a),
            self.founder(act.b),
            f"{starts_at:%m-%d %H:%M}",
            length,
            session_type=TYPES[act.c % len(TYPES)],
            topic=TOPICS[act.b % len(TOPICS)],
            companions=beside,
        )
        self.sessions.append((session.id, act.a, act.b))

    def _need(self, act: Act) -> Any:
        founder = self.founder(act.b)
        venture = founder.venture.id if founder.venture else None
        return a_need(
            self.district.store,
            founder.person_id,
            session_type=TYPES[act.c % len(TYPES)],
            topic=TOPICS[act.b % len(TOPICS)],
            venture_id=venture,
        )

    def _agreed(self, act: Act, need: Any = None) -> ServiceSession:
        slot = datetime.combine(local_day(self.now), SLOTS[act.c % len(SLOTS)], ZONE)
        starts_at = slot if slot > self.now else slot + timedelta(days=1)
        founder, mentor = self.founder(act.b), self.mentor(act.a)
        choice = Choice(
            need_id=(need or self._need(act)).id,
            expert_id=mentor.expert.id,
            starts_at=starts_at,
            ends_at=starts_at + PLANNED,
            mode=Mode.ONSITE,
        )
        by = founder.actor if founder.actor is not SYSTEM else self.district.officer
        booking = self.run(by, bookings.request_now, choice)
        self.run(mentor.actor, bookings.accept, booking.id)
        session = self.district.session_of(booking)
        self.sessions.append((session.id, act.a, act.b))
        return session

    def _finish(self, act: Act, session: ServiceSession) -> None:
        starts_at = session.planned_starts_at
        ends_at = starts_at + timedelta(minutes=LENGTHS[(act.a + act.b + act.c) % len(LENGTHS)])
        self.district.clock.put(ends_at)
        facts = Finish(actual_start=starts_at, actual_end=ends_at)
        self.run(self.mentor(act.a).actor, service_sessions.finish, session.id, facts)
