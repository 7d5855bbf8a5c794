"""Disagreement about a meeting: who may speak, and the dispute it opens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.booking import Side
from app.domain.errors import FieldError, ForbiddenError, InvalidInputError
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import (
    IllegalStepError,
    NoShow,
    ServiceSessionEvent,
    TooLateError,
    contestants,
    next_status,
)
from app.models.outcome import Dispute
from app.models.service_session import Attendance, ServiceSession
from app.services import deadlines, service_records
from app.services.bookings.versions import ensure_version
from app.services.service_sessions import absent
from app.services.service_sessions.holding import attendances, own_sides
from app.unit_of_work import UnitOfWork


def contest(
    uow: UnitOfWork, session_id: UUID, statement: str, *, version: int | None = None
) -> Dispute:
    """Contest a reported no-show; an approver who did not handle it rules in five working days.

    Who was missing from a panel that the others held contests his own absence alone.

    Raises:
        TooLateError: after three working days.
        IllegalStepError: there is nothing to contest, or it is contested already.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.READ_SERVICE_SESSION)
    rows = attendances(uow, session.id)
    own = next((row for row in rows if row.person_id == uow.actor.person_id), None)
    if own is not None and own.contest_by is not None:
        ensure_version(session, version)
        return _contest_own(uow, session, own, own.contest_by, statement)
    _ensure_blamed(uow, session, rows)
    ensure_version(session, version)
    session.status = next_status(session.status, ServiceSessionEvent.CONTEST)
    if session.contest_by is not None and uow.now >= session.contest_by:
        raise TooLateError(until_at=session.contest_by)
    dispute = open_dispute(uow, session, statement)
    uow.audit("service_session.contested", session)
    uow.flush()
    service_records.count(uow, session.id, cause="service_session.contested")
    # What is contested does not stand, until it is ruled.
    absent.review_all(uow, rows)
    return dispute


def _contest_own(
    uow: UnitOfWork, session: ServiceSession, own: Attendance, until: datetime, statement: str
) -> Dispute:
    mine = select(Dispute.id).where(
        Dispute.service_session_id == session.id,
        Dispute.opened_by_id == own.person_id,
        Dispute.is_absence,
    )
    if uow.all(mine):
        raise IllegalStepError(event=ServiceSessionEvent.CONTEST.value, status="contested")
    if uow.now >= until:
        raise TooLateError(until_at=until)
    dispute = _opened(uow, session, statement, is_absence=True)
    uow.tell("dispute.absence_opened", dispute, expert=str(own.expert_id))
    uow.flush()
    # What is contested does not stand, until it is ruled.
    absent.review_all(uow, [own])
    return dispute


def _ensure_blamed(uow: UnitOfWork, session: ServiceSession, rows: Sequence[Attendance]) -> None:
    """Refuse a contest by anybody but a person of a side that the report is held against."""
    own = own_sides(uow, rows)
    if not own & contestants(session.no_show or NoShow.BOTH):
        raise ForbiddenError(permission="service_session.contest")


def open_dispute(uow: UnitOfWork, session: ServiceSession, statement: str) -> Dispute:
    """Return a new dispute on the session, with the day by which it must be ruled."""
    dispute = _opened(uow, session, statement, is_absence=False)
    by = Side.MENTOR if uow.actor.expert_id == session.lead_expert_id else Side.FOUNDER
    uow.tell("outcome.disputed", session, by=by.value)
    return dispute


def _opened(
    uow: UnitOfWork, session: ServiceSession, statement: str, *, is_absence: bool
) -> Dispute:
    if not statement.strip():
        raise InvalidInputError(errors=[FieldError("statement", "input.required")])
    dispute = uow.add(
        Dispute(
            service_session_id=session.id,
            opened_by_id=speaker(uow),
            statement=statement.strip(),
            opened_at=uow.now,
            rule_by=deadlines.duty(uow, PolicyNumber.RULING),
            is_absence=is_absence,
        )
    )
    uow.audit("dispute.opened", dispute)
    return dispute


def speaker(uow: UnitOfWork) -> UUID:
    """Return who the actor is as a person; nobody speaks in another's name.

    Raises:
        ForbiddenError: the account belongs to no person.
    """
    if uow.actor.person_id is None:
        raise ForbiddenError(permission="person")
    return uow.actor.person_id
