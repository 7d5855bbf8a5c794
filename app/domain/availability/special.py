"""What an expert may set for single days: hours beyond his week, and days closed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.availability.checks import DAY_MINUTES, day_ahead, minutes, modes, reason
from app.domain.availability.diary import ExceptionKind, SpecialDay
from app.domain.errors import FieldError, InvalidInputError

LONGEST_CLOSING = timedelta(days=92)
_ONE_DAY = timedelta(days=1)
_STANDING = {
    ExceptionKind.EXTRA: "availability.opened_already",
    ExceptionKind.OFF: "availability.closed_already",
}


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


def ensure_opening(
    opening: Opening, today: date, allowed: frozenset[str], others: Iterable[SpecialDay]
) -> None:
    """Refuse an opening in the past, in no mode, or on top of another.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [
        *_days(opening.day, opening.day, today),
        *minutes("starts", "ends", opening.starts_minute, opening.ends_minute),
        *modes("modes", opening.modes, allowed),
        *reason("reason", opening.reason),
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
        *minutes("starts", "ends", closing.starts_minute, closing.ends_minute),
        *reason("reason", closing.reason, is_required=True),
    ]
    if not errors:
        days = list(closing.days())
        errors = _standing("first_on", days, closing.starts_minute, closing.ends_minute, others)
    _refuse(errors)


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise InvalidInputError(errors=errors)


def _days(first_on: date, last_on: date, today: date) -> Iterator[FieldError]:
    errors = list(day_ahead("first_on", first_on, today))
    yield from errors
    if errors:
        return
    if last_on < first_on:
        yield FieldError("last_on", "input.too_early", {"first": first_on})
    elif last_on > first_on + LONGEST_CLOSING:
        yield FieldError("last_on", "input.too_late", {"last": first_on + LONGEST_CLOSING})


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
