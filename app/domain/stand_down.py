"""Stand-downs 暂停期: days on which an approver lets an expert serve nobody, and what it covers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain import prose
from app.domain.availability import Days
from app.domain.calendar import local_day
from app.domain.errors import FieldError, InvalidInputError, RuleError

LONGEST_REASON = 1000
LONGEST = timedelta(days=366)


class StandDownOverlapsError(RuleError):
    """Another stand-down of the expert covers some of these days."""

    default_code = "stand_down.overlaps"


class StandDownOverError(RuleError):
    """Its last day has passed, or it was lifted; there is nothing to lift."""

    default_code = "stand_down.over"


class StoodDownError(RuleError):
    """The expert stands down on the day and serves nobody."""

    default_code = "stand_down.in_force"


@dataclass(frozen=True, slots=True)
class StandDownOrder:
    """The first and the last day, both included, and why."""

    first_on: date
    last_on: date
    reason: str

    @property
    def days(self) -> Days:
        """The days, as the engine closes them."""
        return Days(self.first_on, self.last_on)


@dataclass(frozen=True, slots=True)
class StoodDown:
    """A stand-down as the counting rules know it."""

    first_on: date
    last_on: date
    ordered_at: datetime
    lifted_at: datetime | None = None

    def covers(self, starts_at: datetime) -> bool:
        """Tell whether a service that started then was given against it.

        What had begun before it was ordered, or began once it was lifted, is not touched: nobody
        takes a service back by an order of later that day.
        """
        if starts_at < self.ordered_at:
            return False
        if self.lifted_at is not None and starts_at >= self.lifted_at:
            return False
        return self.first_on <= local_day(starts_at) <= self.last_on


def ensure_stand_down(order: StandDownOrder, today: date, others: Iterable[Days]) -> str:
    """Return the reason of a stand-down that can be ordered.

    Raises:
        InvalidInputError: naming each field at fault; no day lies in the past.
        StandDownOverlapsError: another one covers some of the days.
    """
    errors = [*_faults(order, today), *prose.faults("reason", order.reason, LONGEST_REASON)]
    if errors:
        raise InvalidInputError(errors=errors)
    if any(o.first_on <= order.last_on and order.first_on <= o.last_on for o in others):
        raise StandDownOverlapsError
    return order.reason.strip()


def _faults(order: StandDownOrder, today: date) -> Sequence[FieldError]:
    if order.first_on < today:
        return [FieldError("first_on", "input.too_early", {"first": today})]
    if order.last_on < order.first_on:
        return [FieldError("last_on", "input.too_early", {"first": order.first_on})]
    if order.last_on - order.first_on > LONGEST:
        return [FieldError("last_on", "input.too_late", {"last": order.first_on + LONGEST})]
    return []
