"""The verbs of an appeal: a mentor opens it, an officer without a hand in the matter answers."""

from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.appeal import (
    LONGEST_TEXT,
    AnswererError,
    AppealAnsweredError,
    AppealStatus,
    BarredError,
    NoRemedyError,
    Remedy,
    ensure_answer,
)
from app.domain.errors import ForbiddenError
from app.domain.outcome import OutcomeStatus
from app.domain.policy_number import PolicyNumber
from app.domain.task import TaskKind
from app.domain.ticket import due_soon_at, overdue_at
from app.models.appeal import Appeal
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.queries.appeals import remedies, standing
from app.queries.policy_numbers import policy_number
from app.services import tasks
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.service_sessions import has_hand_in
from app.unit_of_work import UnitOfWork

REMIND = "remind_appeal"


def open_appeal(uow: UnitOfWork, session_id: UUID, statement: str) -> Appeal:
    """Appeal against the decision that stands on one's own service; the bureau is told.

    Raises:
        BarredError: it counts, waits for something else, or the window is over.
        AppealTwiceError: the mentor has appealed against this decision.
        InvalidInputError: at field `statement`.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.APPEAL)
    expert_id = uow.actor.expert_id
    if expert_id is None:
        raise ForbiddenError(permission=Permission.APPEAL.value)
    found = standing(uow, session.id, expert_id, uow.calendar)
    if found.bar is not None:
        raise BarredError(found.bar.value)
    days = policy_number(uow, PolicyNumber.APPEAL_ANSWER, uow.today)
    appeal = uow.add(
        Appeal(
            service_session_id=session.id,
            service_record_id=found.record_id,
            expert_id=expert_id,
            statement=prose.ensure("statement", statement, LONGEST_TEXT),
            status=AppealStatus.OPEN,
            opened_by_id=uow.actor.account_id,
            opened_at=uow.now,
            answer_by=uow.calendar.duty_deadline(uow.now, days),
        )
    )
    uow.flush()
    plan_reminders(uow, appeal)
    tasks.open_once(uow, TaskKind.APPEAL, session, due_by=appeal.answer_by)
    uow.audit("appeal.opened", appeal)
    uow.tell("appeal.opened", appeal)
    return appeal


def explain(uow: UnitOfWork, appeal_id: UUID, answer: str, *, version: int | None = None) -> Appeal:
    """Answer that the decision stands, and why; the mentor is told.

    Raises:
        AppealAnsweredError: it has been answered.
        AnswererError: the officer served, entered or wrote the record.
        InvalidInputError: at field `answer`.
    """
    appeal = _to_answer(uow, appeal_id, version)
    return _answer(uow, appeal, AppealStatus.EXPLAINED, answer)


def uphold(
    uow: UnitOfWork,
    appeal_id: UUID,
    answer: str,
    correction_id: UUID | None = None,
    *,
    version: int | None = None,
) -> Appeal:
    """Answer that the mentor is right, with what puts the record right; the mentor is told.

    Args:
        uow: the transaction.
        appeal_id: the appeal.
        answer: in words.
        correction_id: a correction proposed since the appeal; without one the record has to have
            been certified by a call-back meanwhile.
        version: of the appeal the officer saw.

    Raises:
        NoRemedyError: neither is there.
        AppealAnsweredError: it has been answered.
        AnswererError: the officer served, entered or wrote the record.
        InvalidInputError: at field `answer`.
    """
    appeal = _to_answer(uow, appeal_id, version)
    if correction_id is not None:
        offered = remedies(uow, appeal.service_session_id, appeal.opened_at)
        if correction_id not in {each.id for each in offered}:
            raise NoRemedyError.at("remedy", "appeal.no_remedy")
        appeal.remedy, appeal.correction_id = Remedy.CORRECTION, correction_id
    elif _is_certified(uow, appeal):
        appeal.remedy = Remedy.CERTIFICATION
    else:
        raise NoRemedyError.at("remedy", "appeal.no_remedy")
    return _answer(uow, appeal, AppealStatus.UPHELD, answer)


def plan_reminders(uow: UnitOfWork, appeal: Appeal) -> None:
    """Have the officers reminded before the deadline and once after it; anew where it moved."""
    cancel_open(uow, appeal.id, [REMIND])
    for remind_at in (
        due_soon_at(appeal.answer_by, uow.calendar),
        overdue_at(appeal.answer_by, uow.calendar),
    ):
        key = f"{REMIND}:{appeal.id}:{remind_at.isoformat()}"
        if remind_at > uow.now:
            uow.later(REMIND, key, remind_at, subject_id=appeal.id)


def _to_answer(uow: UnitOfWork, appeal_id: UUID, version: int | None) -> Appeal:
    appeal = uow.load(Appeal, appeal_id, lock=True)
    uow.require(Permission.ANSWER_APPEAL)
    ensure_version(appeal, version)
    if appeal.status is not AppealStatus.OPEN:
        raise AppealAnsweredError(status=appeal.status.value)
    session = uow.load(ServiceSession, appeal.service_session_id)
    outcome = _outcome(uow, appeal)
    if has_hand_in(uow, session, outcome.id if outcome else session.id):
        raise AnswererError
    return appeal


def _answer(uow: UnitOfWork, appeal: Appeal, status: AppealStatus, answer: str) -> Appeal:
    appeal.answer = ensure_answer(answer)
    appeal.status = status
    appeal.answered_by_id, appeal.answered_at = uow.actor.account_id, uow.now
    cancel_open(uow, appeal.id, [REMIND])
    uow.audit(f"appeal.{status.value}", appeal)
    uow.flush()
    others = select(Appeal.id).where(
        Appeal.service_session_id == appeal.service_session_id,
        Appeal.status == AppealStatus.OPEN,
    )
    if not uow.all(others.limit(1)):
        tasks.settle(uow, TaskKind.APPEAL, appeal.service_session_id)
    uow.tell("appeal.answered", appeal)
    return appeal


def _outcome(uow: UnitOfWork, appeal: Appeal) -> Outcome | None:
    return uow.one(select(Outcome).where(Outcome.service_session_id == appeal.service_session_id))


def _is_certified(uow: UnitOfWork, appeal: Appeal) -> bool:
    """Tell whether an officer has certified the record since the appeal."""
    outcome = _outcome(uow, appeal)
    return (
        outcome is not None
        and outcome.status is OutcomeStatus.CERTIFIED
        and outcome.confirmed_at is not None
        and outcome.confirmed_at >= appeal.opened_at
    )
