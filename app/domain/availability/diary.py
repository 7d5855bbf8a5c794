"""What decides when one expert is free."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from app.domain.availability.bits import within
from app.domain.availability.zones import DISTRICT
from app.domain.calendar import Month, local_day
from app.domain.expert import Term, carrying

HORIZON_DAYS = 60
# What a slot of a clinic is given away for.
CLINIC_SERVICE = "consultation"
_WEEK_DAYS = 7
_ONE_DAY = timedelta(days=1)
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
    """Open minutes [starts, ends) of one weekday, Monday = 0, in some modes.

    Attributes:
        every_weeks: 1 for every week, 2 for every second one.
        anchor_on: a day of a week that has the rule; weeks are counted from it in both
            directions, so that no turn of a year changes which week is the second.
        place_id: where people meet, when they meet in person.
    """

    weekday: int
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]
    valid_from: date | None = None
    valid_until: date | None = None
    every_weeks: int = 1
    anchor_on: date | None = None
    place_id: UUID | None = None

    @property
    def holds_always(self) -> bool:
        """Whether the rule opens every one of its weekdays."""
        return self.every_weeks == 1 and self.valid_from is None and self.valid_until is None

    def holds(self, day: date) -> bool:
        """Tell whether the rule opens the day."""
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
            and self._has_week_of(day)
        )

    def _has_week_of(self, day: date) -> bool:
        if self.every_weeks == 1 or self.anchor_on is None:
            return True
        apart = monday_of(day) - monday_of(self.anchor_on)
        return apart.days // _WEEK_DAYS % self.every_weeks == 0


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """Minutes of one day that are closed, or open beyond the weekly rules."""

    day: date
    kind: ExceptionKind
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Days:
    """Days in a row, both ends included."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Clinic:
    """A half-day at a place, in the district's time, given away slot by slot 坐诊."""

    day: date
    starts_minute: int
    ends_minute: int
    slot_minutes: int
    place_id: UUID | None = None
    note: str = ""

    def slots(self) -> Iterator[int]:
        """Yield the minute at which each slot starts; every slot lies whole in the clinic."""
        last = self.ends_minute - self.slot_minutes
        return iter(range(self.starts_minute, last + 1, self.slot_minutes))


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of time."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Diary:
    """Everything that decides when one expert is free.

    Attributes:
        claims: what he is taken for, pauses included.
        busy: what his own calendars say; it counts as no service.
        unknown: times of which a calendar of his tells nothing that can be relied on.
        buffer: the pause after a meeting; `buffer_before` is the one before it.
        week_loads: services by the Monday of their week.
        zone: in whose wall time rules and special days are told; terms, leaves, clinics,
            holidays and limits are matters of the district and of its days.
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
    buffer_before: timedelta = timedelta()
    horizon_days: int = HORIZON_DAYS
    zone: str = DISTRICT
    clinics: tuple[Clinic, ...] = ()
    leaves: tuple[Days, ...] = ()
    busy: tuple[Span, ...] = ()
    unknown: tuple[Span, ...] = ()

    @property
    def elsewhere(self) -> tuple[Span, ...]:
        """When he cannot be met for what his own calendars say, or do not say."""
        return self.busy + self.unknown

    @cached_property
    def weekly(self) -> Mapping[int, Sequence[tuple[WeeklyRule | None, int, frozenset[str]]]]:
        """What opens on each weekday, and in which modes; a page asks a diary many times.

        With it the rule that says in which weeks, where it is not all of them.
        """
        found: dict[int, list[tuple[WeeklyRule | None, int, frozenset[str]]]] = {}
        for rule in self.rules:
            steps = within(rule.starts_minute, rule.ends_minute)
            asked = None if rule.holds_always else rule
            found.setdefault(rule.weekday, []).append((asked, steps, rule.modes))
        return found

    @cached_property
    def specials(self) -> Mapping[date, Sequence[SpecialDay]]:
        """The special days by their local date."""
        found: dict[date, list[SpecialDay]] = {}
        for special in self.special_days:
            found.setdefault(special.day, []).append(special)
        return found

    @cached_property
    def full(self) -> Sequence[Days]:
        """The weeks, months and years in which he has as many services as he takes; few or none."""
        if not self.monthly_limit:
            return [Days(date.min, date.max)]
        found = [
            Days(month.first_on, month.following().first_on - _ONE_DAY)
            for month, load in self.month_loads.items()
            if load >= self.monthly_limit
        ]
        if self.weekly_limit is not None:
            last = timedelta(days=_WEEK_DAYS - 1)
            for monday, load in self.week_loads.items():
                if load >= self.weekly_limit:
                    found.append(Days(monday, monday + last))
        if self.yearly_limit is not None:
            for year, load in self.year_loads.items():
                if load >= self.yearly_limit:
                    found.append(Days(date(year, 1, 1), date(year, 12, 31)))
        return found

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

    def of_agreed(self) -> "Diary":
        """Return the diary as a meeting agreed before sees it, which an extension carries."""
        return replace(self, terms=carrying(self.terms))

    def without_service_on(self, day: date) -> "Diary":
        """Return the diary with room for one service more around the day: one held there moves."""
        return replace(
            self,
            month_loads=_one_less(self.month_loads, Month.of(day)),
            week_loads=_one_less(self.week_loads, monday_of(day)),
            year_loads=_one_less(self.year_loads, day.year),
        )

    def without_claims_over(self, spans: tuple[Span, ...]) -> "Diary":
        """Return the diary as it is once the bookings of the spans are given up."""
        kept = (
            claim
            for claim in self.claims
            if not any(
                claim.starts_at <= span.starts_at and span.ends_at <= claim.ends_at
                for span in spans
            )
        )
        return replace(self, claims=tuple(kept))

    def is_too_far(self, day: date, now: datetime) -> bool:
        """Tell whether the day lies beyond what can be booked now."""
        return day >= local_day(now) + timedelta(days=self.horizon_days)


def monday_of(day: date) -> date:
    """Return the first day of the week."""
    return day - timedelta(days=day.weekday())


def _one_less(loads: Mapping[_Key, int], key: _Key) -> Mapping[_Key, int]:
    return {**loads, key: loads.get(key, 0) - 1}
