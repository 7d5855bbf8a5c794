"""Years of the working calendar: which are known, and what the notice of one says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import extract, select

from app.domain.calendar import DayKind
from app.models.availability import CalendarDay
from app.queries.free_times import Look
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day that differs from the plain week."""

    on: date
    kind: DayKind
    name: str
    source: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class YearPage:
    """The days of one year, beside the years there are."""

    year: int
    days: tuple[YearDay, ...]
    years: tuple[int, ...]

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the year is known and every day of it published."""
        return bool(self.days) and all(day.is_confirmed for day in self.days)


def known_years(look: Look) -> frozenset[int]:
    """Return the years of which the calendar says anything."""
    year = extract("year", CalendarDay.day)
    statement = select(year).where(~CalendarDay.is_withdrawn).distinct()
    return frozenset(int(year) for year in look.session.scalars(statement))


def year_page(reader: Reader, year: int | None = None) -> YearPage:
    """Return the days of the year, by default the present one; two statements."""
    known = known_years(reader)
    wanted = year or reader.today.year
    years = sorted({*known, wanted, reader.today.year, reader.today.year + 1})
    return YearPage(wanted, tuple(_days(reader, wanted)), tuple(years))


def is_provisional(look: Look, day: date) -> bool:
    """Tell whether the year of the day may still change: unknown, or not all of it published."""
    confirmed = look.session.scalars(
        select(CalendarDay.is_confirmed)
        .where(
            ~CalendarDay.is_withdrawn,
            CalendarDay.day.between(date(day.year, 1, 1), date(day.year, 12, 31)),
        )
        .distinct()
    ).all()
    return not confirmed or not all(confirmed)


def _days(reader: Reader, year: int) -> Sequence[YearDay]:
    rows = reader.session.scalars(
        select(CalendarDay)
        .where(
            ~CalendarDay.is_withdrawn,
            CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(CalendarDay.day)
    )
    return [YearDay(row.day, row.kind, row.name, row.source, row.is_confirmed) for row in rows]
