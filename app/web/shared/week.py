"""Where everything of a week stands: columns of days, blocks by the quarter hour."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

FIRST_HOUR, LAST_HOUR = 8, 18
QUARTERS_AN_HOUR = 4
_QUARTER_MINUTES = 15
_DAY_MINUTES = 24 * 60
_SATURDAY = 5


class Spanning(Protocol):
    """Anything that takes a span of time."""

    @property
    def starts_at(self) -> datetime:
        """The instant it begins."""

    @property
    def ends_at(self) -> datetime:
        """The instant it ends."""


Entry = TypeVar("Entry", bound=Spanning)


@dataclass(frozen=True, slots=True)
class Block(Generic[Entry]):
    """The part of an entry on one day, in minutes of that day."""

    entry: Entry
    starts_minute: int
    ends_minute: int

    @property
    def first(self) -> str:
        """When it begins, on the clock of the reader's zone."""
        return _clock(self.starts_minute)

    @property
    def last(self) -> str:
        """When it ends; the end of the day is 24:00."""
        return _clock(self.ends_minute)

    @property
    def is_whole_day(self) -> bool:
        """Tell whether it takes the day from end to end."""
        return (self.starts_minute, self.ends_minute) == (0, _DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class Column(Generic[Entry]):
    """One day and its blocks in order of their start."""

    on: date
    is_today: bool
    blocks: tuple[Block[Entry], ...]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Entry]):
    """A week as it is drawn: the days that have something to show, and the hours around it."""

    columns: tuple[Column[Entry], ...]
    first_hour: int
    last_hour: int

    @property
    def hours(self) -> range:
        """The hours at which a line is drawn."""
        return range(self.first_hour, self.last_hour)

    @property
    def quarters(self) -> int:
        """How many quarter hours high the sheet is."""
        return len(self.hours) * QUARTERS_AN_HOUR

    def top(self, block: Block[Entry]) -> int:
        """Return how many quarter hours below the upper edge the block begins."""
        return max(0, block.starts_minute // _QUARTER_MINUTES - self._first_quarter)

    def height(self, block: Block[Entry]) -> int:
        """Return how many quarter hours the block is high, whatever it touches."""
        first = max(self._first_quarter, block.starts_minute // _QUARTER_MINUTES)
        last = min(self._first_quarter + self.quarters, -(-block.ends_minute // _QUARTER_MINUTES))
        return last - first

    @property
    def _first_quarter(self) -> int:
        return self.first_hour * QUARTERS_AN_HOUR


def sheet(
    entries: Iterable[Entry],
    days: Sequence[date],
    zone: ZoneInfo,
    today: date,
    *,
    is_shown: Callable[[date], bool],
) -> Sheet[Entry]:
    """Lay the entries out by day and minute on the clock of the zone.

    Args:
        entries: in order of their start; one that reaches over midnight is cut there.
        days: the days of the week.
        zone: whose days and hours they are.
        today: the day that is marked.
        is_shown: tells whether a Saturday or Sunday without an entry is drawn all the same.
    """
    kept = list(entries)
    every = [Column(on, on == today, tuple(_blocks(kept, on, zone))) for on in days]
    return _around(tuple(c for c in every if _has_something(c) or is_shown(c.on)))


def _has_something(column: Column[Entry]) -> bool:
    return column.on.weekday() < _SATURDAY or column.is_today or bool(column.blocks)


def _around(columns: tuple[Column[Entry], ...]) -> Sheet[Entry]:
    # Who is busy all day is so in whatever hours are drawn.
    blocks = [block for column in columns for block in column.blocks if not block.is_whole_day]
    first_hour = min(FIRST_HOUR, *(block.starts_minute // 60 for block in blocks), LAST_HOUR)
    last_hour = max(LAST_HOUR, *(-(-block.ends_minute // 60) for block in blocks), FIRST_HOUR)
    return Sheet(columns, first_hour, last_hour)


def _blocks(entries: Iterable[Entry], on: date, zone: ZoneInfo) -> Iterable[Block[Entry]]:
    for entry in entries:
        first, last = _minute(entry.starts_at, on, zone), _minute(entry.ends_at, on, zone)
        if first < last:
            yield Block(entry, first, last)


def _minute(at: datetime, on: date, zone: ZoneInfo) -> int:
    """Return the minute of the day on its clock, at most as far as its edges."""
    there = at.astimezone(zone)
    if there.date() != on:
        return 0 if there.date() < on else _DAY_MINUTES
    return there.hour * 60 + there.minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
