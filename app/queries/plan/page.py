"""What the pages of the plan show: indicators, figures, rows, and what shows each row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.calendar import Month
from app.domain.plan import (
    Comparison,
    Course,
    Elapsed,
    IndicatorKind,
    Line,
    Source,
    Target,
    course,
    elapsed,
    yearly_mean,
)


class Evidence(StrEnum):
    """What shows that a row counts."""

    SESSION = "session"
    ITEM = "item"
    LIST = "list"
    ACTIVITY = "activity"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that shows a row, by the key of its page; `number` is a line of a list."""

    evidence: Evidence
    key: UUID
    number: int | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of a figure: how much it adds, and from which day on.

    Attributes:
        line: the line of 扶持创业 it stands on; None in other figures.
        person_id: whom it is about; None where it is about nobody known here.
        label: what it is about where that is no person.
        is_served: whether a service shows it besides the proofs; a page of rows adds the first.
    """

    key: UUID
    on: date
    amount: int
    proofs: tuple[Proof, ...]
    line: Line | None = None
    person_id: UUID | None = None
    label: str = ""
    is_served: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """From when an indicator is counted 基期, and by which row.

    Attributes:
        due_on: by when a cumulative target is to be reached.
        valid_from: since when it is so; None is the plan's own.
    """

    baseline_on: date
    due_on: date | None
    valid_from: date | None
    document: str


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """An indicator with all its rows up to a day."""

    code: str
    zh: str
    en: str
    kind: IndicatorKind
    comparison: Comparison
    written: str
    unit: str
    clause: str
    owner: str
    owner_zh: str
    owner_en: str
    base: Base
    source: Source
    target: Target
    time: Elapsed
    rows: tuple[PlanRow, ...]

    @property
    def shown_rows(self) -> tuple[PlanRow, ...]:
        """The rows of the figure: of a yearly one those of its year, else all."""
        if self.kind is not IndicatorKind.YEARLY:
            return self.rows
        return tuple(row for row in self.rows if row.on.year == self.time.by.year)

    @property
    def value(self) -> int:
        """The figure, in the smallest unit."""
        return sum(row.amount for row in self.shown_rows)

    @property
    def goal(self) -> int:
        """What there is to be at the end: the target, or its yearly mean up to the year's end."""
        if self.kind is not IndicatorKind.YEARLY_MEAN:
            return self.target.low
        last = date(self.time.by.year, 12, 31)
        return int(
            self.target.low
            * elapsed(self.kind, self.base.baseline_on, self.base.due_on, last).share
        )

    @property
    def of_year(self) -> int:
        """What of it came about in the year asked for."""
        return sum(row.amount for row in self.rows if row.on.year == self.time.by.year)

    @property
    def course(self) -> Course:
        """How it stands to its pace line."""
        return course(self.target, self.value, self.time)

    @property
    def mean(self) -> Decimal | None:
        """The mean of a year, of an indicator that is one."""
        is_mean = self.kind is IndicatorKind.YEARLY_MEAN
        return yearly_mean(self.value, self.time) if is_mean else None

    @property
    def lines(self) -> Mapping[Line, int]:
        """How many founders stand on each line."""
        found = Counter(row.line for row in self.shown_rows)
        return {line: found[line] for line in Line}


@dataclass(frozen=True, slots=True)
class PlanPage:
    """All indicators in a year, as far as it has come."""

    year: int
    years: Sequence[int]
    figures: Sequence[IndicatorFigure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which rows of a figure are asked for.

    Attributes:
        month: only those of the month; `until` those up to its end.
        line: only founders on the line.
    """

    year: int | None = None
    month: Month | None = None
    until: Month | None = None
    line: Line | None = None

    def takes(self, row: PlanRow) -> bool:
        """Tell whether the row is asked for."""
        month = Month.of(row.on)
        return (
            (self.month is None or month == self.month)
            and (self.until is None or month <= self.until)
            and (self.line is None or row.line is self.line)
        )


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """A month of a figure: what was added, what there was at its end, and its pace line."""

    month: Month
    added: int
    value: int
    expected: int


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as a page shows it; `name` is masked."""

    row: PlanRow
    name: str


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator: its course by months, and a page of the rows asked for.

    Attributes:
        asked: which rows.
        total: what all rows asked for sum to; `count` is how many there are.
        next: the key of the last row shown, where there are more.
        may_check: whether the reader may set the base.
    """

    figure: IndicatorFigure
    asked: Asked
    years: Sequence[int]
    months: Sequence[MonthPoint]
    total: int
    count: int
    rows: Sequence[ShownRow]
    next: UUID | None
    may_check: bool


def months_of(figure: IndicatorFigure) -> tuple[MonthPoint, ...]:
    """Return the months of a figure's time, as far as it has come."""
    points = []
    month, last = Month.of(figure.time.first_on), Month.of(figure.time.by)
    added = Counter[Month]()
    for row in figure.shown_rows:
        added[Month.of(row.on)] += row.amount
    value = 0
    while month <= last:
        value += added[month]
        by = min(figure.time.by, date.fromordinal(month.following().first_on.toordinal() - 1))
        time = elapsed(figure.kind, figure.base.baseline_on, figure.base.due_on, by)
        expected = course(figure.target, value, time).expected
        points.append(MonthPoint(month, added[month], value, expected))
        month = month.following()
    return tuple(points)
