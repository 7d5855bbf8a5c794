"""Activities for tests: a hall with an officer, speakers, listeners and ventures to be heard."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domain.activity import ActivityKind, Criterion, Plan
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.clock import FixedClock
from app.domain.service_record import Decision
from app.models.activity import Activity, Registration
from app.models.expert import Expert
from app.models.person import Venture
from app.models.service_session import ServiceSession
from app.queries.service_counts.decisions import of_sessions
from app.services import activities
from app.services.activities import Closing, Listener
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_venture, an_expert, staff
from tests.moments import at

LECTURE = "09-12 09:00"
CRITERIA = (Criterion("创新", 40), Criterion("市场", 60))


@dataclass
class Hall:
    """An officer who announces, an approver, and two experts who may stand in front."""

    store: Store
    clock: FixedClock
    officer: Actor
    approver: Actor
    experts: list[Expert] = field(default_factory=list)
    mentors: dict[int, Actor] = field(default_factory=dict)

    def plan(self, start: str = LECTURE, minutes: int = 90, **values: Any) -> Plan:
        defaults: dict[str, Any] = {
            "kind": ActivityKind.LECTURE,
            "title": "创业补贴怎么申请",
            "summary": "讲清一次性创业补贴、场地补贴和贷款贴息的条件与材料。",
            "starts_at": at(start),
            "ends_at": at(start) + timedelta(minutes=minutes),
            "experts": (self.experts[0].id,),
            "department": "hrss",
            "place": "区人社局一楼报告厅",
            "seat_total": 80,
        }
        return Plan(**{**defaults, **values})

    def review_plan(self, start: str = "09-18 09:00", minutes: int = 180, **values: Any) -> Plan:
        plan = self.plan(start, minutes, title="创业大赛初评", seat_total=0, **values)
        return replace(plan, kind=ActivityKind.REVIEW, criteria=CRITERIA)

    def announced(self, start: str = LECTURE, minutes: int = 90, **values: Any) -> Activity:
        return self.store.execute(
            self.officer, activities.announce, self.plan(start, minutes, **values)
        )

    def founder(self, name: str = "李晓", **values: Any) -> Actor:
        return a_founder(self.store, name=name, **values)

    def venture(self, number: int, **values: Any) -> Venture:
        founder = self.founder(f"创业者{number}")
        assert founder.person_id is not None
        return a_venture(self.store, founder.person_id, name=f"历城第{number}号创业项目", **values)

    def mentor(self, number: int) -> Actor:
        return a_mentor(self.store, self.experts[number])

    def mentor_of(self, number: int) -> Actor:
        """Return the one account of the expert, made when it is first asked for."""
        if number not in self.mentors:
            self.mentors[number] = self.mentor(number)
        return self.mentors[number]

    def join(self, actor: Actor, activity: Activity) -> Registration:
        return self.store.execute(actor, activities.join, activity.id)

    def sign_in(self, activity: Activity, name: str, phone: str) -> Registration:
        """Sign somebody in by the code on the screen."""
        return self.store.execute(
            Actor(roles=frozenset()),
            activities.sign_in,
            activity.id,
            self.now_of(activity).door_code,
            Listener(name, phone),
        )

    def close(
        self, activity: Activity, actor: Actor | None = None, **values: Any
    ) -> ServiceSession:
        """Close the list after the planned time, as planned."""
        self.clock.put(max(self.clock.now(), activity.ends_at))
        facts = {"note": "到场的人都听完了，现场答了八个问题。", **values}
        closing = Closing(
            **{"actual_start": activity.starts_at, "actual_end": activity.ends_at, **facts}
        )
        return self.store.execute(actor or self.officer, activities.close, activity.id, closing)

    def decision(self, session: ServiceSession) -> Decision:
        with self.store.read(SYSTEM) as reader:
            return of_sessions(reader, [session.id])[session.id].decision

    def now_of(self, activity: Activity) -> Activity:
        (row,) = self.rows(Activity, Activity.id == activity.id)
        return row

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).where(*where).order_by(model.id)))


def open_hall(store: Store, clock: FixedClock) -> Hall:
    """Return a hall on the day everything was announced."""
    clock.put(at("09-01 09:00"))
    hall = Hall(store, clock, staff(store), staff(store, Role.APPROVER))
    hall.experts = [an_expert(store, name=name) for name in ("陈教授", "刘总", "张敏")]
    return hall
