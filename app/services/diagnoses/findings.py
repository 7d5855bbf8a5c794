"""Findings: written, changed, put in order and dropped while no report stands."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.domain.diagnosis import MOST_FINDINGS, FindingText, ensure_finding, moved
from app.domain.errors import NotFoundError, RuleError
from app.models.diagnosis import Diagnosis, DiagnosisFinding
from app.services.bookings.versions import ensure_version
from app.services.diagnoses.workspace import ensure_drafting, ensure_member, locked, opened
from app.unit_of_work import UnitOfWork


def write(uow: UnitOfWork, session_id: UUID, written: FindingText) -> DiagnosisFinding:
    """Add a finding as the last.

    Raises:
        ForbiddenError: the actor does not work on the diagnosis.
        IllegalStepError: a report stands.
        InvalidInputError: naming each field at fault.
        RuleError: there are as many as a report can have.
    """
    session, diagnosis = opened(uow, session_id)
    author = ensure_member(uow, session, diagnosis)
    ensure_drafting(diagnosis)
    kept = ensure_finding(written, uow.today)
    rows = standing(uow, diagnosis)
    if len(rows) >= MOST_FINDINGS:
        raise RuleError("diagnosis.too_many_findings", max=MOST_FINDINGS)
    row = uow.add(
        DiagnosisFinding(
            diagnosis_id=diagnosis.id,
            position=len(rows) + 1,
            author_id=author,
            created_at=uow.now,
            **_values(kept),
        )
    )
    uow.audit("diagnosis_finding.written", row)
    return row


def change(
    uow: UnitOfWork, finding_id: UUID, written: FindingText, *, version: int | None = None
) -> DiagnosisFinding:
    """Change a finding; any expert who works on the diagnosis may.

    Raises:
        ForbiddenError: the actor does not work on the diagnosis.
        IllegalStepError: a report stands.
        InvalidInputError: naming each field at fault.
        StaleVersionError: somebody else has changed it since.
    """
    row, _ = _open(uow, finding_id)
    ensure_version(row, version)
    kept = ensure_finding(written, min(uow.today, row.due_on))
    changed = {name: value for name, value in _values(kept).items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        uow.audit("diagnosis_finding.changed", row)
    return row


def move(
    uow: UnitOfWork, finding_id: UUID, place: int, *, version: int | None = None
) -> DiagnosisFinding:
    """Put a finding at a place of the order, from 1 on; beyond the ends is the end.

    Raises:
        ForbiddenError: the actor does not work on the diagnosis.
        IllegalStepError: a report stands.
        StaleVersionError: somebody else has changed it since.
    """
    row, diagnosis = _open(uow, finding_id)
    ensure_version(row, version)
    rows = {each.id: each for each in standing(uow, diagnosis)}
    _number(uow, [rows[key] for key in moved(list(rows), row.id, place)])
    return row


def drop(uow: UnitOfWork, finding_id: UUID, *, version: int | None = None) -> DiagnosisFinding:
    """Leave a finding out of the draft; what was issued with it stays as it was.

    Raises:
        ForbiddenError: the actor does not work on the diagnosis.
        IllegalStepError: a report stands.
        StaleVersionError: somebody else has changed it since.
    """
    row, diagnosis = _open(uow, finding_id)
    ensure_version(row, version)
    row.removed_at = uow.now
    uow.audit("diagnosis_finding.dropped", row)
    uow.flush()
    _number(uow, standing(uow, diagnosis))
    return row


def standing(uow: UnitOfWork, diagnosis: Diagnosis) -> Sequence[DiagnosisFinding]:
    """Return the findings of the draft in order."""
    return uow.all(
        select(DiagnosisFinding)
        .where(
            DiagnosisFinding.diagnosis_id == diagnosis.id,
            DiagnosisFinding.removed_at.is_(None),
        )
        .order_by(DiagnosisFinding.position, DiagnosisFinding.id)
    )


def _open(uow: UnitOfWork, finding_id: UUID) -> tuple[DiagnosisFinding, Diagnosis]:
    session, diagnosis = locked(uow, uow.load(DiagnosisFinding, finding_id).diagnosis_id)
    ensure_member(uow, session, diagnosis)
    row = uow.load(DiagnosisFinding, finding_id, lock=True)
    if row.removed_at is not None:
        raise NotFoundError("diagnosis_finding.not_found")
    ensure_drafting(diagnosis)
    return row, diagnosis


def _number(uow: UnitOfWork, rows: Sequence[DiagnosisFinding]) -> None:
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            uow.audit("diagnosis_finding.moved", row)


def _values(kept: FindingText) -> dict[str, object]:
    names = ("problem", "cause", "effect", "recommendation", "priority", "owner", "due_on")
    return {name: getattr(kept, name) for name in names}
