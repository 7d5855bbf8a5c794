"""Who was at a meeting that was held and waits for a mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select

from app.domain.appraisal import overdue_before
from app.domain.calendar import WorkingCalendar, day_starts_at, local_day
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import Party, ServiceSessionStatus
from app.models.appraisal import Appraisal
from app.models.availability import CalendarDay
from app.models.expert import Expert
from app.models.service_session import Attendance, ServiceSession
from app.models.standing_record import StandingRecord
from app.queries.appraisals.marks import policy_of
from app.queries.free_times import Look
from app.queries.policy_numbers import rows_of
from app.unit_of_work import Reader

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class WaitingAppraisal:
    """An expert who was at a meeting and has no mark for it yet."""

    session_id: UUID
    reference: str
    expert_id: UUID
    name: str
    session_type: str
    held_at: datetime
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class WaitingAppraisals:
    """What waits for a mark, the longest first; `count` and `overdue` are of all."""

    items: tuple[WaitingAppraisal, ...]
    count: int
    overdue: int


def appraised_experts(look: Look, session_id: UUID) -> Mapping[UUID, str]:
    """Return who may be given a mark for the meeting: those who were at it, by name."""
    rows = look.session.execute(
        _held().where(ServiceSession.id == session_id).order_by(Expert.name)
    )
    return {row.expert_id: row.name for row in rows}


def waiting_appraisals(reader: Reader) -> WaitingAppraisals:
    """Return what waits for a mark since appraisals began; five statements."""
    open_now = _waiting(reader)
    limit = _overdue_before(reader)
    late = open_now.where(ServiceSession.actual_end < limit)
    rows = reader.session.execute(
        open_now.order_by(ServiceSession.actual_end, Expert.name).limit(MOST_SHOWN)
    ).all()
    calendar, days = _calendar(reader), rows_of(reader, PolicyNumber.APPRAISAL)
    return WaitingAppraisals(
        tuple(_waits(row, calendar, days, limit) for row in rows),
        _count(reader, open_now),
        _count(reader, late),
    )


def waiting_counts(look: Look) -> tuple[int, int]:
    """Return how many wait for a mark, and how many of them too long."""
    open_now = _waiting(look)
    late = open_now.where(ServiceSession.actual_end < _overdue_before(look))
    return _count(look, open_now), _count(look, late)


def _held() -> Select[*tuple[Any, ...]]:
    """Return the experts who were at meetings that were held, with these meetings."""
    return (
        select(
            ServiceSession.id.label("session_id"),
            ServiceSession.reference,
            ServiceSession.session_type,
            ServiceSession.actual_start,
            ServiceSession.actual_end,
            Attendance.expert_id,
            Expert.name,
        )
        .join(Attendance, Attendance.service_session_id == ServiceSession.id)
        .join(Expert, Expert.id == Attendance.expert_id)
        .join(StandingRecord, StandingRecord.service_session_id == ServiceSession.id)
        .where(
            Attendance.side == Party.EXPERT,
            Attendance.is_present,
            ServiceSession.status.in_((ServiceSessionStatus.FINISHED, ServiceSessionStatus.RULED)),
            ~ServiceSession.is_written,
            StandingRecord.is_held,
        )
    )


def _waiting(look: Look) -> Select[*tuple[Any, ...]]:
    began = min(day for day, _ in rows_of(look, PolicyNumber.APPRAISAL))
    given = exists().where(
        Appraisal.service_session_id == ServiceSession.id,
        Appraisal.expert_id == Attendance.expert_id,
    )
    return _held().where(~given, ServiceSession.actual_end >= day_starts_at(began))


def _overdue_before(look: Look) -> datetime:
    today = local_day(look.now)
    days = policy_of(look, today).days
    return day_starts_at(overdue_before(_calendar(look), today, days))


def _count(look: Look, statement: Select[*tuple[Any, ...]]) -> int:
    counted = select(func.count()).select_from(statement.subquery())
    return look.session.execute(counted).scalar_one()


def _waits(
    row: Any, calendar: WorkingCalendar, days: Iterable[tuple[date, int]], limit: datetime
) -> WaitingAppraisal:
    own = max(each for each in days if each[0] <= local_day(row.actual_end))[1]
    return WaitingAppraisal(
        session_id=row.session_id,
        reference=row.reference,
        expert_id=row.expert_id,
        name=row.name,
        session_type=row.session_type,
        held_at=row.actual_start,
        due_at=calendar.duty_deadline(row.actual_end, own),
        is_overdue=row.actual_end < limit,
    )


def _calendar(look: Look) -> WorkingCalendar:
    rows = look.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(~CalendarDay.is_withdrawn)
    )
    return WorkingCalendar({day: kind for day, kind in rows})
