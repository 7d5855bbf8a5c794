"""The verbs of a correction: one officer proposes, another approves or refuses."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.correction import (
    NothingToCorrectError,
    Value,
    ensure_complete,
    to_stored,
)
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.sample import SampleResult
from app.domain.service_record import CorrectionOp
from app.domain.service_session import NOT_HELD, Party
from app.domain.task import TaskKind
from app.models.sample import SampleCall
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import Attendance, ServiceSession
from app.models.vocabulary import Term
from app.services import service_records, tasks
from app.services.checks import check
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
        value: the person to strike, the actual times or the topic; None to declare it void.
        reason: how it is known, for the file.
        sample_call_id: the call of an audit sample that showed it; its task ends with this.

    Raises:
        NothingToCorrectError: the meeting has not been held.
    """
    session = uow.load(ServiceSession, session_id)
    uow.require(Permission.MAKE_CORRECTION)
    if session.status in NOT_HELD:
        raise NothingToCorrectError(status=session.status.value)
    ensure_complete(operation, value, reason, uow.now)
    if sample_call_id is not None:
        _ensure_told(uow, session, sample_call_id)
    _ensure_known(uow, session, operation, value)
    correction = uow.add(
        Correction(
            service_session_id=session.id,
            operation=operation.value,
            value=to_stored(value),
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
    """
    correction = _decide(uow, correction_id, CorrectionStatus.APPROVED, version)
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


def _ensure_known(
    uow: UnitOfWork, session: ServiceSession, operation: CorrectionOp, value: Value
) -> None:
    """Refuse to strike somebody who was not there, or to name a topic that does not exist."""
    if operation is CorrectionOp.REMOVE_ATTENDEE:
        statement = select(Attendance.id).where(
            Attendance.service_session_id == session.id,
            Attendance.person_id == value,
            Attendance.side == Party.FOUNDER,
            Attendance.is_present,
        )
        if uow.one(statement) is None:
            raise InvalidInputError.at("value", "correction.not_there")
    if operation is CorrectionOp.SET_TOPIC:
        topic = select(Term.id).where(Term.vocabulary == "need_topic", Term.code == value)
        if uow.one(topic) is None:
            raise InvalidInputError.at("value", "input.unknown_code")
