"""When a month may close, and where its cut lies."""

from collections.abc import Collection
from datetime import datetime

from app.domain.calendar import Month, WorkingCalendar, day_ends_at, day_starts_at
from app.domain.errors import RuleError


class TooEarlyToCloseError(RuleError):
    """A month may not close before its closing day has begun."""

    default_code = "period.too_early"


class MonthOutOfOrderError(RuleError):
    """Months close in order, each once; none is reopened or skipped."""

    default_code = "period.out_of_order"


def closing_opens_at(month: Month, calendar: WorkingCalendar, close_working_day: int) -> datetime:
    """Return the first instant at which the month may close."""
    return day_starts_at(calendar.nth_working_day(month.following(), close_working_day))


def cut_instant(
    month: Month,
    calendar: WorkingCalendar,
    close_working_day: int,
    closed_at: datetime | None = None,
) -> datetime:
    """Return the instant whose knowledge the month is reported by.

    It is the end of the closing day, or the closing itself when that came earlier; closing
    late does not move it.
    """
    latest = day_ends_at(calendar.nth_working_day(month.following(), close_working_day))
    return latest if closed_at is None else min(latest, closed_at)


def month_to_close(first: Month, closed: Collection[Month]) -> Month:
    """Return the earliest month not closed: the next to close, and where adjustments go."""
    month = first
    while month in closed:
        month = month.following()
    return month


def ensure_may_close(
    month: Month, following: Month, opens_at: datetime, closing_at: datetime
) -> None:
    """Refuse to close out of order or too early; an empty month closes like any other.

    Args:
        month: the month asked for.
        following: the answer of `month_to_close`.
        opens_at: the answer of `closing_opens_at`.
        closing_at: the present instant.

    Raises:
        MonthOutOfOrderError: when another month is next, or this one has closed.
        TooEarlyToCloseError: before its closing day.
    """
    if month != following:
        raise MonthOutOfOrderError(month=str(month), next=str(following))
    if closing_at < opens_at:
        raise TooEarlyToCloseError(month=str(month), opens_at=opens_at.isoformat())
