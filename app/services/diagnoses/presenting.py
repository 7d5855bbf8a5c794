"""A signed report is presented; the founder says whether he understood it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission
from app.domain.diagnosis import (
    DiagnosisEvent,
    DiagnosisStatus,
    NotPresentedError,
    ReplacedError,
    ensure_presentation,
    ensure_word,
    next_status,
)
from app.domain.message import steps
from app.domain.outcome import spokespersons
from app.domain.service_session import Party
from app.models.diagnosis import (
    Diagnosis,
    DiagnosisPresentation,
    DiagnosisReport,
    DiagnosisSignature,
    DiagnosisWord,
)
from app.models.person import VentureMember
from app.models.service_session import ServiceSession
from app.services.bookings.versions import ensure_version
from app.services.diagnoses.reporting import newest
from app.services.diagnoses.workspace import ensure_member, locked, opened
from app.services.jobs import cancel_open
from app.services.service_sessions import attendances, speaker
from app.unit_of_work import UnitOfWork

REMIND = "remind_presented"


def present(
    uow: UnitOfWork,
    session_id: UUID,
    presented_at: datetime,
    audience: str,
    *,
    version: int | None = None,
) -> DiagnosisPresentation:
    """Note when the complete report was presented and to whom, or is going to be.

    From then on the founder can read it; he is asked whether he understood it.

    Raises:
        ForbiddenError: the actor does not work on the diagnosis.
        IllegalStepError: not everybody has signed, or the founder has understood it already.
        InvalidInputError: naming each field at fault.
        StaleVersionError: somebody else has changed the workspace since.
    """
    session, diagnosis = opened(uow, session_id)
    by = ensure_member(uow, session, diagnosis)
    status = next_status(diagnosis.status, DiagnosisEvent.PRESENT)
    ensure_version(diagnosis, version)
    report = newest(uow, diagnosis)
    if report is None:
        raise NotPresentedError
    to = ensure_presentation(presented_at, audience, _signed_at(uow, report), uow.now)
    row = uow.add(
        DiagnosisPresentation(
            diagnosis_id=diagnosis.id,
            report_id=report.id,
            presented_at=presented_at,
            audience=to,
            noted_by_id=by,
            noted_at=uow.now,
        )
    )
    diagnosis.status = status
    uow.audit("diagnosis.presented", diagnosis)
    uow.audit("diagnosis_presentation.noted", row)
    cancel_open(uow, diagnosis.id, [REMIND])
    _ask_for_word(uow, diagnosis, row)
    return row


def say(
    uow: UnitOfWork,
    presentation_id: UUID,
    *,
    understood: bool,
    objection: str = "",
    version: int | None = None,
) -> DiagnosisWord:
    """Take the word of somebody of the founder's side; that of its contact settles it.

    It is apart from the confirmation of the facts and from the rating.

    Raises:
        NotPresentedError: the presentation lies ahead.
        ReplacedError: the report was presented again, or another version is being written.
        InvalidInputError: an objection without words.
        ConflictError: he has said it already.
        StaleVersionError: the workspace has changed since.
    """
    presentation = uow.load(DiagnosisPresentation, presentation_id)
    uow.require(Permission.HEAR_REPORT)
    session, diagnosis = locked(uow, presentation.diagnosis_id)
    if presentation.presented_at > uow.now:
        raise NotPresentedError
    if presentation.id != _newest_id(uow, diagnosis) or not _stands(diagnosis):
        raise ReplacedError
    ensure_version(diagnosis, version)
    row = uow.add(
        DiagnosisWord(
            presentation_id=presentation.id,
            person_id=speaker(uow),
            understood=understood,
            objection=ensure_word(objection, understood=understood),
            said_at=uow.now,
        )
    )
    uow.flush()
    uow.audit("diagnosis.heard", row)
    if row.person_id in _speakers(uow, session):
        _settle(uow, diagnosis, understood=understood)
    return row


def _settle(uow: UnitOfWork, diagnosis: Diagnosis, *, understood: bool) -> None:
    event = DiagnosisEvent.UNDERSTAND if understood else DiagnosisEvent.OBJECT
    if diagnosis.status is not DiagnosisStatus.PRESENTED:
        return
    diagnosis.status = next_status(diagnosis.status, event)
    cancel_open(uow, diagnosis.id, [REMIND])
    name = "diagnosis.understood" if understood else "diagnosis.objected"
    uow.audit(name, diagnosis)
    uow.tell(name, diagnosis)


def _stands(diagnosis: Diagnosis) -> bool:
    return diagnosis.status in (
        DiagnosisStatus.PRESENTED,
        DiagnosisStatus.UNDERSTOOD,
        DiagnosisStatus.OBJECTED,
    )


def _ask_for_word(uow: UnitOfWork, diagnosis: Diagnosis, row: DiagnosisPresentation) -> None:
    facts = {"deadline": row.presented_at.isoformat()}
    minute = int(row.noted_at.timestamp()) // 60
    uow.tell("diagnosis.presented", diagnosis, revision=minute, **facts)
    for days in steps("diagnosis.word_due"):
        uow.later(
            REMIND,
            f"{REMIND}:{row.id}:{days}",
            uow.calendar.answer_deadline(max(row.presented_at, uow.now), days),
            subject_id=diagnosis.id,
            payload={"presentation_id": str(row.id)},
        )


def _signed_at(uow: UnitOfWork, report: DiagnosisReport) -> datetime:
    last = select(func.max(DiagnosisSignature.signed_at)).where(
        DiagnosisSignature.report_id == report.id
    )
    return uow.session.scalar(last) or report.issued_at


def _newest_id(uow: UnitOfWork, diagnosis: Diagnosis) -> UUID | None:
    return uow.one(
        select(DiagnosisPresentation.id)
        .where(DiagnosisPresentation.diagnosis_id == diagnosis.id)
        .order_by(DiagnosisPresentation.noted_at.desc(), DiagnosisPresentation.id.desc())
        .limit(1)
    )


def _speakers(uow: UnitOfWork, session: ServiceSession) -> frozenset[UUID]:
    with uow.beyond_scope("who speaks for the venture"):
        contacts = uow.all(
            select(VentureMember.person_id).where(
                VentureMember.venture_id == session.venture_id, VentureMember.is_contact
            )
        )
        came = [
            row.person_id
            for row in attendances(uow, session.id)
            if row.side is Party.FOUNDER and row.is_present
        ]
    return spokespersons(contacts, session.founder_person_id, came)
