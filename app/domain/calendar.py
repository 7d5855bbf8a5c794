"""Working days from the published calendar, months, and the two deadline clocks.

Make-up workdays 调休 make the weekday a poor witness: 2026-10-10 is a Saturday and is worked.
Every rule about days and months is told in the time of Asia/Shanghai; instants are aware UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInputError

ZONE = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What the State Council's yearly notice says of a day."""

    OFF = "off"
    WORKDAY = "workday"


class InvalidDayCountError(InvalidInputError):
    """A deadline or an ordinal needs at least one working day."""

    default_code = "calendar.day_count_invalid"


class InvalidMonthError(InvalidInputError):
    """A month is written YYYY-MM."""

    default_code = "calendar.month_invalid"


class InvalidWeekError(InvalidInputError):
    """A week is written YYYY-Www, by ISO 8601."""

    default_code = "calendar.week_invalid"


def local_day(instant: datetime) -> date:
    """Return the day in Asia/Shanghai on which the instant falls."""
    return instant.astimezone(ZONE).date()


def day_starts_at(day: date) -> datetime:
    """Return 00:00 of the day as a UTC instant."""
    return _at(day, time.min)


def day_ends_at(day: date) -> datetime:
    """Return 24:00 of the day as a UTC instant."""
    return day_starts_at(day + _ONE_DAY)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, the unit in which services are counted and closed."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (date.min.year <= self.year < date.max.year and 1 <= self.number <= 12):
            raise InvalidMonthError(year=self.year, number=self.number)

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Return the month written as YYYY-MM.

        Raises:
            InvalidMonthError: when the text has another form.
        """
        year, _, number = text.partition("-")
        digits = year + number
        if len(year) != 4 or len(number) != 2 or not (digits.isascii() and digits.isdigit()):
            raise InvalidMonthError(text=text)
        return cls(int(year), int(number))

    @property
    def first_on(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    def following(self) -> "Month":
        """Return the next month."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def preceding(self) -> "Month":
        """Return the month before."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True, order=True, slots=True)
class CalendarWeek:
    """Seven days from a Monday, written as ISO 8601 counts them: 2026-W38."""

    monday_on: date

    @classmethod
    def of(cls, day: date) -> "CalendarWeek":
        """Return the week of a day."""
        return cls(day - _ONE_DAY * day.weekday())

    @classmethod
    def parse(cls, text: str) -> "CalendarWeek":
        """Return the week written as YYYY-Www.

        Raises:
            InvalidWeekError: when the text has another form or the year no such week.
        """
        year, _, number = text.partition("-W")
        digits = year + number
        if len(year) != 4 or len(number) != 2 or not (digits.isascii() and digits.isdigit()):
            raise InvalidWeekError(text=text)
        try:
            monday_on = date.fromisocalendar(int(year), int(number), 1)
        except ValueError:
            raise InvalidWeekError(text=text) from None
        # A week at either end of the calendar has no neighbour to go to.
        if not date.min.year < monday_on.year < date.max.year:
            raise InvalidWeekError(text=text)
        return cls(monday_on)

    @property
    def days(self) -> tuple[date, ...]:
        """The seven days."""
        return tuple(self.monday_on + _ONE_DAY * offset for offset in range(7))

    def shifted(self, weeks: int) -> "CalendarWeek":
        """Return the week so many weeks later."""
        return CalendarWeek(self.monday_on + _ONE_DAY * 7 * weeks)

    def __str__(self) -> str:
        year, number, _ = self.monday_on.isocalendar()
        return f"{year:04d}-W{number:02d}"


@dataclass(frozen=True)
class WorkingCalendar:
    """The days that differ from the plain week, as imported from the yearly notices."""

    days: Mapping[date, DayKind]

    @cached_property
    def _known_years(self) -> frozenset[int]:
        return frozenset(day.year for day in self.days)

    def is_known(self, year: int) -> bool:
        """Tell whether the notice of the year has been imported."""
        return year in self._known_years

    def is_working(self, day: date) -> bool:
        """Tell whether the day is a make-up workday, or Monday to Friday and not off."""
        kind = self.days.get(day)
        return kind is DayKind.WORKDAY or (kind is None and day.weekday() < _SATURDAY)

    def next_working_day(self, day: date) -> date:
        """Return the first working day after the day."""
        day += _ONE_DAY
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day that comes `count` working days after the day.

        Raises:
            InvalidDayCountError: when the count is below one.
        """
        if count < 1:
            raise InvalidDayCountError(count=count)
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def nth_working_day(self, month: Month, ordinal: int) -> date:
        """Return the nth working day counted from the first of the month.

        Raises:
            InvalidDayCountError: when the ordinal is below one.
        """
        return self.add_working_days(month.first_on - _ONE_DAY, ordinal)

    def answer_deadline(
        self, received_at: datetime, working_days: int = 2, not_after: datetime | None = None
    ) -> datetime:
        """Return the end of an answer clock: N working days later at the same time of day.

        What arrives on an off day is taken as received at 00:00 of the next working day.

        Args:
            received_at: when the request arrived.
            working_days: how long the asked person has.
            not_after: the latest useful answer, the start of the service minus its notice.
        """
        received = received_at.astimezone(ZONE)
        day, clock = received.date(), received.time()
        if not self.is_working(day):
            day, clock = self.next_working_day(day), time.min
        deadline = _at(self.add_working_days(day, working_days), clock)
        return deadline if not_after is None else min(deadline, not_after.astimezone(UTC))

    def duty_deadline(self, happened_at: datetime, working_days: int) -> datetime:
        """Return the end of a duty clock: 24:00 of the Nth working day after the event."""
        return day_ends_at(self.add_working_days(local_day(happened_at), working_days))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)
