"""One outcome: the newest record of a meeting, and how the founder's side stands to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.domain.outcome import ConfirmationKind, OutcomeStatus
from app.domain.outcome_record import NOTHING_MORE, Effect, Extras, Referral, from_kept
from app.models.outcome import Outcome, OutcomeVersion
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class ActionDetail:
    """A step somebody takes by a day."""

    text: str
    owner: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class OutcomeDetail:
    """What came of a meeting.

    Attributes:
        version: the number of the record, 0 before the first; a later record is a new version.
    """

    id: UUID
    version: int
    status: OutcomeStatus
    service_session_id: UUID
    question: str | None
    advice: str | None
    actions: tuple[ActionDetail, ...]
    result: str | None
    reason: str | None
    stage: str | None
    topics: tuple[str, ...]
    effects: tuple[Effect, ...]
    referral: Referral | None
    signed_name: str | None
    text_sha256: str | None
    record_by: datetime
    recorded_at: datetime | None
    confirm_by: datetime | None
    confirmed_at: datetime | None
    confirmation_kind: ConfirmationKind | None
    is_late: bool


def outcome_detail(look: Look, outcome_id: UUID) -> OutcomeDetail:
    """Return the outcome with its newest record in one statement.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    row = look.session.execute(
        select(Outcome, OutcomeVersion)
        .outerjoin(OutcomeVersion, OutcomeVersion.outcome_id == Outcome.id)
        .where(Outcome.id == outcome_id)
        .order_by(OutcomeVersion.number.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFoundError("outcome.not_found")
    outcome: Outcome = row[0]
    record: OutcomeVersion | None = row[1]
    more = _extras(record)
    return OutcomeDetail(
        id=outcome.id,
        version=record.number if record else 0,
        status=outcome.status,
        service_session_id=outcome.service_session_id,
        question=record.question if record else None,
        advice=record.advice if record else None,
        actions=tuple(map(_action, record.actions)) if record else (),
        result=record.result if record else None,
        reason=record.reason if record else None,
        stage=more.stage,
        topics=more.topics,
        effects=more.effects,
        referral=more.referral,
        signed_name=record.signed_name if record else None,
        text_sha256=record.text_sha256 if record else None,
        record_by=outcome.record_by,
        recorded_at=outcome.recorded_at,
        confirm_by=outcome.confirm_by,
        confirmed_at=outcome.confirmed_at,
        confirmation_kind=outcome.confirmation_kind,
        is_late=outcome.is_late,
    )


def _extras(row: OutcomeVersion | None) -> Extras:
    if row is None:
        return NOTHING_MORE
    return from_kept(row.stage, row.topics, row.effects, row.referral)


def _action(kept: Mapping[str, Any]) -> ActionDetail:
    due_on = kept["due_on"]
    return ActionDetail(kept["text"], kept["owner"], date.fromisoformat(due_on) if due_on else None)
