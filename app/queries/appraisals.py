"""Appraisals of experts: what waits for one, what was given, and what the marks add up to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from app.domain.appraisal import NUMBERS, AppraisalPolicy, Grade, Marks, overdue_before
from app.domain.calendar import WorkingCalendar, day_starts_at, local_day
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import Party, ServiceSessionStatus
from app.models.account import Account
from app.models.appraisal import Appraisal
from app.models.availability import CalendarDay
from app.models.expert import Expert
from app.models.service_session import Attendance, ServiceSession
from app.models.standing_record import StandingRecord
from app.queries.free_times import Look
from app.queries.policy_numbers import policy_numbers, rows_of
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


def policy_of(look: Look, day: date) -> AppraisalPolicy:
    """Return the numbers of appraisals in force on the day.

    Raises:
        NoPolicyNumberError: when one of them is not set.
    """
    found = policy_numbers(look, NUMBERS, day)
    days, excellent, passing, events, years = (found[name.value] for name in NUMBERS)
    return AppraisalPolicy(days, excellent, passing, events, years)


def appraised_experts(look: Look, session_id: UUID) -> Mapping[UUID, str]:
    """Return who may be given a mark for the meeting: those who were at it, by name."""
    rows = look.session.execute(
        _held().where(ServiceSession.id == session_id).order_by(Expert.name)
    )
    return {row.expert_id: row.name for row in rows}


def versions_of(look: Look, session_id: UUID, expert_id: UUID) -> Sequence[Appraisal]:
    """Return every version of one appraisal, the first first."""
    return look.session.scalars(
        select(Appraisal)
        .where(Appraisal.service_session_id == session_id, Appraisal.expert_id == expert_id)
        .order_by(Appraisal.number)
    ).all()


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


def marks_of(look: Look, expert_ids: Collection[UUID] | None = None) -> dict[UUID, Marks]:
    """Return the marks of each expert in the years that the policy of today looks at."""
    today = local_day(look.now)
    policy = policy_of(look, today)
    limits = [ServiceSession.actual_end >= day_starts_at(policy.since(today))]
    if expert_ids is not None:
        limits.append(Appraisal.expert_id.in_(expert_ids))
    found: dict[UUID, list[int]] = defaultdict(list)
    for expert_id, score in look.session.execute(
        select(Appraisal.expert_id, Appraisal.score)
        .join(ServiceSession, ServiceSession.id == Appraisal.service_session_id)
        .where(_is_newest(), *limits)
        .order_by(ServiceSession.actual_end.desc(), Appraisal.id)
    ):
        found[expert_id].append(score)
    keys = found if expert_ids is None else expert_ids
    return {key: Marks(policy, tuple(found.get(key, ()))) for key in keys}


def appraisals_of(reader: Reader, expert_id: UUID) -> tuple[AppraisalView, ...]:
    """Return the appraisals of an expert in the actor's sight, the latest event first."""
    return _views(reader, Appraisal.expert_id == expert_id)


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


def _is_newest() -> ColumnElement[bool]:
    later = Appraisal.__table__.alias("later")
    return ~exists().where(
        later.c.service_session_id == Appraisal.service_session_id,
        later.c.expert_id == Appraisal.expert_id,
        later.c.number > Appraisal.number,
    )


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
