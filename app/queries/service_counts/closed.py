"""Months that are closed, and where news about them is posted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.domain.calendar import Month
from app.domain.service_record import month_to_close
from app.models.period import Period
from app.models.service_record import ServiceRecord
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A closed month: its row, its cut, when and under which policy it closed."""

    id: UUID
    month: Month
    cut_at: datetime
    closed_at: datetime
    policy_code: str


def closed_months(look: Look) -> dict[Month, ClosedMonth]:
    """Return every closed month, the earliest first."""
    rows = look.session.scalars(select(Period).order_by(Period.month))
    closed = (
        ClosedMonth(row.id, Month.parse(row.month), row.cut_at, row.closed_at, row.policy_code)
        for row in rows
    )
    return {month.month: month for month in closed}


def next_to_close(look: Look, closed: dict[Month, ClosedMonth]) -> Month | None:
    """Return the earliest month not closed: the next to close, and where adjustments go.

    Reporting begins with the first month ever closed and, before any is, with the first month
    that has a record; without either there is none, and any month may be the first.
    """
    first = min(closed, default=None) or _first_recorded(look)
    return None if first is None else month_to_close(first, closed)


def _first_recorded(look: Look) -> Month | None:
    text = look.session.execute(select(func.min(ServiceRecord.month))).scalar_one()
    return None if text is None else Month.parse(text)
