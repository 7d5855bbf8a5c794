"""What happened in the demo beside meetings: registrations, waivers, answers in writing."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.history import Event
from app.cli.demo.stage import Stage, Told, instant
from app.domain.actor import Role
from app.domain.venture import EntityType
from app.domain.waiver import WaiverRule
from app.models.waiver import Waiver
from app.models.written_answer import WrittenAnswer
from app.services import venture_registrations, waivers, written_answers
from app.services.venture_registrations import Registered


class Beside:
    """Plays founders who ask in writing, and officers who note and waive."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def events(self) -> Iterator[Event]:
        """Yield all of it."""
        told = self._stage.told("beside.json")
        for each in told["registrations"]:
            yield Event(instant(each["at"]), each["need"], partial(self._registered, each))
        for each in told["waivers"]:
            yield Event(instant(each["at"]), each["need"], partial(self._waive, each))
            yield Event(instant(each["checked_at"]), each["need"], partial(self._check, each))
        for each in told["written"]:
            yield Event(instant(each["at"]), each["need"], partial(self._ask, each))
            yield Event(instant(each["answered_at"]), each["need"], partial(self._answer, each))
            if each["said_at"]:
                yield Event(instant(each["said_at"]), each["need"], partial(self._say, each))

    def _registered(self, told: Told) -> None:
        shown = Registered(
            entity_type=EntityType(told["entity_type"]),
            credit_code=told["credit_code"],
            registered_on=date.fromisoformat(told["registered_on"]),
            document=told["document"],
        )
        venture_id = self._stage.need(told["need"]).venture_id
        self._stage.by(Role.OFFICER, venture_registrations.note, venture_id, shown)

    def _waive(self, told: Told) -> None:
        given = (*self._pair(told), WaiverRule(told["rule"]), told["reason"])
        self._stage.by(Role.OFFICER, waivers.propose, *given, founder_agrees=True)

    def _check(self, told: Told) -> None:
        need_id, expert_id = self._pair(told)
        waiver_id = self._stage.find(
            select(Waiver.id).where(Waiver.need_id == need_id, Waiver.expert_id == expert_id)
        )
        self._stage.by(Role.APPROVER, waivers.approve, waiver_id)

    def _ask(self, told: Told) -> None:
        founder = self._stage.cast.founders[told["need"]]
        self._stage.by(founder, written_answers.ask, *self._pair(told), told["question"])

    def _answer(self, told: Told) -> None:
        mentor = self._stage.cast.mentors[told["expert"]]
        self._stage.by(mentor, written_answers.answer, self._asked(told), told["answer"])

    def _say(self, told: Told) -> None:
        founder = self._stage.cast.founders[told["need"]]
        self._stage.by(founder, written_answers.say, self._asked(told), helped=told["helped"])

    def _asked(self, told: Told) -> UUID:
        need_id, expert_id = self._pair(told)
        of_it = (WrittenAnswer.need_id == need_id, WrittenAnswer.expert_id == expert_id)
        return self._stage.find(select(WrittenAnswer.id).where(*of_it))

    def _pair(self, told: Told) -> tuple[UUID, UUID]:
        return self._stage.cast.needs[told["need"]], self._stage.cast.experts[told["expert"]]
