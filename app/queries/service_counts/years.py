"""A year at a glance: month by month, by type of service and category of expert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.calendar import Month
from app.domain.service_record import (
    Additive,
    Decision,
    Measures,
    SplitBy,
    split,
    tally,
    tally_period,
)
from app.queries.service_counts.closed import ClosedMonth, closed_months
from app.queries.service_counts.decisions import of_months
from app.queries.service_counts.frozen import Frozen, load_frozen
from app.unit_of_work import Reader

Parts = Mapping[str, Additive]


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of a year; `as_reported` is None while the month is open."""

    month: str
    restated: Measures
    as_reported: Measures | None
    by: Mapping[SplitBy, Parts]


@dataclass(frozen=True, slots=True)
class YearCounts:
    """The months of a year, and the year itself on everything known now.

    Persons, enterprises and teams of the year are recomputed, never summed over months.
    """

    year: int
    months: tuple[MonthLine, ...]
    total: Measures
    by: Mapping[SplitBy, Parts]


def year(
    reader: Reader,
    number: int,
    splits: Sequence[SplitBy] = (SplitBy.TYPE, SplitBy.EXPERT_CATEGORY),
) -> YearCounts:
    """Return the figures of a year with the exclusive splits asked for."""
    months = [Month(number, position) for position in range(1, 13)]
    closed = {month: row for month, row in closed_months(reader).items() if month in months}
    frozen = load_frozen(reader, [period.id for period in closed.values()], [])
    now = [version.decision for version in of_months(reader, months).values()]
    lines = tuple(_line(now, frozen, month, closed.get(month), splits) for month in months)
    return YearCounts(
        year=number,
        months=lines,
        total=tally_period(now, months),
        by={by: _added_up([line.by[by] for line in lines]) for by in splits},
    )


def _line(
    now: list[Decision],
    frozen: Frozen,
    month: Month,
    period: ClosedMonth | None,
    splits: Sequence[SplitBy],
) -> MonthLine:
    return MonthLine(
        month=str(month),
        restated=tally(now, month),
        as_reported=tally(frozen.reported(period.id), month) if period else None,
        by={by: split(now, month, by) for by in splits},
    )


def _added_up(months: list[Parts]) -> dict[str, Additive]:
    labels = sorted({label for parts in months for label in parts})
    return {
        label: Additive.total(parts.get(label, Additive()) for parts in months) for label in labels
    }
