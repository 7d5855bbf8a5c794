"""How much stands in the experts' calendars, over all kinds of service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.domain.availability import monday_of
from app.domain.calendar import Month, day_starts_at, local_day
from app.models.booking import Resource, ResourceClaim, ResourceKind
from app.queries.free_times import Look, service_starts_at

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CalendarLoad:
    """How many meetings stand in an expert's calendar in the running week, month and year."""

    week: int = 0
    month: int = 0
    year: int = 0


def month_loads(look: Look, month: Month | None = None) -> Mapping[UUID, int]:
    """Return how many meetings stand in each expert's calendar in the month, by default this."""
    month = month or Month.of(local_day(look.now))
    rows = look.session.execute(
        select(Resource.ref_id, func.count())
        .join(ResourceClaim, ResourceClaim.resource_id == Resource.id)
        .where(
            Resource.kind == ResourceKind.EXPERT,
            ResourceClaim.is_active,
            _within(month.first_on, month.following().first_on),
        )
        .group_by(Resource.ref_id)
    )
    return {ref_id: count for ref_id, count in rows}


def calendar_loads(look: Look) -> Mapping[UUID, CalendarLoad]:
    """Return how much stands in each expert's calendar, in one statement."""
    today = local_day(look.now)
    month, monday = Month.of(today), monday_of(today)
    week = monday, monday + _WEEK
    year = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    rows = look.session.execute(
        select(
            Resource.ref_id,
            func.count().filter(_within(*week)),
            func.count().filter(_within(month.first_on, month.following().first_on)),
            func.count().filter(_within(*year)),
        )
        .join(ResourceClaim, ResourceClaim.resource_id == Resource.id)
        .where(
            Resource.kind == ResourceKind.EXPERT,
            ResourceClaim.is_active,
            # A week may begin in the old year and end in the new one.
            _within(min(week[0], year[0]), max(week[1], year[1])),
        )
        .group_by(Resource.ref_id)
    )
    return {ref_id: CalendarLoad(*counts) for ref_id, *counts in rows}


def _within(first: date, until: date) -> ColumnElement[bool]:
    served_at = service_starts_at()
    return (served_at >= day_starts_at(first)) & (served_at < day_starts_at(until))
