"""What the bureau's first page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from app.domain.calendar import Month, local_day
from app.domain.expert import ExpertCategory
from app.domain.service_record import Measures
from app.domain.service_record.slices import Labels
from app.queries import vocabularies


@dataclass(frozen=True, slots=True)
class Pile:
    """How many things of a kind wait, and since or until when the first of them."""

    count: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class MonthBar:
    """The services of a month that are in the headline, by type; the rest under `other`."""

    month: Month
    by_type: Mapping[str, int]

    @property
    def total(self) -> int:
        """All services of the month."""
        return sum(self.by_type.values())


@dataclass(frozen=True, slots=True)
class CategoryLoad:
    """What the experts of one category carried in the year."""

    category: ExpertCategory
    experts: int
    sessions: int

    @property
    def per_head(self) -> Decimal | None:
        """Services for each expert with one decimal, half up; None in an empty category."""
        if not self.experts:
            return None
        exact = Decimal(self.sessions) / self.experts
        return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Quality:
    """How well it goes; every number with the base it is a part of."""

    median_wait: float | None
    first_meetings: int
    in_time: int
    answered: int
    confirmed: int
    held: int


@dataclass(frozen=True, slots=True)
class Reported:
    """A closed month: what was published and what is known now, by measure."""

    month: Month
    published: Mapping[str, int]
    restated: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the bureau's first page.

    Attributes:
        months: of the year, as far as it has come.
        reported: closed months; empty where the reader sees only a part of the district.
    """

    now: datetime
    month: Month
    months: tuple[Month, ...]
    labels: Labels
    year: Measures
    of_month: Measures
    bars: tuple[MonthBar, ...]
    categories: tuple[CategoryLoad, ...]
    piles: Mapping[str, Pile]
    unidentified: int
    quality: Quality
    reported: tuple[Reported, ...]
    names: vocabularies.Labels

    @property
    def is_current(self) -> bool:
        """Tell whether the year shown is the present one."""
        return self.month.year == local_day(self.now).year

    @property
    def is_running(self) -> bool:
        """Tell whether the last month shown has not ended."""
        return self.months[-1] == Month.of(local_day(self.now))
