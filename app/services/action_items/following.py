"""What a report or a record asks for becomes a list that is followed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.action_item import ActionEvent, ActionSide, ActionStatus, next_status, remind_at
from app.domain.action_item import side_of as named_side
from app.models.action_item import ActionItem
from app.models.diagnosis import Diagnosis, DiagnosisReport
from app.models.expert import Expert
from app.models.outcome import Outcome, OutcomeVersion
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

REMIND = "remind_action_item"
LEFT_OUT = "报告第 {number} 版不再建议"


def follow_report(uow: UnitOfWork, diagnosis: Diagnosis, report: DiagnosisReport) -> None:
    """Follow what a complete report recommends; what it leaves out of the last one is dropped.

    An item that is closed stays so, whatever a later version says of it.

    Args:
        uow: the caller's transaction.
        diagnosis: the workspace.
        report: the version that everybody has signed.
    """
    session = uow.load(ServiceSession, diagnosis.service_session_id)
    known = {
        row.finding_id: row for row in _of_session(uow, session.id) if row.finding_id is not None
    }
    wanted = {UUID(each["id"]): each for each in report.findings}
    for key, finding in wanted.items():
        if key in known:
            _renew(uow, known[key], finding)
        else:
            _open(
                uow,
                ActionItem(
                    service_session_id=session.id,
                    finding_id=key,
                    text=finding["recommendation"],
                    owner="",
                    side=ActionSide(finding["owner"]),
                    due_on=date.fromisoformat(finding["due_on"]),
                ),
            )
    for key in known.keys() - wanted.keys():
        _leave_out(uow, known[key], report.number)


def follow_record(uow: UnitOfWork, outcome: Outcome, session: ServiceSession) -> list[ActionItem]:
    """Follow what the newest record of a confirmed meeting asks for; done twice it adds nothing.

    Args:
        uow: the caller's transaction.
        outcome: the record.
        session: the meeting.
    """
    record = uow.one(
        select(OutcomeVersion)
        .where(OutcomeVersion.outcome_id == outcome.id)
        .order_by(OutcomeVersion.number.desc())
        .limit(1)
    )
    if record is None or not record.actions or session.founder_person_id is None:
        return []
    known = {row.place for row in _of_session(uow, session.id) if row.outcome_id == outcome.id}
    with uow.beyond_scope("whom a record names"):
        founder = uow.load(Person, session.founder_person_id).name
        mentor = uow.load(Expert, session.lead_expert_id).name
    return [
        _open(
            uow,
            ActionItem(
                service_session_id=session.id,
                outcome_id=outcome.id,
                place=place,
                text=action["text"],
                owner=action["owner"],
                side=named_side(action["owner"], founder, mentor),
                due_on=date.fromisoformat(action["due_on"]),
            ),
        )
        for place, action in enumerate(record.actions)
        if place not in known and action["due_on"]
    ]


def plan_reminders(uow: UnitOfWork, item: ActionItem) -> None:
    """Have the owner reminded before the last day and once after it, where these lie ahead."""
    cancel_open(uow, item.id, [REMIND])
    for moment in remind_at(item.due_on, uow.calendar):
        if moment > uow.now:
            key = f"{REMIND}:{item.id}:{item.version}:{moment.isoformat()}"
            uow.later(REMIND, key, moment, subject_id=item.id)


def _open(uow: UnitOfWork, item: ActionItem) -> ActionItem:
    item.status, item.opened_at = ActionStatus.OPEN, uow.now
    uow.add(item)
    uow.flush()
    uow.audit("action_item.opened", item)
    plan_reminders(uow, item)
    return item


def _renew(uow: UnitOfWork, item: ActionItem, finding: Mapping[str, Any]) -> None:
    asked = (
        finding["recommendation"],
        ActionSide(finding["owner"]),
        date.fromisoformat(finding["due_on"]),
    )
    if item.status is not ActionStatus.OPEN or (item.text, item.side, item.due_on) == asked:
        return
    item.text, item.side, item.due_on = asked
    uow.flush()
    uow.audit("action_item.changed", item)
    plan_reminders(uow, item)


def _leave_out(uow: UnitOfWork, item: ActionItem, number: int) -> None:
    if item.status is not ActionStatus.OPEN:
        return
    item.status = next_status(item.status, ActionEvent.DROP)
    item.note = LEFT_OUT.format(number=number)
    item.closed_at, item.closed_by_id = uow.now, uow.actor.account_id
    cancel_open(uow, item.id)
    uow.audit("action_item.left_out", item)


def _of_session(uow: UnitOfWork, session_id: UUID) -> list[ActionItem]:
    return list(
        uow.all(
            select(ActionItem)
            .where(ActionItem.service_session_id == session_id)
            .order_by(ActionItem.id)
            .with_for_update()
        )
    )
