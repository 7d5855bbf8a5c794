"""How far a figure should be by a day: in a straight line from its base to its target date."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.plan.indicator import IndicatorKind, Target

_ONE_DAY = timedelta(days=1)
_TENTH = Decimal("0.1")


class Standing(StrEnum):
    """How a figure stands to its pace line."""

    REACHED = "reached"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The time over which a target is to be reached, as it has passed by a day.

    Attributes:
        first_on: the base date 基期, or the first day of the year that lies within.
        last_on: the day by which it is to be reached.
        by: the day of asking.
        share: how much of the target should be there; years passed, of a yearly mean.
    """

    first_on: date
    last_on: date
    by: date
    share: Fraction


@dataclass(frozen=True, slots=True)
class Course:
    """A figure beside its pace line, in the smallest unit.

    Attributes:
        expected: what should be there by now, whole units rounded down.
        gap: how much is lacking of it, or how much it is beyond the target; else nothing.
    """

    value: int
    expected: int
    standing: Standing
    gap: int


def elapsed(kind: IndicatorKind, base_on: date, due_on: date | None, by: date) -> Elapsed:
    """Return how much of the time has passed by a day.

    Args:
        kind: its logic of time.
        base_on: from when it is counted.
        due_on: by when a cumulative target is to be reached; None is the end of the year asked.
        by: the day of asking, the last of its year for a year that is over.
    """
    if kind is IndicatorKind.YEARLY_MEAN:
        return Elapsed(base_on, date(by.year, 12, 31), by, _years(base_on, by))
    is_yearly = kind is IndicatorKind.YEARLY or due_on is None
    first = max(base_on, date(by.year, 1, 1)) if is_yearly else base_on
    last = date(by.year, 12, 31) if is_yearly or due_on is None else due_on
    return Elapsed(first, last, by, _part(first, last, by))


def course(target: Target, value: int, time: Elapsed) -> Course:
    """Return how a figure stands; it is on course when it lacks no whole unit of its pace."""
    expected = int(Fraction(target.low, target.scale) * time.share) * target.scale
    times = max(Fraction(1), time.share)
    if target.high is not None and value > target.high * times:
        return Course(value, expected, Standing.BEYOND, value - target.high)
    if value < expected:
        return Course(value, expected, Standing.BEHIND, expected - value)
    is_all = value >= target.low * times
    return Course(value, expected, Standing.REACHED if is_all else Standing.ON_COURSE, 0)


def yearly_mean(value: int, time: Elapsed) -> Decimal | None:
    """Return the mean of a year with one decimal, half up; None before any time has passed."""
    if time.share <= 0:
        return None
    exact = Fraction(value) / time.share
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_TENTH, ROUND_HALF_UP)


def _part(first: date, last: date, by: date) -> Fraction:
    if by < first:
        return Fraction(0)
    days, passed = (last - first).days + 1, (by - first).days + 1
    return Fraction(min(passed, days), days) if days > 0 else Fraction(1)


def _years(base_on: date, by: date) -> Fraction:
    """Return the years from the base to the day, each in days of its own length."""
    total, first = Fraction(0), base_on
    while first <= by:
        last = date(first.year, 12, 31)
        length = (last - date(first.year, 1, 1)).days + 1
        total += Fraction((min(last, by) - first).days + 1, length)
        first = last + _ONE_DAY
    return total
