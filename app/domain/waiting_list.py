"""A waiting list 候补: who is next when a time or a seat becomes free, and for how long."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.domain.calendar import ZONE
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError

OFFER_LENGTH = timedelta(hours=12)
WAKES_AT, SLEEPS_AT = time(8), time(22)
_ONE_DAY = timedelta(days=1)


class WaitingKind(StrEnum):
    """What people wait for."""

    EXPERT = "expert"
    ACTIVITY = "activity"


class WaitingStatus(StrEnum):
    """States of a place in line; a place that was passed over keeps waiting."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LEFT = "left"
    LAPSED = "lapsed"


IN_LINE = frozenset({WaitingStatus.WAITING, WaitingStatus.OFFERED})


class AlreadyWaitingError(ConflictError):
    """The person stands in this line already."""

    default_code = "waiting_list.already"


class NotFullError(RuleError):
    """There is a free time as wished: it is booked, not waited for."""

    default_code = "waiting_list.not_full"


class NothingOfferedError(ConflictError):
    """Nothing is offered to this place in line, or not any more."""

    default_code = "waiting_list.nothing_offered"


class OutOfLineError(ConflictError):
    """The place in line was given up, used, or has lapsed."""

    default_code = "waiting_list.out_of_line"


@dataclass(frozen=True, slots=True)
class Wish:
    """What would suit who waits: ways to meet, and the first and last day."""

    modes: tuple[str, ...]
    earliest_on: date
    latest_on: date


def ensure_wish(wish: Wish, today: date, last_on: date, modes: Collection[str]) -> None:
    """Refuse a wish that nothing could fulfil.

    Args:
        wish: as it was written.
        today: the district's day.
        last_on: the last day that can be booked; one who waits longer joins again.
        modes: the ways to meet there are.

    Raises:
        InvalidInputError: at fields `modes`, `earliest_on`, `latest_on`.
    """
    faults = []
    if not wish.modes:
        faults.append(FieldError("modes", "input.not_chosen", {}))
    elif not set(wish.modes) <= set(modes):
        faults.append(FieldError("modes", "input.not_a_choice", {}))
    if wish.earliest_on < today:
        faults.append(FieldError("earliest_on", "input.too_early", {"first": today}))
    if wish.latest_on < wish.earliest_on:
        faults.append(FieldError("latest_on", "input.too_early", {"first": wish.earliest_on}))
    elif wish.latest_on > last_on:
        faults.append(FieldError("latest_on", "input.too_late", {"last": last_on}))
    if faults:
        raise InvalidInputError(errors=faults)


def offer_until(now: datetime, not_after: datetime) -> datetime:
    """Return when an offer made now runs out: after twelve waking hours.

    Args:
        now: when it is made.
        not_after: when it would be of no more use.
    """
    at, left = now.astimezone(ZONE), OFFER_LENGTH
    while True:
        wakes = datetime.combine(at.date(), WAKES_AT, ZONE)
        sleeps = datetime.combine(at.date(), SLEEPS_AT, ZONE)
        at = max(at, wakes)
        awake = max(sleeps - at, timedelta())
        if left <= awake:
            return min((at + left).astimezone(UTC), not_after)
        left -= awake
        at = wakes + _ONE_DAY
