"""What an expert may set himself: his week, its limits, and special days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.availability.diary import ExceptionKind, SpecialDay
from app.domain.availability.search import GRID_MINUTES
from app.domain.errors import FieldError, InvalidInputError

DAY_MINUTES = 24 * 60
MOST_SPANS_A_DAY = 6
MONTHLY_LIMITS = range(31)
WEEKLY_LIMITS = range(1, 31)
YEARLY_LIMITS = range(1, 366)
BUFFER_MINUTES = range(0, 121, 5)
NOTICE_HOURS = range(7 * 24 + 1)
LONGEST_REASON = 100
LONGEST_CLOSING = timedelta(days=92)
FURTHEST_SPECIAL = timedelta(days=366)
_ONE_DAY = timedelta(days=1)
_STANDING = {
    ExceptionKind.EXTRA: "availability.opened_already",
    ExceptionKind.OFF: "availability.closed_already",
}


@dataclass(frozen=True, slots=True)
class WeekSpan:
    """Minutes [starts, ends) of one weekday, Monday = 0, open in some modes."""

    weekday: int
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Week:
    """An expert's plain week and how much of it he gives away.

    Without a weekly or a yearly limit the monthly one alone holds.
    """

    spans: Sequence[WeekSpan]
    monthly_limit: int
    buffer_minutes: int
    notice_hours: int
    weekly_limit: int | None = None
    yearly_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Time on one day beyond the plain week."""

    day: date
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """Days, both included, or the same minutes of each, in which nobody can be met."""

    first_on: date
    last_on: date
    reason: str
    starts_minute: int = 0
    ends_minute: int = DAY_MINUTES

    def days(self) -> Iterator[date]:
        """Yield the days in order."""
        for offset in range((self.last_on - self.first_on).days + 1):
            yield self.first_on + _ONE_DAY * offset


def field_of(weekday: int, number: int, part: str) -> str:
    """Return the name by which errors and forms call a part of the nth span of a weekday."""
    return f"day_{weekday}_{number}_{part}"


def ensure_week(week: Week, modes: frozenset[str]) -> None:
    """Refuse a week that contradicts itself.

    Args:
        week: what is to be set; spans are numbered from 1 within their weekday.
        modes: the ways in which the expert meets people at all.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [
        *_limit("monthly_limit", week.monthly_limit, MONTHLY_LIMITS),
        *_limit("weekly_limit", week.weekly_limit, WEEKLY_LIMITS),
        *_limit("yearly_limit", week.yearly_limit, YEARLY_LIMITS),
        *_limit("buffer_minutes", week.buffer_minutes, BUFFER_MINUTES),
        *_limit("notice_hours", week.notice_hours, NOTICE_HOURS),
    ]
    for weekday in sorted({span.weekday for span in week.spans}):
        of_day = [span for span in week.spans if span.weekday == weekday]
        for number, span in enumerate(of_day, start=1):
            names = [field_of(weekday, number, part) for part in ("starts", "ends", "modes")]
            errors += _minutes(names[0], names[1], span.starts_minute, span.ends_minute)
            errors += _modes(names[2], span.modes, modes)
            errors += _overlap(names[0], span, of_day[: number - 1])
        errors += _count(weekday, len(of_day))
    _refuse(errors)


def ensure_opening(
    opening: Opening, today: date, modes: frozenset[str], others: Iterable[SpecialDay]
) -> None:
    """Refuse an opening in the past, in no mode, or on top of another.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [
        *_days(opening.day, opening.day, today),
        *_minutes("starts", "ends", opening.starts_minute, opening.ends_minute),
        *_modes("modes", opening.modes, modes),
        *_reason(opening.reason),
    ]
    openings = [other for other in others if other.kind is ExceptionKind.EXTRA]
    errors += _standing(
        "starts", [opening.day], opening.starts_minute, opening.ends_minute, openings
    )
    _refuse(errors)


def ensure_closing(closing: Closing, today: date, others: Iterable[SpecialDay]) -> None:
    """Refuse a closing in the past, without a reason, or where something special stands already.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [
        *_days(closing.first_on, closing.last_on, today),
        *_minutes("starts", "ends", closing.starts_minute, closing.ends_minute),
        *_reason(closing.reason, is_required=True),
    ]
    if not errors:
        days = list(closing.days())
        errors = _standing("first_on", days, closing.starts_minute, closing.ends_minute, others)
    _refuse(errors)


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise InvalidInputError(errors=errors)


def _limit(name: str, value: int | None, allowed: range) -> Iterator[FieldError]:
    if value is None:
        return
    facts = {"low": allowed[0], "high": allowed[-1]}
    if value < allowed[0]:
        yield FieldError(name, "input.too_small", facts)
    elif value > allowed[-1]:
        yield FieldError(name, "input.too_large", facts)
    elif value not in allowed:
        yield FieldError(name, "input.off_grid", {"step": allowed.step})


def _count(weekday: int, count: int) -> Iterator[FieldError]:
    name = field_of(weekday, MOST_SPANS_A_DAY + 1, "starts")
    if weekday not in range(7):
        yield FieldError(field_of(weekday, 1, "starts"), "input.unknown_code")
    elif count > MOST_SPANS_A_DAY:
        yield FieldError(name, "availability.too_many_spans", {"most": MOST_SPANS_A_DAY})


def _minutes(starts_name: str, ends_name: str, starts: int, ends: int) -> Iterator[FieldError]:
    for name, minute in ((starts_name, starts), (ends_name, ends)):
        if minute % GRID_MINUTES or not 0 <= minute <= DAY_MINUTES:
            yield FieldError(name, "input.off_grid", {"step": GRID_MINUTES})
    if ends <= starts:
        yield FieldError(ends_name, "availability.end_before_start")


def _modes(name: str, given: frozenset[str], allowed: frozenset[str]) -> Iterator[FieldError]:
    if not given:
        yield FieldError(name, "input.not_chosen")
    elif not given <= allowed:
        yield FieldError(name, "input.not_a_choice")


def _overlap(name: str, span: WeekSpan, earlier: Sequence[WeekSpan]) -> Iterator[FieldError]:
    for number, other in enumerate(earlier, start=1):
        if span.starts_minute < other.ends_minute and other.starts_minute < span.ends_minute:
            yield FieldError(name, "availability.overlap", {"number": number})
            return


def _days(first_on: date, last_on: date, today: date) -> Iterator[FieldError]:
    if first_on < today:
        yield FieldError("first_on", "input.too_early", {"first": today})
    elif first_on > today + FURTHEST_SPECIAL:
        yield FieldError("first_on", "input.too_late", {"last": today + FURTHEST_SPECIAL})
    elif last_on < first_on:
        yield FieldError("last_on", "input.too_early", {"first": first_on})
    elif last_on > first_on + LONGEST_CLOSING:
        yield FieldError("last_on", "input.too_late", {"last": first_on + LONGEST_CLOSING})


def _reason(reason: str, *, is_required: bool = False) -> Iterator[FieldError]:
    length = len(reason.strip())
    if is_required and not length:
        yield FieldError("reason", "input.required")
    if length > LONGEST_REASON:
        facts = {"longest": LONGEST_REASON, "length": length}
        yield FieldError("reason", "input.too_long", facts)


def _standing(
    name: str, days: Sequence[date], starts: int, ends: int, others: Iterable[SpecialDay]
) -> list[FieldError]:
    met = [
        other
        for other in others
        if other.day in days and starts < other.ends_minute and other.starts_minute < ends
    ]
    if not met:
        return []
    first = min(met, key=lambda other: other.day)
    return [FieldError(name, _STANDING[first.kind], {"day": first.day})]
