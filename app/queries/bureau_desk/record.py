"""The record of one meeting: its versions, what was said of them, what both sides signed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.outcome_record import from_kept
from app.models.outcome import Confirmation, Outcome, OutcomeVersion
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.queries.bureau_desk.meeting import Record, Said, Signature, Written
from app.queries.signed_texts import signed_text
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class _Stands:
    """Hold what would be signed today, by the number of the version."""

    texts: dict[int, str]
    corrected_at: datetime | None
    refuted: Mapping[UUID, UUID]

    def signature(self, row: OutcomeVersion | Confirmation, number: int) -> Signature | None:
        """Return what was signed, and whether it is still what stands."""
        if row.text_sha256 is None:
            return None
        is_older = self.corrected_at is not None and row.created_at < self.corrected_at
        is_current = row.text_sha256 == self.texts.get(number) and not is_older
        return Signature(row.signed_name, row.text_sha256, row.created_at, is_current)


def record_of(
    reader: Reader,
    session: ServiceSession,
    present: Iterable[UUID],
    corrected_at: datetime | None = None,
    refuted: Mapping[UUID, UUID] | None = None,
) -> Record | None:
    """Return the record of the meeting in one statement, None before it was held.

    Args:
        reader: the look.
        session: the meeting.
        present: who was there, which is part of what is signed.
        corrected_at: when the facts were corrected last, beside the rows.
        refuted: by person who was not there after all the correction that says so.
    """
    rows = reader.session.execute(
        select(Outcome, OutcomeVersion, Confirmation, Person.name.label("name"))
        .outerjoin(OutcomeVersion, OutcomeVersion.outcome_id == Outcome.id)
        .outerjoin(Confirmation, Confirmation.outcome_id == Outcome.id)
        .outerjoin(Person, Person.id == Confirmation.person_id)
        .where(Outcome.service_session_id == session.id)
    ).all()
    if not rows:
        return None
    outcome: Outcome = rows[0].Outcome
    versions = {row.OutcomeVersion.number: row.OutcomeVersion for row in rows if row.OutcomeVersion}
    texts = {number: signed_text(session, present, row) for number, row in versions.items()}
    stands = _Stands(texts, corrected_at, refuted or {})
    said = {row.Confirmation.id: _said(row, stands) for row in rows if row.Confirmation}
    return Record(
        id=outcome.id,
        version=outcome.version,
        status=outcome.status,
        record_by=outcome.record_by,
        confirm_by=outcome.confirm_by,
        kind=outcome.confirmation_kind,
        is_late=outcome.is_late,
        written=tuple(_written(versions[number], stands) for number in sorted(versions)),
        said=tuple(said[key] for key in sorted(said)),
    )


def _written(row: OutcomeVersion, stands: _Stands) -> Written:
    return Written(
        id=row.id,
        number=row.number,
        question=row.question,
        advice=row.advice,
        actions=tuple(row.actions),
        result=row.result,
        extras=from_kept(row.stage, row.topics, row.effects, row.referral),
        reason=row.reason,
        created_at=row.created_at,
        author_id=row.author_id,
        signature=stands.signature(row, row.number),
    )


def _said(row: Any, stands: _Stands) -> Said:
    said: Confirmation = row.Confirmation
    return Said(
        id=said.id,
        name=row.name,
        agrees=said.agrees,
        kind=said.kind,
        remark=said.remark,
        of_version=said.outcome_version,
        created_at=said.created_at,
        officer_id=said.officer_id,
        signature=stands.signature(said, said.outcome_version),
        refuted_by_id=stands.refuted.get(said.person_id) if said.agrees else None,
    )
