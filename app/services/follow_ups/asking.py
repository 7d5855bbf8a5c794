"""Follow-ups come due: planned one after the other, asked, left unanswered."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.follow_up import (
    OPEN_DAYS,
    FollowUpEvent,
    FollowUpStatus,
    asked_at,
    next_status,
)
from app.domain.message import steps
from app.models.follow_up import FollowUp
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.unit_of_work import UnitOfWork

ASK, LAPSE = "ask_follow_up", "lapse_follow_up"
OPEN = timedelta(days=OPEN_DAYS)
# Advice to one venture; what many heard, or what was judged, is not followed up.
_FOLLOWED = frozenset({"consultation", "tutoring", "diagnosis"})


def plan(uow: UnitOfWork, outcome: Outcome, session: ServiceSession) -> FollowUp | None:
    """Plan the next follow-up of a confirmed record that can still be asked, None after the last.

    Args:
        uow: the caller's transaction.
        outcome: the record.
        session: the meeting it is of.
    """
    if session.session_type not in _FOLLOWED:
        return None
    held_on = local_day(session.actual_start or session.planned_starts_at)
    known = set(uow.all(select(FollowUp.days).where(FollowUp.outcome_id == outcome.id)))
    for days in steps("follow_up.due"):
        due_at = asked_at(held_on, days, uow.calendar)
        if days > max(known, default=0) and due_at + OPEN > uow.now:
            return _planned(uow, outcome.id, days, due_at)
    return None


def ask(uow: UnitOfWork, follow_up_id: UUID) -> FollowUp:
    """Ask what became of the advice; an earlier question that still waits is left unanswered.

    A follow-up that is no longer planned is left alone; one whose time has passed while nothing
    worked is missed, and the next one is planned.
    """
    uow.require(Permission.RUN_JOBS)
    row = uow.load(FollowUp, follow_up_id, lock=True)
    if row.status is not FollowUpStatus.PLANNED:
        return row
    if row.open_until <= uow.now:
        row.status = next_status(row.status, FollowUpEvent.MISS)
        uow.audit("follow_up.missed", row)
    else:
        _ask(uow, row)
    outcome = uow.load(Outcome, row.outcome_id)
    plan(uow, outcome, uow.load(ServiceSession, outcome.service_session_id))
    return row


def lapse(uow: UnitOfWork, follow_up_id: UUID) -> FollowUp:
    """Note that nobody answered in time; it can still be answered later."""
    uow.require(Permission.RUN_JOBS)
    row = uow.load(FollowUp, follow_up_id, lock=True)
    if row.status is FollowUpStatus.ASKED and row.open_until <= uow.now:
        _end(uow, row)
    return row


def _ask(uow: UnitOfWork, row: FollowUp) -> None:
    for earlier in _asked(uow, row.outcome_id):
        _end(uow, earlier)
    row.status, row.asked_at = next_status(row.status, FollowUpEvent.ASK), uow.now
    uow.later(LAPSE, f"{LAPSE}:{row.id}", row.open_until, subject_id=row.id)
    uow.audit("follow_up.asked", row)
    uow.tell("follow_up.due", row, revision=1)


def _planned(uow: UnitOfWork, outcome_id: UUID, days: int, due_at: datetime) -> FollowUp:
    row = uow.add(
        FollowUp(
            outcome_id=outcome_id,
            days=days,
            status=FollowUpStatus.PLANNED,
            due_at=due_at,
            open_until=due_at + OPEN,
            actions=[],
        )
    )
    uow.later(ASK, f"{ASK}:{row.id}", due_at, subject_id=row.id)
    uow.audit("follow_up.planned", row)
    return row


def _asked(uow: UnitOfWork, outcome_id: UUID) -> list[FollowUp]:
    return list(
        uow.all(
            select(FollowUp)
            .where(FollowUp.outcome_id == outcome_id, FollowUp.status == FollowUpStatus.ASKED)
            .order_by(FollowUp.days)
            .with_for_update()
        )
    )


def _end(uow: UnitOfWork, row: FollowUp) -> None:
    row.status = next_status(row.status, FollowUpEvent.LAPSE)
    uow.audit("follow_up.unanswered", row)
