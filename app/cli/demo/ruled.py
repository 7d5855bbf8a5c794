"""How rules of the demo came to change: the counting policy, a base date, the matcher."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy import select

from app.cli.demo.history import Event
from app.cli.demo.stage import Stage, Told, instant
from app.domain.actor import SYSTEM, Role
from app.domain.policy_change import PolicyChangeStatus, numbers_of
from app.domain.service_record import SessionType, policy_on
from app.models.policy_change import PolicyChange
from app.queries.service_counts.policies import load_policies
from app.services import plan, policy_changes, proposals
from app.services.plan import BaseChange


class Ruled:
    """Plays who proposes a rule and who checks it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def events(self) -> Iterator[Event]:
        """Yield all of it."""
        told = self._stage.told("rules.json")
        for each in told["policies"]:
            yield Event(instant(each["at"]), "policy", partial(self._propose, each))
            if each["checked_at"]:
                yield Event(instant(each["checked_at"]), "policy", self._refuse)
        for each in told["bases"]:
            yield Event(instant(each["at"]), "base", partial(self._base, each))
        for each in told["switches"]:
            yield Event(instant(each["at"]), "matcher", partial(self._switch, each))

    def _propose(self, told: Told) -> None:
        valid_from = date.fromisoformat(told["valid_from"])
        with self._stage.store.read(SYSTEM) as reader:
            present = numbers_of(policy_on(load_policies(reader), valid_from))
        changed = {SessionType(kind): wish for kind, wish in told["standard_minutes"].items()}
        numbers = replace(
            present,
            standard_minutes={**present.standard_minutes, **changed},
            late_confirmation_days=told["late_confirmation_days"],
        )
        given = (valid_from, numbers, told["reason"])
        self._stage.by(Role.APPROVER, policy_changes.propose, *given)

    def _refuse(self) -> None:
        waits = PolicyChange.status == PolicyChangeStatus.PROPOSED
        change_id = self._stage.find(select(PolicyChange.id).where(waits))
        self._stage.by(Role.OFFICER, policy_changes.refuse, change_id)

    def _base(self, told: Told) -> None:
        change = BaseChange(
            valid_from=date.fromisoformat(told["valid_from"]),
            baseline_on=date.fromisoformat(told["baseline_on"]),
            due_on=date.fromisoformat(told["due_on"]),
            document=told["document"],
        )
        self._stage.by(Role.APPROVER, plan.set_base, told["code"], change)

    def _switch(self, told: Told) -> None:
        self._stage.by(Role.SYS_ADMIN, proposals.switch_learning, told["is_on"])
