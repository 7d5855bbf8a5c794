"""A waiting list 候补: who is next when a time or a seat becomes free, and for how long."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.domain.calendar import ZONE
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError

OFFER_LENGTH = timedelta(hours=12)
SHORTEST_OFFER = timedelta(minutes=30)
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
    return min(_after_waking(now, OFFER_LENGTH), not_after)


def seat_offer_until(now: datetime, starts_at: datetime) -> datetime:
    """Return when a seat that is offered now goes to the next: the more haste, the less is left.

    As for an expert's time, but at most half of the waking hours before the start, so that the
    next in line has as many; thirty minutes at least, and never past the start.

    Args:
        now: when it is offered, before the start.
        starts_at: when the activity begins.
    """
    half = _waking_between(now, starts_at) / 2
    until = _after_waking(now, min(OFFER_LENGTH, max(half, SHORTEST_OFFER)))
    return min(until.replace(second=0, microsecond=0), starts_at)


def _after_waking(now: datetime, length: timedelta) -> datetime:
    """Return the instant at which so many waking hours have gone by."""
    at, left = now.astimezone(ZONE), length
    while True:
        wakes, sleeps = _waking(at)
        at = max(at, wakes)
        awake = max(sleeps - at, timedelta())
        if left <= awake:
            return (at + left).astimezone(UTC)
        left -= awake
        at = wakes + _ONE_DAY


def _waking_between(now: datetime, until: datetime) -> timedelta:
    """Return how many waking hours lie between, counted no further than two whole offers."""
    at, end = now.astimezone(ZONE), until.astimezone(ZONE)
    awake = timedelta()
    while at < end and awake < 2 * OFFER_LENGTH:
        wakes, sleeps = _waking(at)
        awake += max(min(sleeps, end) - max(at, wakes), timedelta())
        at = wakes + _ONE_DAY
    return awake


def _waking(at: datetime) -> tuple[datetime, datetime]:
    on = at.date()
    return datetime.combine(on, WAKES_AT, ZONE), datetime.combine(on, SLEEPS_AT, ZONE)
