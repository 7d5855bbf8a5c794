"""The joint report: issued by who leads, in versions that are never changed, signed by each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.diagnosis import (
    LONGEST_REASON,
    LONGEST_SUMMARY,
    DiagnosisEvent,
    NoFindingError,
    NotHeldError,
    next_status,
    report_digest,
)
from app.domain.message import steps
from app.domain.prose import ensure
from app.domain.service_session import ServiceSessionStatus
from app.models.diagnosis import Diagnosis, DiagnosisFinding, DiagnosisReport
from app.services.bookings.versions import ensure_version
from app.services.diagnoses.findings import standing
from app.services.diagnoses.signing import place_signature
from app.services.diagnoses.workspace import ensure_lead, members, opened
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

REMIND = "remind_signing"


def issue(
    uow: UnitOfWork, session_id: UUID, summary: str, *, version: int | None = None
) -> DiagnosisReport:
    """Issue the next version from the findings as they stand; who leads signs it thereby.

    The others are asked for their signatures; one who worked alone has signed for all.

    Raises:
        ForbiddenError, LeadOnlyError: the actor does not lead the work.
        NotHeldError: the meeting is not over.
        IllegalStepError: a version stands.
        NoFindingError: there is no finding.
        InvalidInputError: the summary cannot be so.
        StaleVersionError: somebody else has changed the workspace since.
    """
    session, diagnosis = opened(uow, session_id)
    lead = ensure_lead(uow, session, diagnosis)
    if session.status is not ServiceSessionStatus.FINISHED:
        raise NotHeldError
    status = next_status(diagnosis.status, DiagnosisEvent.ISSUE)
    ensure_version(diagnosis, version)
    text = ensure("summary", summary, LONGEST_SUMMARY)
    rows = standing(uow, diagnosis)
    if not rows:
        raise NoFindingError
    signers = members(uow, session, diagnosis)
    report = uow.add(_report(uow, diagnosis, text, rows, signers))
    diagnosis.status, diagnosis.report_number = status, report.number
    diagnosis.reason = None
    uow.flush()
    uow.audit("diagnosis.issued", diagnosis)
    uow.audit("diagnosis_report.issued", report)
    others = [key for key in signers if key != lead]
    if others:
        _ask_for_signatures(uow, diagnosis, report, others)
    place_signature(uow, diagnosis, report)
    return report


def revise(
    uow: UnitOfWork, session_id: UUID, reason: str, *, version: int | None = None
) -> Diagnosis:
    """Begin another version of the report, saying why; the one that stands is signed no more.

    Raises:
        ForbiddenError, LeadOnlyError: the actor does not lead the work.
        IllegalStepError: no version stands.
        InvalidInputError: the reason is missing.
        StaleVersionError: somebody else has changed the workspace since.
    """
    session, diagnosis = opened(uow, session_id)
    ensure_lead(uow, session, diagnosis)
    next_status(diagnosis.status, DiagnosisEvent.REVISE)
    ensure_version(diagnosis, version)
    reopen(uow, diagnosis, ensure("reason", reason, LONGEST_REASON))
    return diagnosis


def reopen(uow: UnitOfWork, diagnosis: Diagnosis, reason: str) -> None:
    """Let another version be written, on behalf of whoever was allowed to ask for it."""
    diagnosis.status = next_status(diagnosis.status, DiagnosisEvent.REVISE)
    diagnosis.reason = reason
    cancel_open(uow, diagnosis.id)
    uow.audit("diagnosis.revised", diagnosis)


def newest(uow: UnitOfWork, diagnosis: Diagnosis) -> DiagnosisReport | None:
    """Return the newest version of the report."""
    return uow.one(
        select(DiagnosisReport).where(
            DiagnosisReport.diagnosis_id == diagnosis.id,
            DiagnosisReport.number == diagnosis.report_number,
        )
    )


def _report(
    uow: UnitOfWork,
    diagnosis: Diagnosis,
    summary: str,
    rows: Sequence[DiagnosisFinding],
    signers: Sequence[UUID],
) -> DiagnosisReport:
    body: dict[str, Any] = {
        "number": diagnosis.report_number + 1,
        "scope": diagnosis.scope.value,
        "summary": summary,
        "findings": [_document(row) for row in rows],
        "reason": diagnosis.reason,
        "signers": [str(key) for key in signers],
    }
    return DiagnosisReport(
        diagnosis_id=diagnosis.id,
        digest=report_digest({"diagnosis": diagnosis.id, **body}),
        issued_by_id=diagnosis.lead_expert_id,
        issued_at=uow.now,
        **{**body, "scope": diagnosis.scope},
    )


def _document(row: DiagnosisFinding) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "problem": row.problem,
        "cause": row.cause,
        "effect": row.effect,
        "recommendation": row.recommendation,
        "priority": row.priority.value,
        "owner": row.owner.value,
        "due_on": row.due_on.isoformat(),
        "author_id": str(row.author_id),
    }


def _ask_for_signatures(
    uow: UnitOfWork, diagnosis: Diagnosis, report: DiagnosisReport, others: Sequence[UUID]
) -> None:
    keys = [str(key) for key in others]
    uow.tell("diagnosis.to_sign", diagnosis, revision=report.number, experts=keys)
    for days in steps("diagnosis.sign_due"):
        uow.later(
            REMIND,
            f"{REMIND}:{report.id}:{days}",
            uow.calendar.answer_deadline(uow.now, days),
            subject_id=diagnosis.id,
            payload={"number": report.number},
        )
