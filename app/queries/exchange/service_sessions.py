"""One meeting: planned and real times, who was there, what came of it, whether it counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import Mode
from app.domain.errors import NotFoundError
from app.domain.service_record import Ruling
from app.domain.service_session import Evidence, NoShow, Party, ServiceSessionStatus
from app.models.outcome import Dispute, Outcome
from app.models.service_record import ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class AttendanceDetail:
    """One person of either side; an expert of a panel who does not lead signs his own times."""

    person_id: UUID
    side: Party
    expert_id: UUID | None
    is_lead: bool
    is_present: bool
    checked_in_at: datetime | None
    in_at: datetime | None
    out_at: datetime | None
    evidence: Evidence | None
    signed_at: datetime | None
    dissent: str | None
    stood_aside_at: datetime | None
    missed_at: datetime | None
    contest_by: datetime | None


@dataclass(frozen=True, slots=True)
class DecisionDetail:
    """The newest decision on whether the meeting counts, by which rule and for what reason."""

    status: str
    apart: str | None
    rule: str
    reason: str | None
    month: str
    minutes: int
    mentor_minutes: int
    policy: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeDetail:
    """A disagreement, and once somebody has ruled, what is held to be true and by which number."""

    id: UUID
    version: int
    service_session_id: UUID
    statement: str
    opened_at: datetime
    rule_by: datetime
    reference: str | None
    ruling: Ruling | None
    ruling_text: str | None
    ruled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ServiceSessionDetail:
    """A meeting as it stands; `outcome_id` once it was held, `decision` once it was decided.

    It comes from a booking and its need, or from an activity.
    """

    id: UUID
    reference: str
    version: int
    status: ServiceSessionStatus
    booking_id: UUID | None
    activity_id: UUID | None
    need_id: UUID | None
    lead_expert_id: UUID
    session_type: str
    mode: Mode
    place: str
    planned_starts_at: datetime
    planned_ends_at: datetime
    actual_start: datetime | None
    actual_end: datetime | None
    break_minutes: int
    attendances: tuple[AttendanceDetail, ...]
    no_show: NoShow | None
    contest_by: datetime | None
    outcome_id: UUID | None
    decision: DecisionDetail | None
    dispute: DisputeDetail | None


def service_session_detail(look: Look, session_id: UUID) -> ServiceSessionDetail:
    """Return the meeting, with its newest dispute, in four statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    row = look.session.execute(
        select(ServiceSession, Outcome.id)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .where(ServiceSession.id == session_id)
    ).first()
    if row is None:
        raise NotFoundError("service_session.not_found")
    session: ServiceSession = row[0]
    return ServiceSessionDetail(
        id=session.id,
        reference=session.reference,
        version=session.version,
        status=session.status,
        booking_id=session.booking_id,
        activity_id=session.activity_id,
        need_id=session.need_id,
        lead_expert_id=session.lead_expert_id,
        session_type=session.session_type,
        mode=session.mode,
        place=session.place,
        planned_starts_at=session.planned_starts_at,
        planned_ends_at=session.planned_ends_at,
        actual_start=session.actual_start,
        actual_end=session.actual_end,
        break_minutes=session.break_minutes,
        attendances=_attendances(look, session_id),
        no_show=session.no_show,
        contest_by=session.contest_by,
        outcome_id=row[1],
        decision=_decision(look, session_id),
        dispute=_dispute(look, session_id),
    )


def dispute_detail(row: Dispute) -> DisputeDetail:
    """Return a dispute as it is."""
    return DisputeDetail(
        id=row.id,
        version=row.version,
        service_session_id=row.service_session_id,
        statement=row.statement,
        opened_at=row.opened_at,
        rule_by=row.rule_by,
        reference=row.reference,
        ruling=Ruling(row.ruling) if row.ruling else None,
        ruling_text=row.ruling_text,
        ruled_at=row.ruled_at,
    )


def _attendances(look: Look, session_id: UUID) -> tuple[AttendanceDetail, ...]:
    rows = look.session.scalars(
        select(Attendance)
        .where(Attendance.service_session_id == session_id, Attendance.voided_at.is_(None))
        .order_by(Attendance.id)
    )
    return tuple(
        AttendanceDetail(
            person_id=row.person_id,
            side=row.side,
            expert_id=row.expert_id,
            is_lead=row.is_lead,
            is_present=row.is_present,
            checked_in_at=row.checked_in_at,
            in_at=row.in_at,
            out_at=row.out_at,
            evidence=row.evidence,
            signed_at=row.signed_at,
            dissent=row.dissent,
            stood_aside_at=row.stood_aside_at,
            missed_at=row.missed_at,
            contest_by=row.contest_by,
        )
        for row in rows
    )


def _decision(look: Look, session_id: UUID) -> DecisionDetail | None:
    statement: Any = (
        select(ServiceRecord)
        .where(ServiceRecord.service_session_id == session_id)
        .order_by(ServiceRecord.number.desc())
        .limit(1)
    )
    record: ServiceRecord | None = look.session.scalar(statement)
    if record is None:
        return None
    return DecisionDetail(
        status=record.status,
        apart=record.apart,
        rule=record.rule,
        reason=record.reason,
        month=record.month,
        minutes=record.minutes,
        mentor_minutes=record.mentor_minutes,
        policy=record.policy_code,
        decided_at=record.decided_at,
    )


def _dispute(look: Look, session_id: UUID) -> DisputeDetail | None:
    row = look.session.scalar(
        select(Dispute)
        .where(Dispute.service_session_id == session_id, ~Dispute.is_absence)
        .order_by(Dispute.opened_at.desc(), Dispute.id.desc())
        .limit(1)
    )
    return None if row is None else dispute_detail(row)
