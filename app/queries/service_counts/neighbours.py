"""Which meetings bear on each other: an expert in common, and a day that both touch.

Only parts of one day are merged, but an expert's time is claimed across midnight too: a meeting
touches every day from its start to its end.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.calendar import day_ends_at, day_starts_at, local_day
from app.domain.correction import times_from_stored
from app.domain.service_record import CorrectionOp, Span
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
# What did not take place has its planned start and no length.
_ENDS_AT = func.coalesce(ServiceSession.actual_end, _STARTS_AT)
_ONE_DAY, _LEAST = timedelta(days=1), timedelta(microseconds=1)
_Days = Mapping[UUID, Collection[date]]


def days_of(look: Look, session_ids: Collection[UUID]) -> frozenset[date]:
    """Return the days the meetings touch, as recorded and as corrected."""
    days, _ = _reach(look, session_ids, _moved(look))
    return days


def with_neighbours(
    look: Look, session_ids: Collection[UUID], also: Span | None = None
) -> frozenset[UUID]:
    """Return the decidable meetings among these and all that bear on them, near and far.

    Args:
        look: what to read with.
        session_ids: the meetings.
        also: to where a correction that nobody has approved would move them.
    """
    moved = _moved(look)
    if also is not None:
        more = set(_touched(also.starts_at, also.ends_at))
        moved = {**moved, **{key: more.union(moved.get(key, ())) for key in session_ids}}
    found = frozenset(session_ids)
    while True:
        days, experts = _reach(look, found, moved)
        near = _on_days(look, days, experts, moved)
        if near <= found:
            return near
        found |= near


def _moved(look: Look) -> _Days:
    """Return the days to which approved corrections have moved meetings."""
    rows = look.session.execute(
        select(Correction.service_session_id, Correction.value).where(
            Correction.operation == CorrectionOp.SET_ACTUAL_TIMES,
            Correction.status == CorrectionStatus.APPROVED,
        )
    )
    moved: dict[UUID, set[date]] = defaultdict(set)
    for session_id, stored in rows:
        span = times_from_stored(stored).span
        moved[session_id].update(_touched(span.starts_at, span.ends_at))
    return moved


def _touched(starts_at: datetime, ends_at: datetime) -> Iterator[date]:
    """Yield every day of a stretch of time; one that ends at midnight is over by then."""
    day, last = local_day(starts_at), local_day(max(starts_at, ends_at - _LEAST))
    while day <= last:
        yield day
        day += _ONE_DAY


def _reach(
    look: Look, session_ids: Collection[UUID], moved: _Days
) -> tuple[frozenset[date], frozenset[UUID]]:
    rows = look.session.execute(
        select(ServiceSession.id, _STARTS_AT, _ENDS_AT, Attendance.expert_id)
        .join(Attendance, Attendance.service_session_id == ServiceSession.id)
        .where(ServiceSession.id.in_(session_ids), Attendance.expert_id.is_not(None))
    ).all()
    days: set[date] = set()
    for session_id, starts_at, ends_at, _ in rows:
        days.update(_touched(starts_at, ends_at), moved.get(session_id, ()))
    return frozenset(days), frozenset(row.expert_id for row in rows)


def _on_days(
    look: Look, days: frozenset[date], experts: Collection[UUID], moved: _Days
) -> frozenset[UUID]:
    arrived = [key for key, new_days in moved.items() if not days.isdisjoint(new_days)]
    rows = look.session.scalars(
        select(ServiceSession.id)
        .join(Attendance, Attendance.service_session_id == ServiceSession.id)
        .where(
            Attendance.expert_id.in_(experts),
            ServiceSession.status.in_(DECIDABLE),
            or_(ServiceSession.id.in_(arrived), *(_touches(day) for day in days)),
        )
    )
    return frozenset(rows)


def _touches(day: date) -> ColumnElement[bool]:
    begins, ends = day_starts_at(day), day_ends_at(day)
    return (ends > _STARTS_AT) & ((begins <= _STARTS_AT) | (begins < _ENDS_AT))
