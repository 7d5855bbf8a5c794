"""The verb of a dispute: an approver who had no hand in it rules."""

from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.dispute import (
    LONGEST_TEXT,
    AlreadyRuledError,
    RulerError,
    ensure_absence_ruling,
    ensure_ruling,
)
from app.domain.outcome import OutcomeEvent, OutcomeStatus
from app.domain.outcome import next_status as next_outcome_status
from app.domain.service_record import ActualTimes, Ruling
from app.domain.service_session import (
    ServiceSessionEvent,
    ServiceSessionStatus,
    ensure_actual,
    next_status,
)
from app.models.audit_entry import AuditEntry
from app.models.outcome import Dispute, Outcome
from app.models.service_session import ServiceSession
from app.services import service_records
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.service_sessions import absent, attendances
from app.unit_of_work import UnitOfWork


def rule(
    uow: UnitOfWork,
    dispute_id: UUID,
    ruling: Ruling,
    text: str,
    *,
    actual: ActualTimes | None = None,
    version: int | None = None,
) -> Dispute:
    """Settle a dispute; the ruling has a number, and both sides are told.

    Args:
        uow: the transaction.
        dispute_id: the contested no-show, or the disagreement on a record.
        ruling: what is held to be true.
        text: the grounds, which both sides read.
        actual: when the service was, if a reported no-show is ruled delivered.
        version: the dispute's version the ruler saw.

    Raises:
        AlreadyRuledError: somebody else has ruled.
        RulerError: the ruler acted on the booking, the meeting or the record.
    """
    dispute = uow.load(Dispute, dispute_id, lock=True)
    uow.require(Permission.RULE_DISPUTE)
    ensure_version(dispute, version)
    if dispute.ruled_at is not None:
        raise AlreadyRuledError(ruling=dispute.ruling)
    session = uow.load(ServiceSession, dispute.service_session_id, lock=True)
    outcome = uow.one(select(Outcome).where(Outcome.service_session_id == session.id))
    _ensure_no_hand(uow, session, outcome)
    if dispute.is_absence:
        ensure_absence_ruling(ruling, has_times=actual is not None)
        return _rule_absence(uow, dispute, ruling, text)
    is_no_show = session.status is ServiceSessionStatus.CONTESTED
    ensure_ruling(ruling, is_no_show=is_no_show, has_times=actual is not None)
    _write(uow, dispute, ruling, text)
    if is_no_show:
        _settle_no_show(uow, session, actual)
        absent.review_all(uow, attendances(uow, session.id))
    if outcome is not None and outcome.status is OutcomeStatus.DISPUTED:
        outcome.status = next_outcome_status(outcome.status, OutcomeEvent.RULE)
        cancel_open(uow, outcome.id)
        uow.audit("outcome.ruled", outcome)
    uow.tell("dispute.ruled", dispute)
    uow.flush()
    service_records.count(uow, session.id, cause="dispute.ruled")
    return dispute


def _rule_absence(uow: UnitOfWork, dispute: Dispute, ruling: Ruling, text: str) -> Dispute:
    """Settle whether one expert of a panel was missing; who was there after all signs his times."""
    _write(uow, dispute, ruling, text)
    rows = attendances(uow, dispute.service_session_id)
    (own,) = (row for row in rows if row.person_id == dispute.opened_by_id)
    if ruling is Ruling.DELIVERED:
        own.is_present = True
        uow.audit("attendance.ruled", own)
    uow.tell("dispute.absence_ruled", dispute, expert=str(own.expert_id))
    uow.flush()
    service_records.count(uow, dispute.service_session_id, cause="dispute.ruled")
    absent.review_all(uow, [own])
    return dispute


def _ensure_no_hand(uow: UnitOfWork, session: ServiceSession, outcome: Outcome | None) -> None:
    """Refuse who appears in the trail of the booking, the meeting or its record."""
    subjects = {session.id, session.booking_id, *({outcome.id} if outcome else ())}
    with uow.beyond_scope("who handled the disputed meeting"):
        own = uow.all(
            select(AuditEntry.id)
            .where(AuditEntry.entity_id.in_(subjects), AuditEntry.actor_id == uow.actor.account_id)
            .limit(1)
        )
    if own:
        raise RulerError


def _write(uow: UnitOfWork, dispute: Dispute, ruling: Ruling, text: str) -> None:
    grounds = prose.ensure("text", text, LONGEST_TEXT)
    dispute.reference = uow.reference("dispute")
    dispute.ruling = ruling.value
    dispute.ruling_text = grounds
    dispute.ruled_by_id = uow.actor.account_id
    dispute.ruled_at = uow.now
    uow.audit("dispute.ruled", dispute)


def _settle_no_show(uow: UnitOfWork, session: ServiceSession, actual: ActualTimes | None) -> None:
    """Close the contested no-show; one ruled delivered gets its times, all planned there."""
    session.status = next_status(session.status, ServiceSessionEvent.RULE)
    if actual is not None:
        start, end = actual.span.starts_at, actual.span.ends_at
        ensure_actual(start, end, actual.break_minutes, uow.now)
        session.actual_start, session.actual_end = start, end
        session.break_minutes = actual.break_minutes
        left = absent.left_before(uow, session)
        for row in attendances(uow, session.id):
            if row.expert_id not in left:
                row.is_present = True
                uow.audit("attendance.ruled", row)
    uow.audit("service_session.ruled", session)
