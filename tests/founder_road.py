"""A founder on the way from a need to a confirmed service, in few words for tests.

A module whose tests begin with it says `from tests.founder_road import plays, road`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode
from app.domain.clock import FixedClock
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.message import Message
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.proposal import MatchRound, Proposal
from app.models.service_session import ServiceSession
from app.services import bookings, outcomes, service_sessions
from app.services.bookings import Choice
from app.services.outcomes import Action, Record
from app.services.service_sessions import Finish
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_need, an_expert, keep
from tests.moments import START, at, day
from tests.scenes import Plays

WHEN = "09-18 14:00"


class FounderRoad:
    """A founder with a need, an expert with an account, and what they do with each other."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store = store
        self.clock = clock
        self.founder = a_founder(store)
        self.expert = an_expert(store, topics=["registration", "ip"])
        self.mentor = a_mentor(store, self.expert)
        self.need = self.a_need()

    def a_need(self, founder: Actor | None = None, **values: Any) -> Need:
        person_id = (founder or self.founder).person_id
        assert person_id is not None
        return a_need(self.store, person_id, **values)

    def choice(self, when: str = WHEN, **values: Any) -> Choice:
        defaults: dict[str, Any] = {
            "need_id": self.need.id,
            "expert_id": self.expert.id,
            "starts_at": at(when),
            "mode": Mode.ONSITE,
            "place": "历城区创业孵化基地",
        }
        return Choice(**{**defaults, **values})

    def held(self, when: str = WHEN, **values: Any) -> Booking:
        return self.store.execute(self.founder, bookings.hold, self.choice(when, **values))

    def requested(self, when: str = WHEN, **values: Any) -> Booking:
        return self.store.execute(self.founder, bookings.request_now, self.choice(when, **values))

    def accepted(self, when: str = WHEN, **values: Any) -> Booking:
        booking = self.requested(when, **values)
        return self.store.execute(self.mentor, bookings.accept, booking.id)

    def finished(self, when: str = WHEN, minutes: int = 50, **values: Any) -> ServiceSession:
        session = self.session_of(self.accepted(when, **values))
        start = at(when)
        end = start + timedelta(minutes=minutes)
        self.clock.put(end + timedelta(minutes=5))
        facts = Finish(actual_start=start, actual_end=end)
        return self.store.execute(self.mentor, service_sessions.finish, session.id, facts)

    def recorded(self, when: str = WHEN, **values: Any) -> ServiceSession:
        session = self.finished(when, **values)
        record = Record(
            question="注册个体户还是公司",
            advice="先办个体户，营业额上来再转公司",
            actions=[Action("备齐材料去大厅办理", "李晓", day("10-15"))],
            result="advised",
        )
        self.store.execute(self.mentor, outcomes.record, session.id, record)
        return session

    def confirmed(self, when: str = WHEN, **values: Any) -> ServiceSession:
        session = self.recorded(when, **values)
        outcome = self.outcome_of(session)
        self.store.execute(self.founder, outcomes.confirm, outcome.id, agrees=True, rating=5)
        return session

    def proposed(self, *experts: Expert, need: Need | None = None) -> MatchRound:
        """Keep a round that proposes the experts in this order; by default the road's own."""
        need = need or self.need
        newest = MatchRound(
            need_id=need.id,
            number=1 + len(self.rows(MatchRound, MatchRound.need_id == need.id)),
            matcher_version="test-1",
            created_at=START,
            excluded=[],
        )
        proposals = [
            self._proposal(newest, need, expert, rank)
            for rank, expert in enumerate(experts or (self.expert,), start=1)
        ]
        keep(self.store, newest, *proposals)
        return newest

    def _proposal(self, newest: MatchRound, need: Need, expert: Expert, rank: int) -> Proposal:
        return Proposal(
            match_round_id=newest.id,
            need_id=need.id,
            expert_id=expert.id,
            rank=rank,
            score=1.0 / rank,
            parts=[{"code": "text", "value": 0.6 / rank}, {"code": "topic", "value": 0.0}],
            reasons=[
                {
                    "code": "words",
                    "text": "您提到“营业执照”，这位导师的专长写有“注册登记”",
                    "evidence": "营业执照",
                },
                {
                    "code": "stage",
                    "text": "您所处的创业阶段，正是这位导师服务的阶段",
                    "evidence": "",
                },
            ],
            cautions=[{"code": "few_places_left", "text": "名额不多，还剩2个"}],
        )

    def told(self, title: str, href: str = "/bookings", when: str = "09-16 10:12") -> Message:
        message = Message(
            account_id=self.founder.account_id,
            event="booking.accepted",
            subject_id=self.need.id,
            revision=1 + len(self.rows(Message)),
            title=title,
            text=f"{title}。",
            href=href,
            facts={},
            created_at=at(when),
        )
        keep(self.store, message)
        return message

    def session_of(self, booking: Booking) -> ServiceSession:
        return self.row(ServiceSession, ServiceSession.booking_id == booking.id)

    def outcome_of(self, session: ServiceSession) -> Outcome:
        return self.row(Outcome, Outcome.service_session_id == session.id)

    def now(self, booking_id: UUID) -> Booking:
        return self.row(Booking, Booking.id == booking_id)

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).where(*where).order_by(model.id)))

    def row(self, model: Any, *where: Any) -> Any:
        (row,) = self.rows(model, *where)
        return row

    def put(self, when: str | datetime) -> None:
        self.clock.put(at(when) if isinstance(when, str) else when)


@pytest.fixture
def plays() -> Plays:
    return {"road": FounderRoad}


@pytest.fixture
def road(scene: FounderRoad) -> FounderRoad:
    return scene


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Collect the statements sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "SET ", "BEGIN")):
            sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
