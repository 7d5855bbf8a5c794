"""What an expert may set himself: his week and how much of it he gives away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from uuid import UUID

from app.domain.availability import checks
from app.domain.availability.diary import CLINIC_SERVICE, HORIZON_DAYS, WeeklyRule, monday_of
from app.domain.availability.starts import GRID_MINUTES
from app.domain.availability.zones import DISTRICT, known_zones
from app.domain.errors import FieldError, InvalidInputError

MOST_SPANS_A_DAY = 6
MONTHLY_LIMITS = range(31)
WEEKLY_LIMITS = range(1, 31)
YEARLY_LIMITS = range(1, 366)
BUFFER_MINUTES = range(0, 121, 5)
NOTICE_HOURS = range(7 * 24 + 1)
HORIZONS = range(1, HORIZON_DAYS + 1)
LONGEST_MINUTES = 240
# What is booked with one expert alone; the rest is planned by the bureau.
TIMED_SERVICES = (CLINIC_SERVICE, "diagnosis", "tutoring")
SHORTEST: Mapping[str, int] = dict.fromkeys(TIMED_SERVICES, GRID_MINUTES)
EVERY_WEEKS = (1, 2)


@dataclass(frozen=True, slots=True)
class WeekSpan:
    """Minutes [starts, ends) of one weekday, Monday = 0, open in some modes.

    Attributes:
        every_weeks: 1 for every week; 2 for every second, counted from the week of `anchor_on`.
        valid_from: the first day on which it holds; with `valid_until`, the last.
        place_id: where people meet in person; None for wherever the service sends them.
    """

    weekday: int
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]
    every_weeks: int = 1
    anchor_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    place_id: UUID | None = None

    def may_meet(self, other: "WeekSpan") -> bool:
        """Tell whether some minute of some day can lie in both."""
        return (
            self.weekday == other.weekday
            and self.starts_minute < other.ends_minute
            and other.starts_minute < self.ends_minute
            and (self.valid_from or date.min) <= (other.valid_until or date.max)
            and (other.valid_from or date.min) <= (self.valid_until or date.max)
            and not self._takes_turns_with(other)
        )

    def _takes_turns_with(self, other: "WeekSpan") -> bool:
        if self.anchor_on is None or other.anchor_on is None:
            return False
        apart = monday_of(self.anchor_on) - monday_of(other.anchor_on)
        return apart.days // 7 % 2 == 1


def rule_of(span: WeekSpan) -> WeeklyRule:
    """Return the rule that a span of the week makes."""
    return WeeklyRule(**{each.name: getattr(span, each.name) for each in fields(span)})


def as_span(rule: WeeklyRule) -> WeekSpan:
    """Return the span of the week that a rule was made of."""
    return WeekSpan(**{each.name: getattr(rule, each.name) for each in fields(rule)})


@dataclass(frozen=True, slots=True)
class Week:
    """An expert's plain week and how much of it he gives away.

    Without a weekly or a yearly limit the monthly one alone holds.

    Attributes:
        buffer_minutes: the pause after a meeting; `buffer_before_minutes` the one before it.
        horizon_days: how many days ahead he can be booked, today included.
        time_zone: the IANA name of the zone in whose wall time the week is told.
        minutes: how long he takes for a kind of service, where that is not the usual length.
    """

    spans: Sequence[WeekSpan]
    monthly_limit: int
    buffer_minutes: int
    notice_hours: int
    weekly_limit: int | None = None
    yearly_limit: int | None = None
    buffer_before_minutes: int = 0
    horizon_days: int = HORIZON_DAYS
    time_zone: str = DISTRICT
    minutes: Mapping[str, int] = field(default_factory=dict)


def field_of(weekday: int, number: int, part: str) -> str:
    """Return the name by which errors and forms call a part of the nth span of a weekday."""
    return f"day_{weekday}_{number}_{part}"


def length_field(session_type: str) -> str:
    """Return the name by which errors and forms call the length of a kind of service."""
    return f"minutes_{session_type}"


def ensure_week(week: Week, modes: frozenset[str], least: Mapping[str, int] = SHORTEST) -> None:
    """Refuse a week that contradicts itself.

    Args:
        week: what is to be set; spans are numbered from 1 within their weekday.
        modes: the ways in which the expert meets people at all.
        least: the shortest service of each kind that counts, in minutes.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [*_limits(week), *_lengths(week, least)]
    for weekday in sorted({span.weekday for span in week.spans}):
        of_day = [span for span in week.spans if span.weekday == weekday]
        for number, span in enumerate(of_day, start=1):
            errors += _span(span, number, modes)
            errors += _overlap(span, number, of_day[: number - 1])
        errors += _count(weekday, len(of_day))
    if errors:
        raise InvalidInputError(errors=errors)


def _limits(week: Week) -> Iterator[FieldError]:
    yield from checks.limit("monthly_limit", week.monthly_limit, MONTHLY_LIMITS)
    yield from checks.limit("weekly_limit", week.weekly_limit, WEEKLY_LIMITS)
    yield from checks.limit("yearly_limit", week.yearly_limit, YEARLY_LIMITS)
    yield from checks.limit("buffer_minutes", week.buffer_minutes, BUFFER_MINUTES)
    yield from checks.limit("buffer_before_minutes", week.buffer_before_minutes, BUFFER_MINUTES)
    yield from checks.limit("notice_hours", week.notice_hours, NOTICE_HOURS)
    yield from checks.limit("horizon_days", week.horizon_days, HORIZONS)
    if week.time_zone not in known_zones():
        yield FieldError("time_zone", "availability.zone_unknown")


def _lengths(week: Week, least: Mapping[str, int]) -> Iterator[FieldError]:
    for session_type, minutes in week.minutes.items():
        name = length_field(session_type)
        if session_type in TIMED_SERVICES:
            allowed = range(least[session_type], LONGEST_MINUTES + 1, 5)
            yield from checks.limit(name, minutes, allowed)
        else:
            yield FieldError(name, "input.unknown_code")


def _span(span: WeekSpan, number: int, modes: frozenset[str]) -> Iterator[FieldError]:
    def name(part: str) -> str:
        return field_of(span.weekday, number, part)

    yield from checks.minutes(name("starts"), name("ends"), span.starts_minute, span.ends_minute)
    yield from checks.modes(name("modes"), span.modes, modes)
    if span.every_weeks not in EVERY_WEEKS:
        yield FieldError(name("every"), "input.not_a_choice")
    elif (span.every_weeks == 1) != (span.anchor_on is None):
        yield FieldError(name("every"), "availability.no_anchor")
    if (span.valid_from or date.min) > (span.valid_until or date.max):
        yield FieldError(name("until"), "input.too_early", {"first": span.valid_from})


def _count(weekday: int, count: int) -> Iterator[FieldError]:
    name = field_of(weekday, MOST_SPANS_A_DAY + 1, "starts")
    if weekday not in range(7):
        yield FieldError(field_of(weekday, 1, "starts"), "input.unknown_code")
    elif count > MOST_SPANS_A_DAY:
        yield FieldError(name, "availability.too_many_spans", {"most": MOST_SPANS_A_DAY})


def _overlap(span: WeekSpan, number: int, earlier: Sequence[WeekSpan]) -> Iterator[FieldError]:
    name = field_of(span.weekday, number, "starts")
    for met, other in enumerate(earlier, start=1):
        if span.may_meet(other):
            yield FieldError(name, "availability.overlap", {"number": met})
            return
