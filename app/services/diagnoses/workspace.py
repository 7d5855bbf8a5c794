"""The workspace of a diagnosis: opened with the first thing written in it; who works there."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.diagnosis import (
    DiagnosisEvent,
    DiagnosisScope,
    DiagnosisStatus,
    LeadOnlyError,
    NotDiagnosisError,
    next_status,
)
from app.domain.errors import ForbiddenError, NotFoundError
from app.domain.service_session import NOT_HELD
from app.models.diagnosis import Diagnosis, DiagnosisRecusal
from app.models.service_session import Attendance, ServiceSession
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

DIAGNOSIS = "diagnosis"


def opened(uow: UnitOfWork, session_id: UUID) -> tuple[ServiceSession, Diagnosis]:
    """Return the meeting and its workspace, both locked; the workspace is made when there is none.

    Raises:
        NotFoundError: there is no such meeting, or the actor may not know of it.
        NotDiagnosisError: it is of another kind.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    if session.session_type != DIAGNOSIS:
        raise NotDiagnosisError
    known = uow.one(select(Diagnosis.id).where(Diagnosis.service_session_id == session.id))
    if known is not None:
        return session, uow.load(Diagnosis, known, lock=True)
    row = uow.add(
        Diagnosis(
            service_session_id=session.id,
            lead_expert_id=session.lead_expert_id,
            scope=DiagnosisScope.THEMATIC,
            status=DiagnosisStatus.DRAFTING,
            report_number=0,
            opened_at=uow.now,
        )
    )
    uow.flush()
    uow.audit("diagnosis.opened", row)
    return session, row


def locked(uow: UnitOfWork, diagnosis_id: UUID) -> tuple[ServiceSession, Diagnosis]:
    """Return the meeting of a workspace and the workspace, locked in the order of `opened`."""
    row = uow.load(Diagnosis, diagnosis_id)
    session = uow.load(ServiceSession, row.service_session_id, lock=True)
    return session, uow.load(Diagnosis, diagnosis_id, lock=True)


def members(uow: UnitOfWork, session: ServiceSession, diagnosis: Diagnosis) -> list[UUID]:
    """Return the experts who work on it, who leads the meeting first.

    Before the meeting these are all who were asked; afterwards those who came. Who stands aside
    is none of them.
    """
    with uow.beyond_scope("who works on a diagnosis"):
        recused = set(
            uow.all(
                select(DiagnosisRecusal.expert_id).where(
                    DiagnosisRecusal.diagnosis_id == diagnosis.id
                )
            )
        )
        came = uow.all(
            select(Attendance.expert_id)
            .where(
                Attendance.service_session_id == session.id,
                Attendance.expert_id.is_not(None),
                Attendance.voided_at.is_(None),
                *([] if session.status in NOT_HELD else [Attendance.is_present]),
            )
            .order_by(Attendance.is_lead.desc(), Attendance.id)
        )
    return [key for key in came if key is not None and key not in recused]


def ensure_member(uow: UnitOfWork, session: ServiceSession, diagnosis: Diagnosis) -> UUID:
    """Return the actor's expert, who works on the diagnosis.

    Raises:
        ForbiddenError: he does not, or stands aside.
    """
    uow.require(Permission.WORK_DIAGNOSIS, experts=frozenset(members(uow, session, diagnosis)))
    if uow.actor.expert_id is None:
        raise ForbiddenError(permission=Permission.WORK_DIAGNOSIS.value)
    return uow.actor.expert_id


def ensure_lead(uow: UnitOfWork, session: ServiceSession, diagnosis: Diagnosis) -> UUID:
    """Return the actor's expert, who leads the work.

    Raises:
        ForbiddenError: he does not work on it.
        LeadOnlyError: another leads it.
    """
    expert_id = ensure_member(uow, session, diagnosis)
    if expert_id != diagnosis.lead_expert_id:
        raise LeadOnlyError
    return expert_id


def set_scope(
    uow: UnitOfWork, session_id: UUID, scope: DiagnosisScope, *, version: int | None = None
) -> Diagnosis:
    """Say whether the whole venture is looked at, or one question of it.

    Raises:
        IllegalStepError: a report stands.
        StaleVersionError: somebody else has changed it since.
    """
    session, diagnosis = opened(uow, session_id)
    ensure_member(uow, session, diagnosis)
    ensure_drafting(diagnosis)
    ensure_version(diagnosis, version)
    if diagnosis.scope is not scope:
        diagnosis.scope = scope
        uow.audit("diagnosis.scoped", diagnosis)
    return diagnosis


def ensure_drafting(diagnosis: Diagnosis) -> None:
    """Refuse a change of what a standing report says; a new version begins with a reason.

    Raises:
        IllegalStepError: a report stands.
    """
    next_status(diagnosis.status, DiagnosisEvent.ISSUE)


def find(uow: UnitOfWork, session_id: UUID) -> Diagnosis:
    """Return the workspace of a meeting.

    Raises:
        NotFoundError: nothing was written in it yet, or the actor may not know of it.
    """
    row = uow.one(select(Diagnosis).where(Diagnosis.service_session_id == session_id))
    if row is None:
        raise NotFoundError("diagnosis.not_found")
    return row
