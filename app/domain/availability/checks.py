"""What is asked of every field by which somebody says when he can be met."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.domain.availability.starts import GRID_MINUTES
from app.domain.errors import FieldError

DAY_MINUTES = 24 * 60
LONGEST_REASON = 100
FURTHEST_AHEAD = timedelta(days=366)


def limit(name: str, value: int | None, allowed: range) -> Iterator[FieldError]:
    """Name the field when the number is none of those allowed."""
    if value is None:
        return
    facts = {"low": allowed[0], "high": allowed[-1]}
    if value < allowed[0]:
        yield FieldError(name, "input.too_small", facts)
    elif value > allowed[-1]:
        yield FieldError(name, "input.too_large", facts)
    elif value not in allowed:
        yield FieldError(name, "input.off_grid", {"step": allowed.step})


def minutes(starts_name: str, ends_name: str, starts: int, ends: int) -> Iterator[FieldError]:
    """Name the fields that are no quarter hour of a day, or no span."""
    for name, minute in ((starts_name, starts), (ends_name, ends)):
        if minute % GRID_MINUTES or not 0 <= minute <= DAY_MINUTES:
            yield FieldError(name, "input.off_grid", {"step": GRID_MINUTES})
    if ends <= starts:
        yield FieldError(ends_name, "availability.end_before_start")


def modes(name: str, given: frozenset[str], allowed: frozenset[str]) -> Iterator[FieldError]:
    """Name the field when no way of meeting is chosen, or one that the expert has not."""
    if not given:
        yield FieldError(name, "input.not_chosen")
    elif not given <= allowed:
        yield FieldError(name, "input.not_a_choice")


def day_ahead(name: str, day: date, today: date) -> Iterator[FieldError]:
    """Name the field when the day has passed, or lies more than a year ahead."""
    if day < today:
        yield FieldError(name, "input.too_early", {"first": today})
    elif day > today + FURTHEST_AHEAD:
        yield FieldError(name, "input.too_late", {"last": today + FURTHEST_AHEAD})


def reason(name: str, text: str, *, is_required: bool = False) -> Iterator[FieldError]:
    """Name the field when the reason is missing or too long."""
    length = len(text.strip())
    if is_required and not length:
        yield FieldError(name, "input.required")
    if length > LONGEST_REASON:
        facts = {"longest": LONGEST_REASON, "length": length}
        yield FieldError(name, "input.too_long", facts)
