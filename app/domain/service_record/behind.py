"""The records behind each figure, so that every number can be opened and counted by hand."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import ClassVar

from app.domain.calendar import Month
from app.domain.errors import InvalidInputError
from app.domain.service_record.codes import Pending, Status
from app.domain.service_record.decision import Decision
from app.domain.service_record.measures import ADDITIVE_NAMES
from app.domain.service_record.tally import (
    by_time,
    contribution,
    headline,
    served_ventures,
    tally,
    venture_served,
)


class Distinct(StrEnum):
    """The figures recomputed for each period and never summed."""

    PERSONS = "distinct_persons"
    ENTERPRISES = "enterprises"
    TEAMS = "teams"


class Listing(StrEnum):
    """What is listed beside the measures and counts its own rows."""

    RECORDS = "records"
    NOT_COUNTED = "not_counted"


# Everything a closed month freezes, each with its rows.
FIGURE_NAMES: tuple[str, ...] = (*ADDITIVE_NAMES, *Distinct, *Listing, *Pending)


class UnknownMeasureError(InvalidInputError):
    """There is no figure of that name."""

    default_code: ClassVar[str] = "count.unknown_measure"


def behind(decisions: Iterable[Decision], month: Month, name: str) -> tuple[Decision, ...]:
    """Return the records of the month that make up the figure, in order of their start.

    Raises:
        UnknownMeasureError: when there is no such figure.
    """
    of_month = by_time(d for d in decisions if d.month == month)
    if name in (Distinct.ENTERPRISES, Distinct.TEAMS):
        return _of_ventures(of_month, are_enterprises=name == Distinct.ENTERPRISES)
    return tuple(filter(_test(name), of_month))


def figure(decisions: Iterable[Decision], month: Month, name: str) -> int:
    """Return the value of a figure of the month.

    Raises:
        UnknownMeasureError: when there is no such figure.
    """
    of_month = [d for d in decisions if d.month == month]
    measures = tally(of_month, month)
    if name in ADDITIVE_NAMES:
        return int(getattr(measures.additive, name))
    if name in tuple(Distinct):
        return int(getattr(measures, name))
    return len(behind(of_month, month, name))


def _of_ventures(decisions: list[Decision], *, are_enterprises: bool) -> tuple[Decision, ...]:
    served = served_ventures(decisions)
    return tuple(
        d
        for d in headline(decisions)
        if (venture := venture_served(d)) and served[venture.venture_id][1] is are_enterprises
    )


def _test(name: str) -> Callable[[Decision], bool]:
    if name in ADDITIVE_NAMES:
        return lambda d: getattr(contribution(d), name) != 0
    if name in tuple(Pending):
        return lambda d: d.pending == name
    if name not in _LISTED:
        raise UnknownMeasureError(measure=name)
    return _LISTED[name]


_LISTED: Mapping[str, Callable[[Decision], bool]] = {
    Distinct.PERSONS: lambda d: d.status is Status.COUNTED and bool(d.person_ids),
    Listing.RECORDS: lambda _: True,
    Listing.NOT_COUNTED: lambda d: d.status is Status.NOT_COUNTED,
}
