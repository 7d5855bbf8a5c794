"""Which meetings bear on each other: the same day, an expert in common."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.calendar import day_ends_at, day_starts_at, local_day
from app.domain.correction import times_from_stored
from app.domain.service_record import CorrectionOp
from app.domain.service_session import ServiceSessionStatus
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import Attendance, ServiceSession
from app.queries.free_times import Look

DECIDABLE = (
    ServiceSessionStatus.FINISHED,
    ServiceSessionStatus.NO_SHOW,
    ServiceSessionStatus.CONTESTED,
    ServiceSessionStatus.RULED,
)
_STARTS_AT = func.coalesce(ServiceSession.actual_start, ServiceSession.planned_starts_at)


def days_of(look: Look, session_ids: Collection[UUID]) -> frozenset[date]:
    """Return the days of the meetings, as recorded and as corrected."""
    days, _ = _reach(look, session_ids, _moved(look))
    return days


def with_neighbours(look: Look, session_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return the decidable meetings among these and all that bear on them, near and far."""
    moved = _moved(look)
    found = frozenset(session_ids)
    while True:
        days, experts = _reach(look, found, moved)
        near = _on_days(look, days, experts, moved)
        if near <= found:
            return near
        found |= near


def _moved(look: Look) -> dict[UUID, set[date]]:
    """Return the days to which approved corrections have moved meetings."""
    rows = look.session.execute(
        select(Correction.service_session_id, Correction.value).where(
            Correction.operation == CorrectionOp.SET_ACTUAL_TIMES,
            Correction.status == CorrectionStatus.APPROVED,
        )
    )
    moved: dict[UUID, set[date]] = defaultdict(set)
    for session_id, stored in rows:
        moved[session_id].add(local_day(times_from_stored(stored).span.starts_at))
    return moved


def _reach(
    look: Look, session_ids: Collection[UUID], moved: dict[UUID, set[date]]
) -> tuple[frozenset[date], frozenset[UUID]]:
    rows = look.session.execute(
        select(ServiceSession.id, _STARTS_AT, Attendance.expert_id)
        .join(Attendance, Attendance.service_session_id == ServiceSession.id)
        .where(ServiceSession.id.in_(session_ids), Attendance.expert_id.is_not(None))
    ).all()
    days = {local_day(starts_at) for _, starts_at, _ in rows}
    for session_id, _, _ in rows:
        days |= moved.get(session_id, set())
    return frozenset(days), frozenset(expert_id for _, _, expert_id in rows if expert_id)


def _on_days(
    look: Look,
    days: Collection[date],
    experts: Collection[UUID],
    moved: dict[UUID, set[date]],
) -> frozenset[UUID]:
    arrived = [key for key, new_days in moved.items() if not new_days.isdisjoint(days)]
    rows = look.session.scalars(
        select(ServiceSession.id)
        .join(Attendance, Attendance.service_session_id == ServiceSession.id)
        .where(
            Attendance.expert_id.in_(experts),
            ServiceSession.status.in_(DECIDABLE),
            or_(ServiceSession.id.in_(arrived), *(_starts_on(day) for day in days)),
        )
    )
    return frozenset(rows)


def _starts_on(day: date) -> ColumnElement[bool]:
    return (day_starts_at(day) <= _STARTS_AT) & (day_ends_at(day) > _STARTS_AT)
