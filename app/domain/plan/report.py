"""Periods that departments report for: a month, a quarter, a half-year or a year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.errors import InvalidInputError

FIRST_YEAR, LAST_YEAR = 2000, 2100
_WRITTEN = re.compile(r"([0-9]{4})(?:-(?:(Q)([1-4])|(H)([12])|(0[1-9]|1[0-2])))?")
_ONE_DAY = timedelta(days=1)


class PeriodError(InvalidInputError):
    """A period is written 2026, 2026-H1, 2026-Q3 or 2026-09."""

    default_code = "plan.period_invalid"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A span of whole months, by its code."""

    code: str
    first_on: date
    last_on: date

    @classmethod
    def parse(cls, text: str) -> "ReportPeriod":
        """Return the period a code names.

        Raises:
            PeriodError: it names none.
        """
        found = _WRITTEN.fullmatch(text.strip().upper())
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise PeriodError(
                errors=PeriodError.at("period", PeriodError.default_code, text=text[:40]).errors,
                text=text[:40],
            )
        year = int(found[1])
        if found[2]:
            first, months = int(found[3]) * 3 - 2, 3
        elif found[4]:
            first, months = int(found[5]) * 6 - 5, 6
        else:
            first, months = (int(found[6]), 1) if found[6] else (1, 12)
        return cls(found[0], date(year, first, 1), _last_of(year, first + months - 1))

    @classmethod
    def quarter_of(cls, day: date) -> "ReportPeriod":
        """Return the quarter a day lies in."""
        return cls.parse(f"{day.year:04d}-Q{(day.month + 2) // 3}")

    def overlaps(self, other: "ReportPeriod") -> bool:
        """Tell whether the two share a day."""
        return self.first_on <= other.last_on and other.first_on <= self.last_on


def _last_of(year: int, month: int) -> date:
    after = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return after - _ONE_DAY
