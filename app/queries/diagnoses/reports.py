"""Versions of a joint report with who signed them, and the presentations of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.diagnosis import Dissent, FindingOwner, Priority
from app.models.diagnosis import (
    DiagnosisPresentation,
    DiagnosisReport,
    DiagnosisSignature,
    DiagnosisWord,
)
from app.models.expert import Expert
from app.models.person import Person
from app.queries.diagnoses.rows import Finding, Heard, Presentation, Report, Signer
from app.unit_of_work import Reader


def reports_of(
    reader: Reader, diagnosis_id: UUID, names: Mapping[UUID, str], only: set[int] | None
) -> tuple[Report, ...]:
    """Return the versions of a report with their signatures, the newest first; one statement.

    Args:
        reader: the look.
        diagnosis_id: of which workspace.
        names: of the experts of the panel.
        only: the numbers that may be shown, None for all.
    """
    rows = reader.session.execute(
        select(DiagnosisReport, DiagnosisSignature)
        .outerjoin(DiagnosisSignature, DiagnosisSignature.report_id == DiagnosisReport.id)
        .where(DiagnosisReport.diagnosis_id == diagnosis_id)
        .order_by(DiagnosisReport.number.desc(), DiagnosisSignature.id)
    ).all()
    reports = {row.number: row for row, _ in rows if only is None or row.number in only}
    signed = {(each.report_id, each.expert_id): each for _, each in rows if each is not None}
    return tuple(_report(row, signed, names) for row in reports.values())


def _report(
    row: DiagnosisReport,
    signed: Mapping[tuple[UUID, UUID], DiagnosisSignature],
    names: Mapping[UUID, str],
) -> Report:
    signers = []
    for key in map(UUID, row.signers):
        mark = signed.get((row.id, key))
        dissents = mark.dissents if mark else ()
        signers.append(
            Signer(
                expert_id=key,
                name=names.get(key, ""),
                is_lead=key == row.issued_by_id,
                signed_at=mark.signed_at if mark else None,
                dissents=tuple(Dissent(each["number"], each["text"]) for each in dissents),
            )
        )
    return Report(
        id=row.id,
        number=row.number,
        scope=row.scope,
        summary=row.summary,
        findings=tuple(
            _issued(number, each, names) for number, each in enumerate(row.findings, start=1)
        ),
        reason=row.reason,
        digest=row.digest,
        issued_at=row.issued_at,
        issued_by=names.get(row.issued_by_id, ""),
        signers=tuple(signers),
    )


def _issued(number: int, each: Mapping[str, Any], names: Mapping[UUID, str]) -> Finding:
    return Finding(
        id=UUID(each["id"]),
        version=0,
        number=number,
        problem=each["problem"],
        cause=each["cause"],
        effect=each["effect"],
        recommendation=each["recommendation"],
        priority=Priority(each["priority"]),
        owner=FindingOwner(each["owner"]),
        due_on=date.fromisoformat(each["due_on"]),
        author=names.get(UUID(each["author_id"]), ""),
    )


def presentations_of(reader: Reader, diagnosis_id: UUID) -> tuple[Presentation, ...]:
    """Return when it was presented and what was said of it, the newest first; one statement."""
    rows = reader.session.execute(
        select(DiagnosisPresentation, DiagnosisReport.number, Expert.name, DiagnosisWord, Person)
        .join(DiagnosisReport, DiagnosisReport.id == DiagnosisPresentation.report_id)
        .join(Expert, Expert.id == DiagnosisPresentation.noted_by_id)
        .outerjoin(DiagnosisWord, DiagnosisWord.presentation_id == DiagnosisPresentation.id)
        .outerjoin(Person, Person.id == DiagnosisWord.person_id)
        .where(DiagnosisPresentation.diagnosis_id == diagnosis_id)
        .order_by(DiagnosisPresentation.noted_at.desc(), DiagnosisPresentation.id.desc())
    ).all()
    grouped: dict[UUID, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row[0].id, []).append(row)
    return tuple(_presentation(reader, found) for found in grouped.values())


def _presentation(reader: Reader, found: list[Any]) -> Presentation:
    row, number, by, *_ = found[0]
    return Presentation(
        id=row.id,
        report_number=number,
        presented_at=row.presented_at,
        audience=row.audience,
        by=by,
        is_ahead=row.presented_at > reader.now,
        words=tuple(
            Heard(
                name=person.name if person else None,
                understood=word.understood,
                objection=word.objection,
                said_at=word.said_at,
                is_own=word.person_id == reader.actor.person_id,
            )
            for _, _, _, word, person in found
            if word is not None
        ),
    )
