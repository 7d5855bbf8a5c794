"""What decides when one expert is free, as bits of a local day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from app.domain.calendar import DayKind, Month, WorkingCalendar, day_starts_at
from app.domain.expert import Term, in_term

STEP_MINUTES = 5
STEPS = 24 * 60 // STEP_MINUTES
STEP = timedelta(minutes=STEP_MINUTES)
_Key = TypeVar("_Key")
OFFICIAL_HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))


class Mode(StrEnum):
    """How two people meet."""

    ONSITE = "onsite"
    ONLINE = "online"
    PHONE = "phone"


class ExceptionKind(StrEnum):
    """A special day: closed, or opened."""

    OFF = "off"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Open minutes [starts, ends) of one weekday, Monday = 0, in some modes."""

    weekday: int
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the rule opens the day."""
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """Minutes of one day that are closed, or open beyond the weekly rules."""

    day: date
    kind: ExceptionKind
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of time."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Diary:
    """Everything that decides when one expert is free.

    Attributes:
        week_loads: services by the Monday of their week.
    """

    is_official: bool
    modes: frozenset[str]
    terms: tuple[Term, ...]
    rules: tuple[WeeklyRule, ...]
    special_days: tuple[SpecialDay, ...]
    claims: tuple[Span, ...]
    notice: timedelta
    buffer: timedelta
    monthly_limit: int
    month_loads: Mapping[Month, int] = field(default_factory=dict)
    is_paused: bool = False
    weekly_limit: int | None = None
    week_loads: Mapping[date, int] = field(default_factory=dict)
    yearly_limit: int | None = None
    year_loads: Mapping[int, int] = field(default_factory=dict)

    def open_bits(self, day: date, mode: str, calendar: WorkingCalendar) -> int:
        """Return the minutes in which rules and special days open the day for the mode."""
        if mode not in self.modes or self.is_paused or not in_term(self.terms, day):
            return 0
        bits = 0
        if calendar.days.get(day) is not DayKind.OFF:
            for starts, ends, modes in self._weekly(day, calendar):
                if mode in modes:
                    bits |= _within(starts, ends)
        for special in self._special(day, ExceptionKind.OFF):
            bits &= ~_touched(special.starts_minute, special.ends_minute)
        for special in self._special(day, ExceptionKind.EXTRA):
            if mode in special.modes:
                bits |= _within(special.starts_minute, special.ends_minute)
        return bits

    def full_period(self, day: date) -> str | None:
        """Return the period around the day in which the expert has as many services as he takes.

        `month`, `week` or `year`; None when there is room.
        """
        month, week, year = Month.of(day), monday_of(day), day.year
        if self.month_loads.get(month, 0) >= self.monthly_limit:
            return "month"
        if self.weekly_limit is not None and self.week_loads.get(week, 0) >= self.weekly_limit:
            return "week"
        if self.yearly_limit is not None and self.year_loads.get(year, 0) >= self.yearly_limit:
            return "year"
        return None

    def is_full(self, day: date) -> bool:
        """Tell whether the expert has as many services around the day as he takes."""
        return self.full_period(day) is not None

    def without_service_on(self, day: date) -> "Diary":
        """Return the diary with room for one service more around the day: one held there moves."""
        return replace(
            self,
            month_loads=_one_less(self.month_loads, Month.of(day)),
            week_loads=_one_less(self.week_loads, monday_of(day)),
            year_loads=_one_less(self.year_loads, day.year),
        )

    def _special(self, day: date, kind: ExceptionKind) -> Iterator[SpecialDay]:
        return (
            special for special in self.special_days if (special.day, special.kind) == (day, kind)
        )

    def _weekly(
        self, day: date, calendar: WorkingCalendar
    ) -> Iterator[tuple[int, int, frozenset[str]]]:
        if self.is_official and not self.rules:
            if calendar.is_working(day):
                for starts, ends in OFFICIAL_HOURS:
                    yield starts, ends, self.modes
            return
        for rule in self.rules:
            if rule.holds(day):
                yield rule.starts_minute, rule.ends_minute, rule.modes


def monday_of(day: date) -> date:
    """Return the first day of the week."""
    return day - timedelta(days=day.weekday())


def busy_bits(spans: tuple[Span, ...], day: date) -> int:
    """Return the minutes of the day and the next that the spans take, rounded outwards.

    The next day is needed for a pause that reaches beyond midnight.
    """
    starts = day_starts_at(day)
    bits = 0
    for span in spans:
        first = max(0, (span.starts_at - starts) // STEP)
        last = min(2 * STEPS, -((starts - span.ends_at) // STEP))
        bits |= _run(first, last)
    return bits


def _within(starts_minute: int, ends_minute: int) -> int:
    return _run(-(-starts_minute // STEP_MINUTES), ends_minute // STEP_MINUTES)


def _touched(starts_minute: int, ends_minute: int) -> int:
    return _run(starts_minute // STEP_MINUTES, -(-ends_minute // STEP_MINUTES))


def _run(first: int, last: int) -> int:
    return (1 << last) - (1 << first) if first < last else 0


def _one_less(loads: Mapping[_Key, int], key: _Key) -> Mapping[_Key, int]:
    return {**loads, key: loads.get(key, 0) - 1}
