"""A founder says what became of the advice, himself or on the telephone; or wants no more of it."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.follow_up import (
    Answer,
    FollowUpEvent,
    FollowUpStatus,
    ensure_answer,
    next_status,
)
from app.models.follow_up import FollowUp
from app.models.outcome import Outcome, OutcomeVersion
from app.services import action_items, points
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

_OPEN = (FollowUpStatus.PLANNED, FollowUpStatus.ASKED)


def answer(
    uow: UnitOfWork, follow_up_id: UUID, said: Answer, *, version: int | None = None
) -> FollowUp:
    """Keep what the founder says; an officer writes down what he was told on the telephone.

    Raises:
        InvalidInputError: nothing is said, or something impossible.
        IllegalStepError: it was not asked, or was answered or stopped.
        StaleVersionError: somebody else has answered since.
    """
    uow.require(Permission.ANSWER_FOLLOW_UP)
    row = uow.load(FollowUp, follow_up_id, lock=True)
    ensure_version(row, version)
    status = next_status(row.status, FollowUpEvent.ANSWER)
    record = _record(uow, row.outcome_id)
    kept = ensure_answer(said, len(record.actions) if record else 0)
    row.status, row.answered_at = status, uow.now
    row.answered_by_id, row.is_by_phone = uow.actor.account_id, uow.actor.is_staff
    row.outcome_version = record.number if record else None
    row.actions = [
        {"place": place, "state": state.value} for place, state in sorted(kept.actions.items())
    ]
    row.is_running, row.jobs, row.loan_yuan = kept.is_running, kept.jobs, kept.loan_yuan
    row.remark = kept.remark or None
    cancel_open(uow, row.id)
    action_items.hear(uow, row.outcome_id, kept.actions, row.remark)
    uow.audit("follow_up.answered", row)
    uow.tell("follow_up.answered", row, revision=1)
    points.follow_outcome(uow, row.outcome_id, "follow_up.answered")
    return row


def stop(uow: UnitOfWork, follow_up_id: UUID) -> list[FollowUp]:
    """Ask nothing more of this meeting, because its founder wishes so; done twice, it stays so."""
    uow.require(Permission.ANSWER_FOLLOW_UP)
    row = uow.load(FollowUp, follow_up_id)
    uow.load(Outcome, row.outcome_id, lock=True)
    rows = uow.all(
        select(FollowUp)
        .where(FollowUp.outcome_id == row.outcome_id, FollowUp.status.in_(_OPEN))
        .order_by(FollowUp.days)
        .with_for_update()
    )
    for each in rows:
        each.status = next_status(each.status, FollowUpEvent.STOP)
        cancel_open(uow, each.id)
    uow.audit("follow_up.stopped", *rows)
    return list(rows)


def _record(uow: UnitOfWork, outcome_id: UUID) -> OutcomeVersion | None:
    newest = (
        select(OutcomeVersion)
        .where(OutcomeVersion.outcome_id == outcome_id)
        .order_by(OutcomeVersion.number.desc())
        .limit(1)
    )
    return uow.one(newest)
