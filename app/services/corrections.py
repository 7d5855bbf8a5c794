"""The verbs of a correction: one officer proposes, another approves or refuses."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.correction import (
    NothingToCorrectError,
    OwnMeetingError,
    Value,
    ensure_complete,
    to_stored,
)
from app.domain.errors import NotFoundError
from app.domain.sample import SampleResult
from app.domain.service_record import CorrectionOp
from app.domain.service_session import NOT_HELD
from app.domain.task import TaskKind
from app.models.sample import SampleCall
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import ServiceSession
from app.services import service_records, tasks
from app.services.checks import check
from app.services.correction_values import has_hand_in_meeting, understood
from app.unit_of_work import UnitOfWork


def propose(
    uow: UnitOfWork,
    session_id: UUID,
    operation: CorrectionOp,
    value: Value,
    reason: str,
    *,
    sample_call_id: UUID | None = None,
) -> Correction:
    """Propose what is right instead of what was recorded; nothing changes before the check.

    Args:
        uow: the transaction.
        session_id: the meeting whose record is wrong.
        operation: what is to be corrected.
        value: the person to strike, the actual times, the topic, the venture it was for, or
            whether its overrun is approved; None to declare it void.
        reason: how it is known, for the file.
        sample_call_id: the call of an audit sample that showed it; its task ends with this.

    Raises:
        NothingToCorrectError: the meeting has not been held.
        NothingChangesError: the record already says so.
    """
    session = uow.load(ServiceSession, session_id)
    uow.require(Permission.MAKE_CORRECTION)
    if session.status in NOT_HELD:
        raise NothingToCorrectError(status=session.status.value)
    ensure_complete(operation, value, reason, uow.now)
    if sample_call_id is not None:
        _ensure_told(uow, session, sample_call_id)
    kept = understood(uow, session, operation, value)
    correction = uow.add(
        Correction(
            service_session_id=session.id,
            operation=operation.value,
            value=to_stored(kept),
            reason=reason.strip(),
            status=CorrectionStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
            sample_call_id=sample_call_id,
        )
    )
    uow.audit("correction.proposed", correction)
    if sample_call_id is not None:
        tasks.settle(uow, TaskKind.SAMPLE_DIFFERS, session)
    return correction


def approve(uow: UnitOfWork, correction_id: UUID, *, version: int | None = None) -> Correction:
    """Let the correction take effect: the meeting is decided anew.

    In a closed month the figures stay as reported and the difference is posted.

    Raises:
        SamePersonError: who proposed it does not check it.
        AlreadyCheckedError: it has been approved or refused.
        OwnMeetingError: who served, entered or recorded a meeting lets none of it count for longer.
    """
    correction = _decide(uow, correction_id, CorrectionStatus.APPROVED, version)
    is_longer = correction.operation == CorrectionOp.SET_OVERRUN
    if is_longer and has_hand_in_meeting(uow, correction.service_session_id):
        raise OwnMeetingError
    uow.tell("correction.approved", correction)
    uow.flush()
    service_records.count(
        uow,
        correction.service_session_id,
        cause="correction.approved",
        correction_id=correction.id,
    )
    return correction


def refuse(uow: UnitOfWork, correction_id: UUID, *, version: int | None = None) -> Correction:
    """Leave the record as it is; the proposal stays in the file.

    Raises:
        SamePersonError: who proposed it does not check it.
        AlreadyCheckedError: it has been approved or refused.
    """
    return _decide(uow, correction_id, CorrectionStatus.REFUSED, version)


def _decide(
    uow: UnitOfWork, correction_id: UUID, status: CorrectionStatus, version: int | None
) -> Correction:
    permission = Permission.CHECK_CORRECTION
    correction = check(uow, Correction, correction_id, status, permission, version)
    uow.audit(f"correction.{status}", correction)
    return correction


def _ensure_told(uow: UnitOfWork, session: ServiceSession, sample_call_id: UUID) -> None:
    call = uow.load(SampleCall, sample_call_id)
    if call.service_session_id != session.id or call.result is not SampleResult.DIFFERS:
        raise NotFoundError("sample.call_not_found")
