"""Leave of an expert: days in a row on which he serves nobody, and who answers for him."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.domain import prose
from app.domain.availability import Days
from app.domain.errors import FieldError, InvalidInputError, RuleError

LONGEST_REASON = 100
LONGEST_LEAVE = timedelta(days=366)


class LeaveOverlapsError(RuleError):
    """The expert is on leave on some of these days already."""

    default_code = "leave.overlaps"


class LeaveOverError(RuleError):
    """The leave has ended; nothing of it can be given back."""

    default_code = "leave.over"


class DeputyError(RuleError):
    """Who stands in must be another expert of the pool, in term and not on leave himself."""

    default_code = "leave.deputy_unfit"


@dataclass(frozen=True, slots=True)
class Leave:
    """The first and the last day, why, and who answers requests meanwhile."""

    first_on: date
    last_on: date
    reason: str
    deputy_id: UUID | None = None

    @property
    def days(self) -> Days:
        """The days, as the engine closes them."""
        return Days(self.first_on, self.last_on)


def ensure_leave(leave: Leave, today: date, others: Iterable[Days]) -> str:
    """Return the reason of a leave that can be taken.

    Raises:
        InvalidInputError: naming each field at fault.
        LeaveOverlapsError: another leave covers some of the days.
    """
    errors = [*_faults(leave, today), *prose.faults("reason", leave.reason, LONGEST_REASON)]
    if errors:
        raise InvalidInputError(errors=errors)
    if any(o.first_on <= leave.last_on and leave.first_on <= o.last_on for o in others):
        raise LeaveOverlapsError
    return leave.reason.strip()


def _faults(leave: Leave, today: date) -> Sequence[FieldError]:
    if leave.first_on < today:
        return [FieldError("first_on", "input.too_early", {"first": today})]
    if leave.last_on < leave.first_on:
        return [FieldError("last_on", "input.too_early", {"first": leave.first_on})]
    if leave.last_on - leave.first_on > LONGEST_LEAVE:
        last = leave.first_on + LONGEST_LEAVE
        return [FieldError("last_on", "input.too_late", {"last": last})]
    return []
