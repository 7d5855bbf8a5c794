"""A diagnosis of the demo by a panel: met, written, signed with a dissent, presented, followed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.history import Cast, Event
from app.cli.demo.panelled import ask_panel
from app.domain.action_item import ActionEvent, Closing
from app.domain.actor import SYSTEM, Actor
from app.domain.calendar import ZONE, local_day
from app.domain.diagnosis import (
    Answer,
    Dissent,
    FindingOwner,
    FindingText,
    MaterialEvent,
    NoteKind,
    NoteText,
    Priority,
)
from app.models.action_item import ActionItem
from app.models.diagnosis import DiagnosisReport
from app.models.outcome import Outcome
from app.models.place import Place
from app.models.service_session import ServiceSession
from app.queries.diagnoses import workspace
from app.services import action_items, bookings, diagnoses, outcomes, service_sessions
from app.services.diagnoses import Wanted
from app.services.outcomes import Action, Record
from app.services.service_sessions import Finish, OwnTimes
from app.unit_of_work import Store

Told = Mapping[str, Any]
KIND = "diagnosis"
BEGUN, ENDED = 24, 4
EVENING = time(20)


@dataclass(slots=True)
class Diagnosed:
    """Plays one diagnosis, a step an evening, once its panel has met."""

    store: Store
    cast: Cast
    officer: Actor
    told: Told
    booking_id: UUID | None = None
    done: list[str] = field(default_factory=list)

    def events(self, until: datetime) -> Iterator[Event]:
        """Yield the request and the evenings that follow, all before the end."""
        last_on = local_day(until)
        for days in range(BEGUN, ENDED, -1):
            at = datetime.combine(last_on - timedelta(days=days), EVENING, tzinfo=ZONE)
            yield Event(at, KIND, self._evening if days < BEGUN else self._ask)

    def _ask(self) -> None:
        """Have the officer ask the panel for the first time at which all of it and a room can."""
        experts = [self.cast.experts[ref] for ref in self.told["experts"]]
        need_id = self.cast.needs.get(self.told["need"])
        if need_id is None:
            return
        with self.store.read(SYSTEM) as reader:
            room = reader.session.scalars(
                select(Place.id).where(Place.code == self.told["place"])
            ).one()
        booking = ask_panel(self.store, self.officer, experts, need_id, room)
        if booking is not None:
            self.booking_id = booking.id
            for mentor in self._mentors():
                self.store.execute(mentor, bookings.accept, booking.id)
            self._want()

    def _evening(self) -> None:
        """Do the next step, once the meeting is over."""
        if self.booking_id is None:
            return
        session = self._one(ServiceSession, ServiceSession.booking_id == self.booking_id)
        with self.store.read(SYSTEM) as reader:
            now = reader.now
        steps: Sequence[Callable[[ServiceSession], None]] = (
            self._meet,
            self._write,
            self._issue,
            self._sign,
            self._present,
            self._understand,
        )
        if session.planned_ends_at <= now and len(self.done) < len(steps):
            step = steps[len(self.done)]
            step(session)
            self.done.append(step.__name__)

    def _want(self) -> None:
        session = self._one(ServiceSession, ServiceSession.booking_id == self.booking_id)
        for line in self.told["materials"]:
            row = self._by(0, diagnoses.ask, session.id, self._wanted(line))
            answer = Answer(
                event=MaterialEvent(line["event"]),
                reason=line.get("reason", ""),
                remark=line.get("remark", ""),
            )
            self.store.execute(self._founder(), diagnoses.answer, row.id, answer)

    def _meet(self, session: ServiceSession) -> None:
        facts = Finish(actual_start=session.planned_starts_at, actual_end=session.planned_ends_at)
        self._by(0, service_sessions.finish, session.id, facts)
        told = self.told["record"]
        action = Action(self.told["findings"][0]["recommendation"], "创业者", self._due(12))
        written = Record(told["question"], told["advice"], [action], "advised")
        self._by(0, outcomes.record, session.id, written)

    def _write(self, session: ServiceSession) -> None:
        times = OwnTimes(session.planned_starts_at, session.planned_ends_at)
        for number in (1, 2):
            self._by(number, service_sessions.sign, session.id, times)
        aside = self.told["recusal"]
        self._by(aside["by"], diagnoses.recuse, session.id, aside["reason"])
        told = self.told["note"]
        held_on = local_day(session.planned_starts_at)
        note = NoteText(
            kind=NoteKind(told["kind"]), held_on=held_on, people=told["people"], text=told["text"]
        )
        self._by(1, diagnoses.note, session.id, note)
        for each in self.told["findings"]:
            self._by(each["by"], diagnoses.write, session.id, self._finding(each))

    def _issue(self, session: ServiceSession) -> None:
        self._by(0, diagnoses.issue, session.id, self.told["summary"])

    def _sign(self, _session: ServiceSession) -> None:
        report, told = self._one(DiagnosisReport), self.told["dissent"]
        for number in (1, 2):
            said = [Dissent(told["number"], told["text"])] if number == told["by"] else []
            self._by(number, diagnoses.sign, report.id, said)

    def _present(self, session: ServiceSession) -> None:
        with self.store.read(SYSTEM) as reader:
            now = reader.now
        self._by(0, diagnoses.present, session.id, now, self.told["audience"])
        self._by(0, diagnoses.ask, session.id, self._wanted(self.told["later"]))

    def _understand(self, session: ServiceSession) -> None:
        founder = self._founder()
        outcome = self._one(Outcome, Outcome.service_session_id == session.id)
        self.store.execute(founder, outcomes.confirm, outcome.id, agrees=True, rating=5)
        with self.store.read(founder) as reader:
            page = workspace(reader, session.id)
        presented = page.presentations[0].id
        self.store.execute(founder, diagnoses.say, presented, understood=True)
        told = self.told["closed"]
        text = self.told["findings"][told["number"] - 1]["recommendation"]
        open_ones = self._all(ActionItem, ActionItem.service_session_id == session.id)
        (item,) = (each for each in open_ones if each.finding_id and each.text == text)
        closing = Closing(ActionEvent.FINISH, told["note"])
        self.store.execute(founder, action_items.close, item.id, closing)

    def _finding(self, told: Told) -> FindingText:
        return FindingText(
            problem=told["problem"],
            cause=told["cause"],
            effect=told["effect"],
            recommendation=told["recommendation"],
            priority=Priority(told["priority"]),
            owner=FindingOwner(told["owner"]),
            due_on=self._due(told["days"]),
        )

    def _wanted(self, line: Told) -> Wanted:
        return Wanted(line["text"], self._due(line["days"]))

    def _due(self, days: int) -> date:
        with self.store.read(SYSTEM) as reader:
            return reader.today + timedelta(days=days)

    def _mentors(self) -> list[Actor]:
        return [self.cast.mentors[ref] for ref in self.told["experts"]]

    def _founder(self) -> Actor:
        return self.cast.founders[self.told["need"]]

    def _by(self, number: int, use_case: Any, *args: Any) -> Any:
        return self.store.execute(self._mentors()[number], use_case, *args)

    def _one(self, model: Any, *where: Any) -> Any:
        (row,) = self._all(model, *where)
        return row

    def _all(self, model: Any, *where: Any) -> list[Any]:
        with self.store.read(SYSTEM) as reader:
            return list(reader.session.scalars(select(model).where(*where)))
