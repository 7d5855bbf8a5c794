"""When an expert can be met, as it is set: what may be read and written back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.availability import (
    ExceptionKind,
    Mode,
    WeekSpan,
    as_span,
    wall_time,
)
from app.domain.errors import NotFoundError
from app.models.availability import AvailabilityException, Clinic
from app.models.expert import Expert
from app.queries.free_times import rules_of
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class SpanDetail:
    """Minutes [starts, ends) of one weekday, Monday = 0, in the expert's own wall time."""

    weekday: int
    starts_minute: int
    ends_minute: int
    modes: tuple[Mode, ...]
    every_weeks: int
    anchor_on: date | None
    valid_from: date | None
    valid_until: date | None
    place_id: UUID | None


@dataclass(frozen=True, slots=True)
class SpecialDayDetail:
    """A day closed or opened beside the week."""

    id: UUID
    day: date
    kind: ExceptionKind
    starts_minute: int
    ends_minute: int
    modes: tuple[Mode, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ClinicDetail:
    """A half-day given away slot by slot, in the district's time."""

    id: UUID
    version: int
    day: date
    starts_minute: int
    ends_minute: int
    slot_minutes: int
    place_id: UUID | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityDetail:
    """The week of an expert, how much of it he gives away, and what differs from it from today.

    A length that is null is the usual one.
    """

    expert_id: UUID
    version: int
    time_zone: str
    spans: tuple[SpanDetail, ...]
    monthly_limit: int
    weekly_limit: int | None
    yearly_limit: int | None
    buffer_before_minutes: int
    buffer_minutes: int
    notice_hours: int
    horizon_days: int
    consultation_minutes: int | None
    diagnosis_minutes: int | None
    tutoring_minutes: int | None
    special_days: tuple[SpecialDayDetail, ...]
    clinics: tuple[ClinicDetail, ...]


def availability_detail(reader: Reader, expert_id: UUID) -> AvailabilityDetail:
    """Return what is set for an expert: his own for a mentor, anybody's for staff.

    Why he is away is for himself and the bureau to know.

    Raises:
        NotFoundError: there is no such expert, or he is somebody else.
    """
    expert = reader.session.get(Expert, expert_id)
    if expert is None or not (reader.actor.is_staff or reader.actor.expert_id == expert_id):
        raise NotFoundError("expert.not_found")
    rules = sorted(rules_of(reader, [expert.id])[expert.id], key=lambda rule: rule.starts_minute)
    today = wall_time(reader.now, expert.time_zone).date()
    return AvailabilityDetail(
        expert_id=expert.id,
        version=expert.version,
        time_zone=expert.time_zone,
        spans=tuple(_span(as_span(r)) for r in sorted(rules, key=lambda rule: rule.weekday)),
        monthly_limit=expert.monthly_limit,
        weekly_limit=expert.weekly_limit,
        yearly_limit=expert.yearly_limit,
        buffer_before_minutes=expert.buffer_before_minutes,
        buffer_minutes=expert.buffer_minutes,
        notice_hours=expert.notice_hours,
        horizon_days=expert.horizon_days,
        consultation_minutes=expert.minutes.get("consultation"),
        diagnosis_minutes=expert.minutes.get("diagnosis"),
        tutoring_minutes=expert.minutes.get("tutoring"),
        special_days=_special_days(reader, expert.id, today),
        clinics=_clinics(reader, expert.id, today),
    )


def _span(span: WeekSpan) -> SpanDetail:
    return SpanDetail(
        weekday=span.weekday,
        starts_minute=span.starts_minute,
        ends_minute=span.ends_minute,
        modes=tuple(mode for mode in Mode if mode in span.modes),
        every_weeks=span.every_weeks,
        anchor_on=span.anchor_on,
        valid_from=span.valid_from,
        valid_until=span.valid_until,
        place_id=span.place_id,
    )


def _special_days(reader: Reader, expert_id: UUID, today: date) -> tuple[SpecialDayDetail, ...]:
    table = AvailabilityException
    may_know = may(reader.actor, Permission.SET_AVAILABILITY, experts=frozenset({expert_id}))
    rows = reader.session.scalars(
        select(table)
        .where(table.expert_id == expert_id, table.day >= today)
        .order_by(table.day, table.starts_minute, table.id)
    )
    return tuple(
        SpecialDayDetail(
            id=row.id,
            day=row.day,
            kind=row.kind,
            starts_minute=row.starts_minute,
            ends_minute=row.ends_minute,
            modes=tuple(mode for mode in Mode if mode in row.modes),
            reason=row.reason if may_know else "",
        )
        for row in rows
    )


def _clinics(reader: Reader, expert_id: UUID, today: date) -> tuple[ClinicDetail, ...]:
    rows = reader.session.scalars(
        select(Clinic)
        .where(Clinic.expert_id == expert_id, Clinic.day >= today)
        .order_by(Clinic.day, Clinic.starts_minute)
    )
    return tuple(clinic_detail(row) for row in rows)


def clinic_detail(row: Clinic) -> ClinicDetail:
    """Return a clinic as it is."""
    return ClinicDetail(
        id=row.id,
        version=row.version,
        day=row.day,
        starts_minute=row.starts_minute,
        ends_minute=row.ends_minute,
        slot_minutes=row.slot_minutes,
        place_id=row.place_id,
        note=row.note,
    )
