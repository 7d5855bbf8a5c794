"""What a batch favours, how much an expert carries, and which days it is for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from app.domain.availability import HORIZON_DAYS
from app.domain.calendar import Month
from app.domain.errors import FieldError, InvalidInputError

# Below it an expert's work has too little to do with the need: on the two collections of
# docs/matching.md 92 and 97 % of the helpful pairs score higher, 23 and 38 % of the useless ones.
LEAST_FIT = 0.2
LARGEST_WEIGHT = 100
LARGEST_CAP = 31
# At weight 25 a further need of one expert costs a tenth of the best score.
_EVENNESS_OF_WEIGHT = 1 / 250
# In the last days of a month a batch looks into the next one as well.
_SHORTEST_WINDOW = timedelta(days=14)
_ONE_DAY = timedelta(days=1)


class Objective(StrEnum):
    """What a batch favours: the best total, the need that fares worst, or even loads."""

    TOTAL = "total"
    WORST_OFF = "worst_off"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a batch favours and the most that one expert carries in a month.

    Attributes:
        objective: what is favoured.
        fit: weight of the fit, 0 to 100.
        even: weight of even loads; heeded under the objective EVEN alone.
        soon: weight of an early meeting.
        cap: the most services of an expert in the month; None leaves it to his own limit.
    """

    objective: Objective
    fit: int
    even: int
    soon: int
    cap: int | None = None

    @classmethod
    def usual(cls, objective: Objective, cap: int | None = None) -> Self:
        """Return the usual weights of an objective."""
        if objective is Objective.EVEN:
            return cls(objective, 60, 25, 15, cap)
        return cls(objective, LARGEST_WEIGHT, 0, 0, cap)

    @classmethod
    def weighed(
        cls, fit: int, even: int, soon: int, *, cap: int | None, worst_first: bool = False
    ) -> Self:
        """Return the terms of the weights; a weight on even loads makes them the objective.

        Raises:
            InvalidInputError: naming each field at fault.
        """
        objective = Objective.EVEN if even else Objective.TOTAL
        terms = cls(Objective.WORST_OFF if worst_first else objective, fit, even, soon, cap)
        errors = list(_faults(terms))
        if errors:
            raise InvalidInputError(errors=errors)
        return terms

    @property
    def evenness(self) -> float:
        """Return what a further need of one expert costs, as a share of the best score."""
        return self.even * _EVENNESS_OF_WEIGHT if self.objective is Objective.EVEN else 0.0


def months_open(today: date) -> Sequence[Month]:
    """Return the months a batch can be made for: those in which times can be booked."""
    last = Month.of(today + _ONE_DAY * (HORIZON_DAYS - 1))
    months = [Month.of(today)]
    while months[-1] < last:
        months.append(months[-1].following())
    return months


def ensure_month(month: Month, today: date) -> None:
    """Refuse a month in which nothing can be booked.

    Raises:
        InvalidInputError: at field `month`.
    """
    months = months_open(today)
    if month not in months:
        facts = {"first": str(months[0]), "last": str(months[-1])}
        raise InvalidInputError.at("month", "batch.month_out_of_reach", **facts)


def window(month: Month, today: date) -> Sequence[date]:
    """Return the days on which the pairs of a batch can meet."""
    first = max(month.first_on, today)
    last = max(month.following().first_on, first + _SHORTEST_WINDOW)
    end = min(last, today + _ONE_DAY * HORIZON_DAYS)
    return [first + _ONE_DAY * offset for offset in range((end - first).days)]


def _faults(terms: Terms) -> Iterator[FieldError]:
    for name in ("fit", "even", "soon"):
        value = getattr(terms, name)
        if value < 0:
            yield FieldError(name, "input.too_small", {"low": 0, "high": LARGEST_WEIGHT})
        elif value > LARGEST_WEIGHT:
            yield FieldError(name, "input.too_large", {"low": 0, "high": LARGEST_WEIGHT})
    if terms.fit + terms.soon <= 0:
        yield FieldError("fit", "batch.no_weight")
    if terms.cap is not None and not 1 <= terms.cap <= LARGEST_CAP:
        code = "input.too_small" if terms.cap < 1 else "input.too_large"
        yield FieldError("cap", code, {"low": 1, "high": LARGEST_CAP})
