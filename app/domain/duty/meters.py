"""Meters of a mentor's duties: done against owed, the pace, a linear forecast, a colour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from app.domain.duty.policy import DutyPolicy
from app.domain.expert import Term, unbroken

_PERCENT = 100


class Colour(StrEnum):
    """How a meter stands; what owes nothing has no colour of its own."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Unit(StrEnum):
    """What a meter counts."""

    SERVICES = "services"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Span:
    """The days a meter looks at, both included."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the span will come to if it goes on as it did, and the days that this rests on."""

    value: int
    days: int


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of what is owed in a span is done.

    Attributes:
        unit: services, or counted minutes of his own.
        done: from counted records alone.
        owed: the least, for the days in term of the span.
        wished: the target, for the same days; a term has none beyond the least.
        days: days in term of the whole span.
        served: days in term up to today.
        left: days until the last of the span that is in term.
    """

    unit: Unit
    span: Span
    done: int
    owed: int
    wished: int
    days: int
    served: int
    left: int

    @property
    def is_over(self) -> bool:
        """Tell whether the last day in term has come."""
        return self.left <= 0

    @property
    def is_short(self) -> bool:
        """Tell whether less is done than the whole span owes."""
        return self.done < self.owed

    def pace(self, today_owed: int | None = None) -> Fraction:
        """Return what would be done by now, were it spread evenly over the days in term."""
        owed = self.owed if today_owed is None else today_owed
        return Fraction(owed * self.served, self.days) if self.days else Fraction(0)

    def forecast(self, policy: DutyPolicy) -> Forecast | None:
        """Return where it leads, None before there are days enough to tell."""
        if self.is_over or self.served < policy.forecast_days:
            return None
        return Forecast(_half_up(Fraction(self.done * self.days, self.served)), self.served)

    def colour(self, policy: DutyPolicy) -> Colour:
        """Return red where the span ended short, amber where it is likely to, else green."""
        if not self.is_short:
            return Colour.GREEN
        if self.is_over:
            return Colour.RED
        pace = self.pace()
        # Before a whole one is due nobody is behind.
        is_slow = pace >= 1 and self.done * _PERCENT < pace * policy.amber_percent
        foreseen = self.forecast(policy)
        ends_short = (
            self.left <= policy.renewal_days and foreseen is not None and foreseen.value < self.owed
        )
        return Colour.AMBER if is_slow or ends_short else Colour.GREEN


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that must stay below another, such as absences."""

    count: int
    most: int

    @property
    def colour(self) -> Colour:
        """Red at the limit, amber from the first on."""
        if self.count >= self.most:
            return Colour.RED
        return Colour.AMBER if self.count else Colour.GREEN


def year_meter(
    done: int, appointed: Mapping[date, date], year: int, today: date, policy: DutyPolicy
) -> Meter:
    """Return the meter of a year; least and target are for the days in term, rounded up to one.

    Args:
        done: counted services of the year.
        appointed: the last day of each term by its first; terms do not overlap.
        year: the year looked at.
        today: the day.
        policy: in force.
    """
    span = Span(date(year, 1, 1), date(year, 12, 31))
    length = days_between(span.first_on, span.last_on)
    clipped = [
        (max(first, span.first_on), min(last, span.last_on))
        for first, last in appointed.items()
        if first <= span.last_on and last >= span.first_on
    ]
    days = sum(days_between(first, last) for first, last in clipped)
    ends_on = max((last for _, last in clipped), default=span.first_on)
    return Meter(
        unit=Unit.SERVICES,
        span=span,
        done=done,
        owed=_up(Fraction(policy.least_a_year * days, length)),
        wished=_up(Fraction(policy.wished_a_year * days, length)),
        days=days,
        served=sum(days_between(first, min(last, today)) for first, last in clipped),
        left=(ends_on - today).days,
    )


def term_of(terms: Iterable[Term], today: date) -> Span | None:
    """Return the term of today with what adjoins it, else the one that ended last, if any."""
    begun = [term for term in terms if term.starts_on <= today]
    if not begun:
        return None
    day = min(today, max(term.ends_on for term in begun))
    found = unbroken(begun, day)
    return Span(found.starts_on, found.ends_on) if found else None


def term_meter(minutes: int, span: Span, today: date, policy: DutyPolicy) -> Meter:
    """Return the meter of a term in counted minutes of his own."""
    return Meter(
        unit=Unit.MINUTES,
        span=span,
        done=minutes,
        owed=policy.term_minutes,
        wished=policy.term_minutes,
        days=days_between(span.first_on, span.last_on),
        served=days_between(span.first_on, min(span.last_on, today)),
        left=(span.last_on - today).days,
    )


def worst(colours: Iterable[Colour]) -> Colour:
    """Return the colour that asks for most attention."""
    order = list(Colour)
    return max(colours, key=order.index, default=Colour.GREEN)


def days_between(first: date, last: date) -> int:
    """Return how many days lie between, both included; none where the last comes first."""
    return max(0, (last - first + timedelta(days=1)).days)


def _up(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def _half_up(number: Fraction) -> int:
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)
