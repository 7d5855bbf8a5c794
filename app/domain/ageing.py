"""How long things have waited 在途时间, in working days, in four bands."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from app.domain.calendar import WorkingCalendar


class Band(StrEnum):
    """How many working days something has waited."""

    FRESH = "fresh"
    SOME = "some"
    LONG = "long"
    OVERLONG = "overlong"


MOST_DAYS: Mapping[Band, int | None] = {
    Band.FRESH: 1,
    Band.SOME: 3,
    Band.LONG: 5,
    Band.OVERLONG: None,
}


def working_days_waited(since: date, today: date, calendar: WorkingCalendar) -> int:
    """Return how many working days have begun since the day; that day itself is not one."""
    days = (since + timedelta(days=step) for step in range(1, (today - since).days + 1))
    return sum(calendar.is_working(day) for day in days)


def band_of(working_days: int) -> Band:
    """Return the band of so many working days."""
    return next(band for band, most in MOST_DAYS.items() if most is None or working_days <= most)
