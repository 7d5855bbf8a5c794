"""Signatures under a version of the joint report; the last one completes it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain.diagnosis import (
    DiagnosisEvent,
    DiagnosisStatus,
    Dissent,
    NotSignerError,
    ReplacedError,
    SignedAlreadyError,
    ensure_dissents,
    is_complete,
    next_status,
)
from app.models.diagnosis import Diagnosis, DiagnosisReport, DiagnosisSignature
from app.services import action_items
from app.services.bookings.versions import ensure_version
from app.services.diagnoses.workspace import ensure_member, locked
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork


def sign(
    uow: UnitOfWork,
    report_id: UUID,
    dissents: Sequence[Dissent] = (),
    *,
    version: int | None = None,
) -> DiagnosisSignature:
    """Sign the version that was read, with what one dissents from.

    Raises:
        ForbiddenError: the actor does not work on the diagnosis, or stands aside.
        ReplacedError: it is being replaced, or was.
        NotSignerError: it does not wait for him.
        SignedAlreadyError: he has signed it.
        StaleVersionError: the workspace has changed since.
        InvalidInputError: naming each dissent at fault.
    """
    report = uow.load(DiagnosisReport, report_id)
    session, diagnosis = locked(uow, report.diagnosis_id)
    expert_id = ensure_member(uow, session, diagnosis)
    is_replaced = report.number != diagnosis.report_number
    if is_replaced or diagnosis.status is DiagnosisStatus.DRAFTING:
        raise ReplacedError
    if str(expert_id) not in report.signers:
        raise NotSignerError
    if expert_id in signed_by(uow, report):
        raise SignedAlreadyError
    ensure_version(diagnosis, version)
    kept = ensure_dissents(dissents, len(report.findings))
    return place_signature(uow, diagnosis, report, kept)


def place_signature(
    uow: UnitOfWork,
    diagnosis: Diagnosis,
    report: DiagnosisReport,
    dissents: Sequence[Dissent] = (),
) -> DiagnosisSignature:
    """Keep the actor's signature on behalf of whoever has checked that it is his to give.

    With the last one the report is complete: its actions are followed from then on.
    """
    row = uow.add(
        DiagnosisSignature(
            report_id=report.id,
            expert_id=uow.actor.expert_id,
            account_id=uow.actor.account_id,
            digest=report.digest,
            dissented=[each.number for each in dissents],
            dissents=[{"number": each.number, "text": each.text} for each in dissents],
            signed_at=uow.now,
        )
    )
    uow.audit("diagnosis_report.signed", row)
    uow.flush()
    if is_complete([UUID(key) for key in report.signers], signed_by(uow, report)):
        diagnosis.status = next_status(diagnosis.status, DiagnosisEvent.COMPLETE)
        uow.audit("diagnosis.signed", diagnosis)
        cancel_open(uow, diagnosis.id)
        lead = str(diagnosis.lead_expert_id)
        uow.tell("diagnosis.signed", diagnosis, revision=report.number, expert=lead)
        action_items.follow_report(uow, diagnosis, report)
    return row


def signed_by(uow: UnitOfWork, report: DiagnosisReport) -> set[UUID]:
    """Return the experts who have signed the version."""
    mine = DiagnosisSignature.report_id == report.id
    return set(uow.all(select(DiagnosisSignature.expert_id).where(mine)))
