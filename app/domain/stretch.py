"""A stretch of months that is reported together 统计期: a month, a quarter, half a year, a year."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from app.domain.calendar import Month
from app.domain.errors import InvalidInputError

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})|-Q([1-4])|-H([12]))?", re.ASCII)


class InvalidStretchError(InvalidInputError):
    """A text names no month, quarter, half-year or year."""

    default_code: ClassVar[str] = "stretch.invalid"


class Rhythm(StrEnum):
    """How often something is reported upwards."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


_LENGTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: 12}
_MARKS = {Rhythm.QUARTER: "Q", Rhythm.HALF_YEAR: "H"}


@dataclass(frozen=True, order=True, slots=True)
class Stretch:
    """The month, quarter, half-year or year that begins with a month.

    Written as 2026-09, 2026-Q3, 2026-H2 and 2026.
    """

    first: Month
    rhythm: Rhythm

    @classmethod
    def of(cls, rhythm: Rhythm, day: date) -> "Stretch":
        """Return the stretch of the rhythm in which the day lies."""
        length = _LENGTHS[rhythm]
        return cls(Month(day.year, (day.month - 1) // length * length + 1), rhythm)

    @classmethod
    def parse(cls, text: str) -> "Stretch":
        """Return the stretch as written.

        Raises:
            InvalidStretchError: when the text is written in another way.
            InvalidMonthError: when there is no such month.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise InvalidStretchError(text=text[:20])
        year, month, quarter, half = found.groups()
        if month:
            return cls(Month(int(year), int(month)), Rhythm.MONTH)
        if quarter:
            return cls(Month(int(year), int(quarter) * 3 - 2), Rhythm.QUARTER)
        if half:
            return cls(Month(int(year), int(half) * 6 - 5), Rhythm.HALF_YEAR)
        return cls(Month(int(year), 1), Rhythm.YEAR)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months of the stretch, the earliest first."""
        first = self.first.number
        return tuple(
            Month(self.first.year, number) for number in range(first, first + _LENGTHS[self.rhythm])
        )

    @property
    def last(self) -> Month:
        """The last month of the stretch."""
        return self.months[-1]

    @property
    def number(self) -> int:
        """The place of the stretch among those of its rhythm in the year, from 1."""
        return (self.first.number - 1) // _LENGTHS[self.rhythm] + 1

    def preceding(self) -> "Stretch":
        """Return the stretch before, of the same rhythm."""
        return Stretch.of(self.rhythm, self.first.preceding().first_on)

    def following(self) -> "Stretch":
        """Return the stretch after, of the same rhythm."""
        return Stretch.of(self.rhythm, self.last.following().first_on)

    def __str__(self) -> str:
        if self.rhythm is Rhythm.MONTH:
            return str(self.first)
        if self.rhythm is Rhythm.YEAR:
            return f"{self.first.year:04d}"
        return f"{self.first.year:04d}-{_MARKS[self.rhythm]}{self.number}"
