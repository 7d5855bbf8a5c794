"""What a mentor owes in a year, and whether his pace is that of the least he owes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.calendar import WorkingCalendar

# Looked at on the first working day of these months, while there is still time.
MONTHS = (4, 7, 10, 12)


@dataclass(frozen=True, slots=True)
class Duty:
    """How a mentor stands in a year: what he has done, and what was due by now.

    Attributes:
        done: counted services of the year.
        due: what the least of the year comes to by today, for the part of it he is appointed.
        least: the least of the whole year, for the part of it he is appointed.
    """

    done: int
    due: int
    least: int

    @property
    def is_behind(self) -> bool:
        """Tell whether he has done less than was due by now."""
        return self.done < self.due


def looked_at(today: date, calendar: WorkingCalendar) -> bool:
    """Tell whether duties are looked at on the day."""
    if today.month not in MONTHS or not calendar.is_working(today):
        return False
    first = today.replace(day=1)
    if not calendar.is_working(first):
        first = calendar.next_working_day(first)
    return today == first


def standing(done: int, appointed: Mapping[date, date], today: date, least_a_year: int) -> Duty:
    """Return how a mentor stands on a day.

    Args:
        done: his counted services of the year.
        appointed: the last day of each of his terms by its first; terms do not overlap.
        today: the day; the year is its own.
        least_a_year: what a whole year owes; for a part of it rounded up to one.
    """
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    length = (last - first).days + 1
    served = sum(_days(*term, first, today) for term in appointed.items())
    whole = sum(_days(*term, first, last) for term in appointed.items())
    least = -(-least_a_year * whole // length)
    return Duty(done, _rounded(least_a_year * served, length), least)


def _days(starts_on: date, ends_on: date, first: date, last: date) -> int:
    span = min(ends_on, last) - max(starts_on, first) + timedelta(days=1)
    return max(0, span.days)


def _rounded(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole)
