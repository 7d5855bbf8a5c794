"""When an expert can be met: his week, days that differ from it, clinics."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, Text, Whole
from app.domain.actor import Permission
from app.domain.availability import (
    BUFFER_MINUTES,
    HORIZON_DAYS,
    HORIZONS,
    LONGEST_MINUTES,
    LONGEST_REASON,
    MONTHLY_LIMITS,
    MOST_SPANS_A_DAY,
    NOTICE_HOURS,
    SLOT_MINUTES,
    TIMED_SERVICES,
    WEEKLY_LIMITS,
    YEARLY_LIMITS,
    Clinic,
    Closing,
    ExceptionKind,
    Mode,
    Opening,
    Week,
    WeekSpan,
    field_of,
    length_field,
)
from app.domain.errors import InvalidInputError
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.exchange import (
    AvailabilityDetail,
    ClinicDetail,
    availability_detail,
    clinic_detail,
)
from app.services import availability

DAY_MINUTES = 24 * 60
LONGEST_ZONE = 60
MOST_DAYS = 100
Minute = Annotated[int, Whole(0, DAY_MINUTES)]
Modes = Annotated[tuple[Mode, ...], Count(0, len(Mode))]
Buffer = Annotated[int, Whole(BUFFER_MINUTES[0], BUFFER_MINUTES[-1])]
Length = Annotated[int | None, Whole(1, LONGEST_MINUTES), Named(says="Null for the usual one.")]
_PARTS = {
    "starts": "starts_minute",
    "ends": "ends_minute",
    "every": "anchor_on",
    "from": "valid_from",
    "until": "valid_until",
    "place": "place_id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanBody:
    """Minutes [starts, ends) of one weekday, Monday = 0, in the expert's own wall time."""

    weekday: Annotated[int, Whole(0, 6)]
    starts_minute: Minute
    ends_minute: Minute
    modes: Modes
    every_weeks: Annotated[int, Whole(1, 2)] = 1
    anchor_on: Annotated[
        date | None, Named(says="A day of a week that has it, where it is every second week.")
    ] = None
    valid_from: date | None = None
    valid_until: date | None = None
    place_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBody:
    """The whole week and its limits; what is left out is as usual, not as it was."""

    spans: Annotated[tuple[SpanBody, ...], Count(0, 7 * MOST_SPANS_A_DAY)]
    time_zone: Annotated[str, Text(LONGEST_ZONE), Named(says="An IANA name.")]
    monthly_limit: Annotated[int, Whole(MONTHLY_LIMITS[0], MONTHLY_LIMITS[-1])]
    weekly_limit: Annotated[int | None, Whole(WEEKLY_LIMITS[0], WEEKLY_LIMITS[-1])] = None
    yearly_limit: Annotated[int | None, Whole(YEARLY_LIMITS[0], YEARLY_LIMITS[-1])] = None
    buffer_before_minutes: Buffer = 0
    buffer_minutes: Buffer
    notice_hours: Annotated[int, Whole(NOTICE_HOURS[0], NOTICE_HOURS[-1])]
    horizon_days: Annotated[int, Whole(HORIZONS[0], HORIZONS[-1])] = HORIZON_DAYS
    consultation_minutes: Length = None
    diagnosis_minutes: Length = None
    tutoring_minutes: Length = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDayBody:
    """Days closed, both included, or one day opened for some minutes."""

    kind: ExceptionKind
    first_on: date
    last_on: date | None = None
    starts_minute: Minute = 0
    ends_minute: Minute = DAY_MINUTES
    modes: Modes = ()
    reason: Annotated[str | None, Text(LONGEST_REASON)] = None


@dataclass(frozen=True, slots=True)
class RemovedDays:
    """Which special days go."""

    ids: Annotated[tuple[UUID, ...], Count(1, MOST_DAYS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicBody:
    """A half-day at a place in the district's time, given away slot by slot."""

    day: date
    starts_minute: Minute
    ends_minute: Minute
    slot_minutes: Annotated[int, Whole(SLOT_MINUTES[0], SLOT_MINUTES[-1])]
    place_id: UUID | None = None
    note: Annotated[str | None, Text(LONGEST_REASON)] = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    expert = "/experts/<uuid:expert_id>"
    blueprint.get(f"{expert}/availability")(read_availability)
    blueprint.put(f"{expert}/availability")(set_availability)
    blueprint.post(f"{expert}/special-days")(add_special_days)
    blueprint.post(f"{expert}/special-days/remove")(remove_special_days)
    blueprint.post(f"{expert}/clinics")(add_clinic)
    blueprint.post(f"{expert}/clinics/<uuid:clinic_id>/remove")(remove_clinic)


@operation(Permission.SET_AVAILABILITY, answer=AvailabilityDetail)
def read_availability(expert_id: UUID) -> Any:
    """Read when an expert can be met, as it is set."""
    return _detail(expert_id)


@operation(Permission.SET_AVAILABILITY, answer=AvailabilityDetail)
def set_availability(expert_id: UUID, body: WeekBody, version: int | None) -> Any:
    """Replace the week of an expert and its limits; bookings that stand are left alone."""
    with _naming(body):
        run(availability.set_week, expert_id, _week(body), version=version)
    return _detail(expert_id)


@operation(Permission.SET_AVAILABILITY, answer=AvailabilityDetail)
def add_special_days(expert_id: UUID, body: SpecialDayBody) -> Any:
    """Close days of an expert, or open one beyond his week."""
    span = body.starts_minute, body.ends_minute
    if body.kind is ExceptionKind.OFF:
        closing = Closing(body.first_on, body.last_on or body.first_on, body.reason or "", *span)
        run(availability.close_day, expert_id, closing, answer=len)
    else:
        opening = Opening(body.first_on, *span, frozenset(body.modes), body.reason or "")
        run(availability.open_day, expert_id, opening)
    return _detail(expert_id)


@operation(Permission.SET_AVAILABILITY, answer=AvailabilityDetail)
def remove_special_days(expert_id: UUID, body: RemovedDays) -> Any:
    """Let the week hold again on special days."""
    run(availability.remove_days, expert_id, body.ids)
    return _detail(expert_id)


@operation(Permission.SET_CLINIC, answer=ClinicDetail, status=201)
def add_clinic(expert_id: UUID, body: ClinicBody) -> Any:
    """Set a clinic: its slots can be booked, and nothing else in it."""
    given = {each.name: getattr(body, each.name) for each in fields(body)}
    return run(
        availability.set_clinic,
        expert_id,
        Clinic(**{**given, "note": body.note or ""}),
        answer=lambda row: jsonable(clinic_detail(row)),
    )


@operation(Permission.SET_CLINIC, answer=AvailabilityDetail)
def remove_clinic(expert_id: UUID, clinic_id: UUID, version: int | None) -> Any:
    """Take a clinic back; bookings that stand are left alone."""
    run(availability.remove_clinic, expert_id, clinic_id, version=version)
    return _detail(expert_id)


def _detail(expert_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(availability_detail(reader, expert_id))


def _week(body: WeekBody) -> Week:
    given = {code: getattr(body, f"{code}_minutes") for code in TIMED_SERVICES}
    return Week(
        spans=tuple(map(_span, body.spans)),
        monthly_limit=body.monthly_limit,
        buffer_minutes=body.buffer_minutes,
        notice_hours=body.notice_hours,
        weekly_limit=body.weekly_limit,
        yearly_limit=body.yearly_limit,
        buffer_before_minutes=body.buffer_before_minutes,
        horizon_days=body.horizon_days,
        time_zone=body.time_zone,
        minutes={code: minutes for code, minutes in given.items() if minutes is not None},
    )


def _span(body: SpanBody) -> WeekSpan:
    given = {each.name: getattr(body, each.name) for each in fields(body)}
    return WeekSpan(**{**given, "modes": frozenset(body.modes)})


@contextmanager
def _naming(body: WeekBody) -> Iterator[None]:
    """Call the fields at fault what the body calls them."""
    try:
        yield
    except InvalidInputError as error:
        names = dict(_names(body))
        faults = [replace(each, field=names.get(each.field, each.field)) for each in error.errors]
        raise InvalidInputError(error.code, errors=faults, **error.facts) from error


def _names(body: WeekBody) -> Iterator[tuple[str, str]]:
    for code in TIMED_SERVICES:
        yield length_field(code), f"{code}_minutes"
    numbers: Counter[int] = Counter()
    for index, span in enumerate(body.spans):
        numbers[span.weekday] += 1
        for part in ("starts", "ends", "modes", "every", "from", "until", "place"):
            name = field_of(span.weekday, numbers[span.weekday], part)
            yield name, f"spans[{index}].{_PARTS.get(part, part)}"
