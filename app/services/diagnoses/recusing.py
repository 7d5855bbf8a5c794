"""An expert stands aside from a diagnosis; the others sign anew without him."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.diagnosis import LONGEST_REASON, DiagnosisStatus, RecusedError
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.prose import ensure
from app.domain.service_session import NOT_HELD
from app.models.diagnosis import Diagnosis, DiagnosisRecusal
from app.models.expert import Expert
from app.models.service_session import Attendance, ServiceSession
from app.services import service_records
from app.services.bookings.versions import ensure_version
from app.services.diagnoses.reporting import reopen
from app.services.diagnoses.workspace import members, opened
from app.services.service_sessions import pass_lead_on
from app.unit_of_work import UnitOfWork

# More than any meeting lasts: none of his minutes are left (requirements §K, case 11).
ALL_MINUTES = 24 * 60


def recuse(
    uow: UnitOfWork,
    session_id: UUID,
    reason: str,
    *,
    expert_id: UUID | None = None,
    version: int | None = None,
) -> DiagnosisRecusal:
    """Have an expert stand aside: himself, or whom an officer names.

    None of his minutes count, his signature is needed no more, and a version that stands is
    replaced by one that the others sign without him. Where he led, the next of the panel leads the
    work, and the meeting as it is counted.

    Args:
        uow: the transaction.
        session_id: the meeting.
        reason: why; only the experts and the bureau read it.
        expert_id: who stands aside; when not given the actor himself.
        version: of the workspace, as the actor saw it.

    Raises:
        NotFoundError: that expert does not take part.
        RecusedError: he stands aside already.
        InvalidInputError: the reason, or whom it is about, is missing.
        StaleVersionError: the workspace has changed since.
    """
    session, diagnosis = opened(uow, session_id)
    key = _who(uow, expert_id)
    why = ensure("reason", reason, LONGEST_REASON)
    _ensure_takes_part(uow, session, diagnosis, key)
    ensure_version(diagnosis, version)
    row = uow.add(
        DiagnosisRecusal(
            diagnosis_id=diagnosis.id,
            expert_id=key,
            reason=why,
            noted_by_id=uow.actor.account_id,
            noted_at=uow.now,
        )
    )
    uow.audit("diagnosis.recused", row)
    uow.flush()
    _take_minutes(uow, session, key)
    _go_on_without(uow, session, diagnosis, key)
    lead = diagnosis.lead_expert_id
    uow.tell("diagnosis.recused", diagnosis, expert=str(lead) if lead else None)
    return row


def _who(uow: UnitOfWork, expert_id: UUID | None) -> UUID:
    """Return the expert who stands aside, for whom the actor may speak."""
    key = expert_id or uow.actor.expert_id
    if key is None:
        raise InvalidInputError.at("expert_id", "input.required")
    uow.require(Permission.RECUSE_FROM_DIAGNOSIS, experts=frozenset({key}))
    return key


def _ensure_takes_part(
    uow: UnitOfWork, session: ServiceSession, diagnosis: Diagnosis, expert_id: UUID
) -> None:
    if expert_id in members(uow, session, diagnosis):
        return
    mine = select(DiagnosisRecusal.id).where(
        DiagnosisRecusal.diagnosis_id == diagnosis.id, DiagnosisRecusal.expert_id == expert_id
    )
    if uow.one(mine) is not None:
        raise RecusedError
    raise NotFoundError("attendance.not_found")


def _go_on_without(
    uow: UnitOfWork, session: ServiceSession, diagnosis: Diagnosis, leaves: UUID
) -> None:
    """Pass the lead on, decide anew, and have a version that stands replaced."""
    pass_lead_on(uow, session)
    if session.status not in NOT_HELD:
        service_records.count(uow, session.id, cause="attendance.recused")
    if diagnosis.lead_expert_id == leaves:
        rest = members(uow, session, diagnosis)
        diagnosis.lead_expert_id = rest[0] if rest else None
        uow.audit("diagnosis.lead_passed_on", diagnosis)
    if diagnosis.status is not DiagnosisStatus.DRAFTING:
        reopen(uow, diagnosis, f"{uow.load(Expert, leaves).name}回避")
    uow.flush()


def _take_minutes(uow: UnitOfWork, session: ServiceSession, expert_id: UUID) -> None:
    with uow.beyond_scope("the minutes of an expert who stands aside"):
        row = uow.one(
            select(Attendance)
            .where(
                Attendance.service_session_id == session.id,
                Attendance.expert_id == expert_id,
                Attendance.voided_at.is_(None),
            )
            .with_for_update()
        )
    if row is None:
        raise NotFoundError("attendance.not_found")
    row.recused_minutes = ALL_MINUTES
    if session.status in NOT_HELD and session.planned_starts_at <= uow.now:
        # While the meeting runs, to stand aside from its work is to declare the tie and leave.
        row.stood_aside_at = row.stood_aside_at or uow.now
    uow.audit("attendance.recused", row)
    uow.flush()
