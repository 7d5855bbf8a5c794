"""A mentor's hours: the plain week, special days, limits, and what founders will see of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.availability import (
    Diary,
    ExceptionKind,
    Question,
    Slots,
    Week,
    as_span,
    free_times,
    monday_of,
    rule_of,
    upcoming,
    wall_time,
)
from app.domain.availability import Hours as HoursOf
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.models.availability import AvailabilityException
from app.models.expert import Expert
from app.models.place import Place
from app.queries.free_times import Diaries, load_diaries
from app.queries.mentor_home.meetings import own_expert_id
from app.unit_of_work import Reader

PREVIEW_DAYS = 28
PREVIEW_SERVICE = "consultation"


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days in a row that are special alike; without ids they are the bureau's holidays."""

    first_on: date
    last_on: date
    kind: ExceptionKind
    starts_minute: int
    ends_minute: int
    reason: str
    ids: tuple[UUID, ...] = ()


class DayState(StrEnum):
    """Why a day of the preview has times, or has none."""

    FREE = "free"
    FULL = "full"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """What founders see of one day."""

    on: date
    count: int
    state: DayState
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What founders see of the coming four weeks."""

    total: int
    minutes: int
    days: tuple[PreviewDay, ...]

    @property
    def weeks(self) -> tuple["PreviewWeek", ...]:
        """The days by their weeks, the first of which may have begun."""
        grouped = groupby(self.days, key=lambda each: monday_of(each.on))
        return tuple(PreviewWeek(tuple(days)) for _, days in grouped)


@dataclass(frozen=True, slots=True)
class PreviewWeek:
    """What founders see of one week."""

    days: tuple[PreviewDay, ...]

    @property
    def total(self) -> int:
        """How many times the week has."""
        return sum(day.count for day in self.days)


@dataclass(frozen=True, slots=True)
class Hours:
    """Everything on the page of a mentor's hours."""

    expert_id: UUID
    version: int
    modes: tuple[str, ...]
    week: Week
    special_days: tuple[SpecialDays, ...]
    bookings_ahead: int
    has_office_hours: bool
    name: str
    places: Mapping[UUID, str]
    usual: Mapping[str, int]
    diary: Diary
    diaries: Diaries
    now: datetime

    @property
    def today(self) -> date:
        """The date that the expert's own calendar shows."""
        return wall_time(self.now, self.week.time_zone).date()


def hours(reader: Reader, expert_id: UUID | None = None) -> Hours:
    """Return the hours of the actor, a mentor, or those of any expert for an officer.

    Raises:
        NotFoundError: there is no such expert, or he is not the actor's to set.
    """
    if expert_id is None or not reader.actor.is_staff:
        himself = own_expert_id(reader)
        if expert_id not in (None, himself):
            raise NotFoundError("expert.not_found")
        expert_id = himself
    diaries = load_diaries(reader, [expert_id], upcoming(reader.now))
    diary = diaries.by_expert.get(expert_id)
    if diary is None:
        raise NotFoundError("expert.not_found")
    expert, own = _expert(reader, expert_id)
    return Hours(
        expert_id=expert_id,
        version=expert.version,
        modes=tuple(expert.modes),
        week=_week(expert, diary),
        special_days=_special_days(own, diaries.holidays, reader.now),
        bookings_ahead=sum(claim.starts_at > reader.now for claim in diary.claims),
        has_office_hours=diary.is_official and not diary.rules,
        name=expert.name,
        places=_places(reader),
        usual=diaries.standard_minutes,
        diary=diary,
        diaries=diaries,
        now=reader.now,
    )


def preview(page: Hours, week: Week) -> Preview:
    """Return what founders would see if the week were saved."""
    diary = replace(
        page.diary,
        rules=tuple(rule_of(span) for span in week.spans),
        monthly_limit=week.monthly_limit,
        weekly_limit=week.weekly_limit,
        yearly_limit=week.yearly_limit,
        buffer=timedelta(minutes=week.buffer_minutes),
        buffer_before=timedelta(minutes=week.buffer_before_minutes),
        notice=timedelta(hours=week.notice_hours),
        horizon_days=week.horizon_days,
        zone=week.time_zone,
    )
    minutes = week.minutes.get(PREVIEW_SERVICE, page.diaries.standard_minutes[PREVIEW_SERVICE])
    question = Question(minutes, page.modes, page.now, slots=Slots.ANY)
    days = upcoming(page.now, PREVIEW_DAYS)
    calendar = page.diaries.calendar
    hours = HoursOf(diary, calendar, days)
    times = free_times(diary, calendar, question, days)
    counts = Counter(local_day(time.starts_at) for time in times)
    found = tuple(
        PreviewDay(day, counts[day], DayState.FREE)
        if day in counts
        else _without_times(page, diary, day, is_open=any(hours.open(day).values()))
        for day in days
    )
    return Preview(sum(day.count for day in found), minutes, found)


def _without_times(page: Hours, diary: Diary, day: date, *, is_open: bool) -> PreviewDay:
    if diary.is_too_far(day, page.now):
        return PreviewDay(day, 0, DayState.FAR)
    if is_open:
        return PreviewDay(day, 0, DayState.FULL)
    holiday = page.diaries.holidays.get(day, "")
    return PreviewDay(day, 0, DayState.HOLIDAY if holiday else DayState.CLOSED, holiday)


def _week(expert: Expert, diary: Diary) -> Week:
    return Week(
        tuple(map(as_span, sorted(diary.rules, key=lambda r: (r.weekday, r.starts_minute)))),
        expert.monthly_limit,
        expert.buffer_minutes,
        expert.notice_hours,
        expert.weekly_limit,
        expert.yearly_limit,
        buffer_before_minutes=expert.buffer_before_minutes,
        horizon_days=expert.horizon_days,
        time_zone=expert.time_zone,
        minutes=expert.minutes,
    )


def _places(reader: Reader) -> Mapping[UUID, str]:
    rows = reader.session.execute(
        select(Place.id, Place.name).where(Place.retired_at.is_(None)).order_by(Place.name)
    )
    return {place_id: name for place_id, name in rows}


def _expert(reader: Reader, expert_id: UUID) -> tuple[Expert, list[AvailabilityException]]:
    rows = reader.session.execute(
        select(Expert, AvailabilityException)
        .outerjoin(
            AvailabilityException,
            and_(
                AvailabilityException.expert_id == Expert.id,
                AvailabilityException.day >= local_day(reader.now),
            ),
        )
        .where(Expert.id == expert_id)
        .order_by(AvailabilityException.day, AvailabilityException.starts_minute)
    ).all()
    return rows[0].Expert, [day for _, day in rows if day is not None]


def _special_days(
    own: Sequence[AvailabilityException], holidays: Mapping[date, str], now: datetime
) -> tuple[SpecialDays, ...]:
    ahead = upcoming(now)
    single = [
        SpecialDays(row.day, row.day, row.kind, *_span(row), row.reason, (row.id,)) for row in own
    ]
    single += [
        SpecialDays(on, on, ExceptionKind.OFF, 0, 24 * 60, name)
        for on, name in sorted(holidays.items())
        if ahead[0] <= on <= ahead[-1]
    ]
    return tuple(sorted(_joined(single), key=lambda days: (days.first_on, days.starts_minute)))


def _span(row: AvailabilityException) -> tuple[int, int]:
    return row.starts_minute, row.ends_minute


def _alike(days: SpecialDays) -> tuple[object, ...]:
    return (bool(days.ids), days.kind, days.reason, days.starts_minute, days.ends_minute)


def _joined(single: Sequence[SpecialDays]) -> Iterable[SpecialDays]:
    for _, group in groupby(sorted(single, key=lambda d: (str(_alike(d)), d.first_on)), _alike):
        run: SpecialDays | None = None
        for days in group:
            if run is not None and days.first_on == run.last_on + timedelta(days=1):
                run = replace(run, last_on=days.last_on, ids=run.ids + days.ids)
                continue
            if run is not None:
                yield run
            run = days
        if run is not None:
            yield run
