"""What became of the demo's services afterwards: asked at the set days, answered or not."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.history import STALE, Cast, Event, Story
from app.domain.actor import SYSTEM, Actor
from app.domain.calendar import WorkingCalendar, local_day
from app.domain.follow_up import OPEN_DAYS, ActionState, Answer, asked_at
from app.domain.message import steps
from app.models.follow_up import FollowUp
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.services import follow_ups
from app.services.jobs import cancel_open
from app.unit_of_work import Store, UnitOfWork

YUAN = 10_000
Said = Mapping[str, Mapping[str, Any]]


class Afterwards:
    """Follow-ups replayed through the use cases, at the time at which they were due."""

    def __init__(
        self,
        store: Store,
        cast: Cast,
        officer: Actor,
        calendar: WorkingCalendar,
        until: datetime,
    ) -> None:
        self._store = store
        self._officer = officer
        self._cast = cast
        self._calendar = calendar
        self._until = until

    def service(self, story: Story, said: Said) -> Iterator[Event]:
        """Yield what was asked after one confirmed service and what its founder answered.

        Args:
            story: the service.
            said: its founder's answers by the days after which they were given.
        """
        if story["confirmation"] != "confirmed":
            return
        held_on = local_day(datetime.fromisoformat(story["actual_start"]))
        for days in steps("follow_up.due"):
            due_at = asked_at(held_on, days, self._calendar)
            yield Event(due_at, story["id"], partial(self._ask, story, days))
            if str(days) in said:
                answer = said[str(days)]
                answered_at = due_at + timedelta(days=1, hours=11)
                yield Event(answered_at, story["id"], partial(self._answer, story, days, answer))
            else:
                over_at = due_at + timedelta(days=OPEN_DAYS)
                yield Event(over_at, story["id"], partial(self._lapse, story, days))

    def _ask(self, story: Story, days: int) -> None:
        row = self._row(story, days)
        self._store.execute(SYSTEM, follow_ups.ask, row.id)
        self._hush(row)

    def _answer(self, story: Story, days: int, said: Mapping[str, Any]) -> None:
        row = self._row(story, days)
        states = {place: ActionState(state) for place, state in enumerate(said["actions"])}
        loan = said.get("loan")
        answer = Answer(
            actions=states,
            is_running=said["is_running"],
            jobs=said.get("jobs"),
            loan_yuan=loan * YUAN if loan is not None else None,
            remark=said.get("remark", ""),
        )
        founder = self._cast.founders[story["need_ref"]]
        # Who has no sign-in was called, and an officer wrote down what he said.
        by = founder if founder.account_id else self._officer
        self._store.execute(by, follow_ups.answer, row.id, answer)
        self._hush(row)

    def _lapse(self, story: Story, days: int) -> None:
        self._store.execute(SYSTEM, follow_ups.lapse, self._row(story, days).id)

    def _hush(self, row: FollowUp) -> None:
        # Of what was asked long ago nobody needs to be told any more.
        if row.due_at + STALE > self._until:
            return

        def forget(uow: UnitOfWork) -> None:
            cancel_open(uow, row.id, kinds=("notify",))

        self._store.execute(SYSTEM, forget)

    def _row(self, story: Story, days: int) -> FollowUp:
        booking_id: UUID = self._cast.bookings[story["id"]]
        with self._store.read(SYSTEM) as reader:
            return reader.session.scalars(
                select(FollowUp)
                .join(Outcome, Outcome.id == FollowUp.outcome_id)
                .join(ServiceSession, ServiceSession.id == Outcome.service_session_id)
                .where(ServiceSession.booking_id == booking_id, FollowUp.days == days)
            ).one()
