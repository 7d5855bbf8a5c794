"""Appraisals that were given, with every version, as bureau and mentor read them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.domain.appraisal import Grade, Marks
from app.domain.calendar import day_starts_at, local_day
from app.models.account import Account
from app.models.appraisal import Appraisal
from app.models.expert import Expert
from app.models.service_session import ServiceSession
from app.queries.appraisals.marks import policy_of
from app.queries.free_times import Look
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class AppraisalView:
    """One version of an appraisal with the meeting it is about.

    Attributes:
        version: its number; each after the first has a reason.
        is_late: it was given after its last day.
        made_by: by name; empty where the reader need not know.
        earlier: the versions before it, the newest first.
    """

    id: UUID
    version: int
    session_id: UUID
    reference: str
    session_type: str
    held_at: datetime
    expert_id: UUID
    expert: str
    score: int
    grade: Grade
    words: str
    reason: str | None
    made_at: datetime
    made_by: str
    is_late: bool
    earlier: "tuple[AppraisalView, ...]" = ()


def versions_of(look: Look, session_id: UUID, expert_id: UUID) -> Sequence[Appraisal]:
    """Return every version of one appraisal, the first first."""
    return look.session.scalars(
        select(Appraisal)
        .where(Appraisal.service_session_id == session_id, Appraisal.expert_id == expert_id)
        .order_by(Appraisal.number)
    ).all()


def appraisals_of(reader: Reader, expert_id: UUID) -> tuple[AppraisalView, ...]:
    """Return the appraisals of an expert in the actor's sight, the latest event first."""
    return _views(reader, Appraisal.expert_id == expert_id)


def appraisal_sheet(reader: Reader, expert_id: UUID) -> tuple[tuple[AppraisalView, ...], Marks]:
    """Return the appraisals of an expert in the actor's sight and what they add up to."""
    today = local_day(reader.now)
    policy, given = policy_of(reader, today), appraisals_of(reader, expert_id)
    since = day_starts_at(policy.since(today))
    return given, Marks(policy, tuple(row.score for row in given if row.held_at >= since))


def appraisals_at(reader: Reader, session_id: UUID) -> Mapping[UUID, AppraisalView]:
    """Return the appraisals for a meeting by expert."""
    rows = _views(reader, Appraisal.service_session_id == session_id)
    return {row.expert_id: row for row in rows}


def appraisal(reader: Reader, appraisal_id: UUID) -> AppraisalView | None:
    """Return the newest version of the appraisal that the row is a version of."""
    row = reader.session.get(Appraisal, appraisal_id)
    if row is None:
        return None
    return appraisals_at(reader, row.service_session_id).get(row.expert_id)


def _views(reader: Reader, *which: ColumnElement[bool]) -> tuple[AppraisalView, ...]:
    rows = reader.session.execute(
        select(Appraisal, ServiceSession, Expert.name)
        .join(ServiceSession, ServiceSession.id == Appraisal.service_session_id)
        .join(Expert, Expert.id == Appraisal.expert_id)
        .where(*which)
        .order_by(ServiceSession.actual_start.desc(), Appraisal.expert_id, Appraisal.number)
    ).all()
    names = _officers(reader, {row.Appraisal.made_by_id for row in rows})
    grouped: dict[tuple[UUID, UUID], list[AppraisalView]] = {}
    for row in rows:
        key = row.Appraisal.service_session_id, row.Appraisal.expert_id
        grouped.setdefault(key, []).append(_view(row, names))
    return tuple(_whole(versions) for versions in grouped.values())


def _whole(versions: Sequence[AppraisalView]) -> AppraisalView:
    newest = versions[-1]
    fields = {name: getattr(newest, name) for name in AppraisalView.__slots__}
    return AppraisalView(**{**fields, "earlier": tuple(reversed(versions[:-1]))})


def _view(row: Any, names: Mapping[UUID, str]) -> AppraisalView:
    own, session = row.Appraisal, row.ServiceSession
    return AppraisalView(
        id=own.id,
        version=own.number,
        session_id=session.id,
        reference=session.reference,
        session_type=session.session_type,
        held_at=session.actual_start,
        expert_id=own.expert_id,
        expert=row.name,
        score=own.score,
        grade=own.grade,
        words=own.words,
        reason=own.reason,
        made_at=own.made_at,
        made_by=names.get(own.made_by_id, ""),
        is_late=own.number == 1 and own.made_at >= own.due_at,
    )


def _officers(reader: Reader, keys: Collection[UUID]) -> Mapping[UUID, str]:
    """Return who gave the marks, to the bureau alone."""
    if not keys or not reader.actor.is_staff:
        return {}
    with reader.beyond_scope("who gave a mark, by name"):
        rows = reader.session.execute(select(Account.id, Account.name).where(Account.id.in_(keys)))
        return {key: name for key, name in rows}
