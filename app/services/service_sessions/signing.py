"""The other experts of a panel sign when they came and went, under the record of its lead."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import FieldError, InvalidInputError, NotFoundError
from app.domain.prose import faults
from app.domain.service_session import (
    IllegalStepError,
    NotSignedError,
    SignedAlreadyError,
    ensure_own_times,
)
from app.models.outcome import Outcome
from app.models.service_session import Attendance, ServiceSession
from app.services import service_records
from app.services.bookings.versions import ensure_version
from app.services.service_sessions.holding import OwnTimes, attendances
from app.services.service_sessions.leading import pass_lead_on
from app.unit_of_work import UnitOfWork

LONGEST_DISSENT = 1000


def sign(
    uow: UnitOfWork,
    session_id: UUID,
    own: OwnTimes,
    *,
    dissent: str | None = None,
    version: int | None = None,
) -> ServiceSession:
    """Sign one's own times under the record that the lead has written; only then they count.

    Args:
        uow: the transaction.
        session_id: the meeting.
        own: when the expert came and went, within the meeting.
        dissent: in what he does not agree with the record; it is shown beside it.
        version: of the meeting, as the expert saw it.

    Raises:
        NotFoundError: the actor took no part as an expert.
        NotSignedError: he leads the panel, was not there, or left for a tie.
        IllegalStepError: there is no record yet.
        SignedAlreadyError: he has signed.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    row = _own(uow, session)
    uow.require(Permission.HOLD_SERVICE_SESSION, experts=frozenset(filter(None, [row.expert_id])))
    ensure_version(session, version)
    _ensure_recorded(uow, session)
    if row.is_lead or not row.is_present or row.stood_aside_at is not None:
        raise NotSignedError
    if row.signed_at is not None:
        raise SignedAlreadyError(signed_at=row.signed_at)
    if session.actual_start is not None and session.actual_end is not None:
        ensure_own_times(own.in_at, own.out_at, session.actual_start, session.actual_end)
    row.in_at, row.out_at = own.in_at, own.out_at
    row.signed_at = uow.now
    row.dissent = _said(dissent)
    uow.audit("attendance.signed", row)
    uow.flush()
    pass_lead_on(uow, session)
    service_records.count(uow, session.id, cause="attendance.signed")
    return session


def _own(uow: UnitOfWork, session: ServiceSession) -> Attendance:
    mine = uow.actor.expert_id
    for row in attendances(uow, session.id):
        if mine is not None and row.expert_id == mine:
            return row
    raise NotFoundError("attendance.not_found")


def _ensure_recorded(uow: UnitOfWork, session: ServiceSession) -> None:
    recorded_at = uow.one(
        select(Outcome.recorded_at).where(Outcome.service_session_id == session.id)
    )
    if recorded_at is None:
        raise IllegalStepError(event="sign", status=session.status.value)


def _said(dissent: str | None) -> str | None:
    if dissent is None or not dissent.strip():
        return None
    errors: list[FieldError] = faults("dissent", dissent, LONGEST_DISSENT)
    if errors:
        raise InvalidInputError(errors=errors)
    return dissent.strip()
