"""How the wall clock of a zone lies on a day of the district.

Rules are told in the wall time of the expert's own zone. Each day of the district is cut where
the date of the zone changes and where its clocks are put forward or back; between two cuts the
wall clock runs evenly, so a step of the day is a step of a local date. A minute is open when
the clock on the expert's wall reads an open time: an hour that the clocks skip opens nothing,
an hour that they repeat is open both times.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from app.domain.availability.bits import STEP, run
from app.domain.calendar import ZONE, day_ends_at, day_starts_at

DISTRICT = ZONE.key
_ONE_DAY = timedelta(days=1)
# Two months of days in a dozen zones, several times over.
_DAYS_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Piece:
    """Steps of a day of the district in which a zone's wall clock runs evenly through one date.

    Attributes:
        first: the step of the day with which it begins.
        steps: how many steps it has.
        on: the date that the wall calendar shows.
        local_first: the step of that date with which it begins.
    """

    first: int
    steps: int
    on: date
    local_first: int

    def laid(self, local_bits: int) -> int:
        """Return the bits of the local date as bits of the day of the district."""
        return (local_bits >> self.local_first & run(0, self.steps)) << self.first


@cache
def known_zones() -> frozenset[str]:
    """Return the names that can be stored: Area/Location, none that a machine made up."""
    return frozenset(name for name in available_timezones() if "/" in name)


@lru_cache(_DAYS_KEPT)
def span_of(day: date) -> tuple[datetime, int]:
    """Return when a day of the district starts, and how many steps it has.

    They are 288 but for the days of 1986 to 1991 on which China put its clocks forward or back.
    """
    starts_at = day_starts_at(day)
    return starts_at, (day_ends_at(day) - starts_at) // STEP


@lru_cache(_DAYS_KEPT)
def pieces(zone: str, day: date) -> tuple[Piece, ...]:
    """Cut a day of the district along the wall clock of a zone."""
    starts_at, steps = span_of(day)
    info = ZoneInfo(zone)
    found: list[Piece] = []
    first = 0
    while first < steps:
        wall = (starts_at + STEP * first).astimezone(info)
        last = min(steps, first + _to_midnight(wall))
        last = _change(starts_at, first, last, info)
        local_first = timedelta(hours=wall.hour, minutes=wall.minute) // STEP
        found.append(Piece(first, last - first, wall.date(), local_first))
        first = last
    return tuple(found)


def wall_time(instant: datetime, zone: str) -> datetime:
    """Return the instant as clock and calendar of the zone show it."""
    return instant.astimezone(ZoneInfo(zone))


def _to_midnight(wall: datetime) -> int:
    passed = datetime.combine(wall.date(), wall.time()) - datetime.combine(wall.date(), time.min)
    return (_ONE_DAY - passed) // STEP


def _change(starts_at: datetime, first: int, last: int, info: ZoneInfo) -> int:
    """Return the first step after `first` and before `last` with another offset, else `last`."""

    def offset(step: int) -> timedelta | None:
        return (starts_at + STEP * step).astimezone(UTC).astimezone(info).utcoffset()

    before = offset(first)
    if offset(last - 1) == before:
        return last
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if offset(middle) == before else (first, middle)
    return last
