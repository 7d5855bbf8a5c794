"""Places 场所: rooms and community job-service stations, when they are open, what is in them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.availability import (
    OFFICIAL_HOURS,
    Diary,
    ExceptionKind,
    Mode,
    Question,
    Span,
    SpecialDay,
    Week,
    WeeklyRule,
    WeekSpan,
    ensure_week,
    free_times,
)
from app.domain.booking import TimeTakenError
from app.domain.calendar import DayKind, WorkingCalendar, local_day
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.expert import Term

LONGEST_NAME = 60
LONGEST_ADDRESS = 120
SEATS = range(1, 1001)
WORKING_WEEKDAYS = range(5)
ONSITE = frozenset({Mode.ONSITE.value})
# A place takes as many meetings as its hours hold.
_NO_LIMIT = 10**9
_ALWAYS = (Term(date.min, date.max, date.min),)


class PlaceKind(StrEnum):
    """What sort of place it is."""

    ROOM = "room"
    STATION = "station"


class Equipment(StrEnum):
    """What a meeting may ask of a place."""

    PROJECTOR = "projector"
    WHITEBOARD = "whiteboard"
    VIDEO = "video"
    COMPUTER = "computer"
    CLOSED_DOOR = "closed_door"
    STEP_FREE = "step_free"


class PlaceClosedError(RuleError):
    """The place is not open for the whole of this time."""

    default_code = "place.closed"


class PlaceTakenError(TimeTakenError):
    """Another meeting is held at the place at this time."""

    default_code = "place.taken"


class PlaceRetiredError(RuleError):
    """The place is no longer used."""

    default_code = "place.retired"


class PlaceNameTakenError(ConflictError):
    """Another place in use has this name."""

    default_code = "place.name_taken"


class PlaceUnfitError(RuleError):
    """The place has too few seats, or lacks what was asked for."""

    default_code = "place.unfit"


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """Open minutes [starts, ends) of one weekday, Monday = 0."""

    weekday: int
    starts_minute: int
    ends_minute: int


OFFICIAL_WEEK = tuple(
    OpenSpan(weekday, starts, ends)
    for weekday in WORKING_WEEKDAYS
    for starts, ends in OFFICIAL_HOURS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """Everything the bureau says of a place."""

    kind: PlaceKind
    name: str
    street: str | None
    address: str
    seats: int
    equipment: Collection[Equipment] = ()
    hours: Sequence[OpenSpan] = OFFICIAL_WEEK


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a meeting asks of a place."""

    seats: int = 1
    equipment: frozenset[str] = frozenset()

    def is_met(self, seats: int, equipment: Collection[str]) -> bool:
        """Tell whether a place with these seats and this equipment will do."""
        return seats >= self.seats and self.equipment <= set(equipment)


def ensure_place(facts: PlaceFacts) -> None:
    """Refuse facts that contradict themselves; hours are read as an expert's week is.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [
        *_text("name", facts.name, LONGEST_NAME),
        *_text("address", facts.address, LONGEST_ADDRESS),
        *_seats(facts.seats),
        *_hours(facts.hours),
    ]
    if errors:
        raise InvalidInputError(errors=errors)


def diary_of(
    hours: Iterable[OpenSpan],
    closings: Iterable[SpecialDay],
    claims: Iterable[Span],
    calendar: WorkingCalendar,
) -> Diary:
    """Return the diary of a place: its hours on the days that are worked, minus what is claimed.

    A make-up workday on which the week has no hours is kept as a Monday.
    """
    open_week = list(hours)
    return Diary(
        is_official=False,
        modes=ONSITE,
        terms=_ALWAYS,
        rules=(*map(_rule, open_week), *_make_up_rules(open_week, calendar)),
        special_days=tuple(closings),
        claims=tuple(claims),
        notice=timedelta(),
        buffer=timedelta(),
        monthly_limit=_NO_LIMIT,
    )


def closed(day: date, starts_minute: int, ends_minute: int) -> SpecialDay:
    """Return a closing of a place as its diary knows it."""
    return SpecialDay(day, ExceptionKind.OFF, starts_minute, ends_minute, ONSITE)


def ensure_usable(
    diary: Diary, calendar: WorkingCalendar, asked: Question, starts_at: datetime
) -> None:
    """Refuse a time at which the place is shut or claimed.

    Raises:
        PlaceClosedError: it is not open then.
        PlaceTakenError: another meeting has it.
    """
    day = local_day(starts_at)
    here = Question(asked.minutes, tuple(ONSITE), asked.now)
    ends_at = starts_at + timedelta(minutes=asked.minutes)
    if any(claim.starts_at < ends_at and claim.ends_at > starts_at for claim in diary.claims):
        raise PlaceTakenError(starts_at=starts_at)
    if starts_at not in {time.starts_at for time in free_times(diary, calendar, here, [day])}:
        raise PlaceClosedError(day=day)


def _rule(span: OpenSpan, day: date | None = None) -> WeeklyRule:
    weekday = span.weekday if day is None else day.weekday()
    return WeeklyRule(weekday, span.starts_minute, span.ends_minute, ONSITE, day, day)


def _make_up_rules(hours: Sequence[OpenSpan], calendar: WorkingCalendar) -> Iterator[WeeklyRule]:
    kept = {span.weekday for span in hours}
    for day, kind in calendar.days.items():
        if kind is DayKind.WORKDAY and day.weekday() not in kept:
            yield from (_rule(span, day) for span in hours if span.weekday == 0)


def _text(name: str, value: str, longest: int) -> Iterator[FieldError]:
    length = len(value.strip())
    if not length:
        yield FieldError(name, "input.required")
    elif length > longest:
        yield FieldError(name, "input.too_long", {"longest": longest, "length": length})


def _seats(seats: int) -> Iterator[FieldError]:
    facts: Mapping[str, object] = {"low": SEATS[0], "high": SEATS[-1]}
    if seats < SEATS[0]:
        yield FieldError("seats", "input.too_small", facts)
    elif seats > SEATS[-1]:
        yield FieldError("seats", "input.too_large", facts)


def _hours(hours: Sequence[OpenSpan]) -> Sequence[FieldError]:
    if not hours:
        return [FieldError("hours", "place.never_open")]
    spans = [WeekSpan(each.weekday, each.starts_minute, each.ends_minute, ONSITE) for each in hours]
    try:
        ensure_week(Week(spans, monthly_limit=0, buffer_minutes=0, notice_hours=0), ONSITE)
    except InvalidInputError as error:
        return error.errors
    return []
