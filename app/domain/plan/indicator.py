"""Indicators: how each is read over time, compared with its target, and where its rows are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import RuleError

FEN = 100
YUAN = "元"


class IndicatorKind(StrEnum):
    """The three logics of time; a yearly figure is never added to that of another year."""

    CUMULATIVE = "cum"
    YEARLY = "year"
    YEARLY_MEAN = "avg"


class Comparison(StrEnum):
    """How a figure is held against its target: at least, about 左右, or between two numbers."""

    AT_LEAST = ">="
    ABOUT = "approx"
    RANGE = "range"


class Source(StrEnum):
    """Where the rows of a figure are kept."""

    PERSONS = "persons"
    LOANS = "loans"
    JOBS = "jobs"
    PROJECTS = "projects"
    ACTIVITIES = "activities"
    REPORTS = "reports"


# Of the others the service keeps no rows of its own: departments report them with evidence.
_SOURCES: Mapping[str, Source] = {
    "T01": Source.PERSONS,
    "T02": Source.LOANS,
    "T03": Source.JOBS,
    "T07": Source.PROJECTS,
    "T08": Source.ACTIVITIES,
}


class OwnRowsError(RuleError):
    """What the service counts from rows of its own is not reported beside them."""

    default_code = "plan.own_rows"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached, in the smallest unit: 元 as fen.

    Attributes:
        low: what is asked for at the least.
        high: beyond this is more than was planned; None where more is always welcome.
        scale: how many of the smallest unit make one of the printed unit.
    """

    low: int
    high: int | None
    scale: int


def source_of(code: str) -> Source:
    """Return where the rows of an indicator are kept."""
    return _SOURCES.get(code, Source.REPORTS)


def target_of(comparison: Comparison, written: str, unit: str) -> Target:
    """Return a target as it is written in the plan, such as 2000 or 1-2."""
    scale = FEN if unit == YUAN else 1
    first, _, last = written.partition("-")
    low = int(first) * scale
    high = None if comparison is Comparison.AT_LEAST else int(last or first) * scale
    return Target(low, high, scale)
