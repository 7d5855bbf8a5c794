"""The times a diary offers, and the refusal of every other time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.availability.bits import STEP, digits, each
from app.domain.availability.diary import HORIZON_DAYS, Clinic, Diary, Mode
from app.domain.availability.starts import GRID_MINUTES, Question, starts
from app.domain.availability.zones import span_of, wall_time
from app.domain.calendar import DayKind, WorkingCalendar, local_day
from app.domain.errors import RuleError
from app.domain.expert import in_term, takes_new

_GRID = timedelta(minutes=GRID_MINUTES)
_ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)


class NotFreeError(RuleError):
    """The expert cannot be met then; the code says why."""

    default_code = "availability.closed"


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that can be booked, and the modes in which it can.

    Attributes:
        is_slot: whether it is a slot of a clinic, as long as the clinic says.
    """

    starts_at: datetime
    ends_at: datetime
    modes: tuple[str, ...]
    is_slot: bool = False


def free_times(
    diary: Diary, calendar: WorkingCalendar, question: Question, days: Iterable[date]
) -> Iterator[FreeTime]:
    """Yield the free times of the days in order of start; days too far ahead have none."""
    length = timedelta(minutes=question.minutes)
    for found in starts(diary, calendar, question, days):
        begins_at, slots = found.begins_at, found.slot_minutes
        by_mode = [(mode, digits(bits)) for mode, bits in found.by_mode.items()]
        for step in each(found.bits):
            at = begins_at + STEP * step
            modes = tuple([mode for mode, steps in by_mode if steps.startswith("1", step)])
            if step in slots:
                yield FreeTime(at, at + _ONE_MINUTE * slots[step], modes, is_slot=True)
            else:
                yield FreeTime(at, at + length, modes)


def offered_at(
    diary: Diary, calendar: WorkingCalendar, question: Question, starts_at: datetime
) -> FreeTime | None:
    """Return the time that is offered from the instant on, None when there is none."""
    times = free_times(diary, calendar, question, [local_day(starts_at)])
    return next((time for time in times if time.starts_at == starts_at), None)


def ensure_free(
    diary: Diary, calendar: WorkingCalendar, question: Question, starts_at: datetime
) -> None:
    """Refuse a time that is not offered, naming why; claims are the database's to judge.

    Raises:
        NotFreeError: with a code of its own for each cause.
    """
    day = local_day(starts_at)
    clinic = clinic_at(diary, starts_at)
    if clinic is None and (starts_at - span_of(day)[0]) % _GRID:
        raise NotFreeError("availability.off_grid", minutes=GRID_MINUTES)
    cause = _cause(diary, question, day, starts_at)
    if cause:
        hours = int(diary.notice.total_seconds() // 3600)
        raise NotFreeError(cause, day=day, hours=hours, days=diary.horizon_days)
    alone, unclaimed = replace(question, also_busy=()), replace(diary, claims=())
    if offered_at(unclaimed, calendar, alone, starts_at) is None:
        _ensure_not_elsewhere(unclaimed, calendar, alone, starts_at)
        if clinic is not None:
            raise NotFreeError("availability.in_clinic", day=day, minutes=clinic.slot_minutes)
        holiday = calendar.days.get(day) is DayKind.OFF
        raise NotFreeError("availability.holiday" if holiday else "availability.closed", day=day)


def _ensure_not_elsewhere(
    diary: Diary, calendar: WorkingCalendar, question: Question, starts_at: datetime
) -> None:
    """Refuse a time that would be offered but for the expert's own calendars, naming which."""
    known = replace(diary, unknown=())
    for seen, code in (
        (known, "availability.calendar_unknown"),
        (replace(known, busy=()), "availability.busy_elsewhere"),
    ):
        if offered_at(seen, calendar, question, starts_at) is not None:
            raise NotFreeError(code, day=local_day(starts_at))


def clinic_at(diary: Diary, instant: datetime) -> Clinic | None:
    """Return the clinic that the expert holds at the instant."""
    day = local_day(instant)
    minute = (instant - span_of(day)[0]) // _ONE_MINUTE
    return next(
        (
            clinic
            for clinic in diary.clinics
            if clinic.day == day and clinic.starts_minute <= minute < clinic.ends_minute
        ),
        None,
    )


def pauses_at(diary: Diary, starts_at: datetime) -> tuple[timedelta, timedelta]:
    """Return the pauses after and before a meeting; the slots of a clinic have none between."""
    if clinic_at(diary, starts_at) is not None:
        return timedelta(), timedelta()
    return diary.buffer, diary.buffer_before


def place_at(diary: Diary, starts_at: datetime) -> UUID | None:
    """Return where people meet in person who meet then, None where nothing is said."""
    clinic = clinic_at(diary, starts_at)
    if clinic is not None:
        return clinic.place_id
    wall = wall_time(starts_at, diary.zone)
    minute = wall.hour * 60 + wall.minute
    for rule in diary.rules:
        is_on = rule.holds(wall.date()) and rule.starts_minute <= minute < rule.ends_minute
        if is_on and Mode.ONSITE in rule.modes and rule.place_id is not None:
            return rule.place_id
    return None


def upcoming(now: datetime, count: int = HORIZON_DAYS) -> list[date]:
    """Return today and the days that follow, as far as can be booked."""
    today = local_day(now)
    return [today + _ONE_DAY * offset for offset in range(count)]


def first_of(times: Iterable[FreeTime], count: int) -> Sequence[FreeTime]:
    """Return the first few of the times."""
    found: list[FreeTime] = []
    for time in times:
        found.append(time)
        if len(found) == count:
            break
    return found


def nearest_to(times: Iterable[FreeTime], wanted: datetime, count: int) -> Sequence[FreeTime]:
    """Return the few times nearest to the wanted one, in order of start."""
    near = sorted(times, key=lambda time: (abs(time.starts_at - wanted), time.starts_at))[:count]
    return sorted(near, key=lambda time: time.starts_at)


def _cause(diary: Diary, question: Question, day: date, starts_at: datetime) -> str | None:
    if starts_at <= question.now:
        return "availability.past"
    if starts_at < question.now + diary.notice:
        return "availability.too_soon"
    if diary.is_too_far(day, question.now):
        return "availability.too_far"
    absence = _absence(diary, day)
    if absence is not None:
        return absence
    period = diary.full_period(day)
    if period is not None:
        return f"expert.{period}_full"
    if not diary.modes & set(question.modes):
        return "availability.mode"
    return None


def _absence(diary: Diary, day: date) -> str | None:
    if diary.is_paused:
        return "expert.paused"
    if not takes_new(diary.terms, day):
        return "expert.only_extended" if in_term(diary.terms, day) else "expert.out_of_term"
    if any(leave.first_on <= day <= leave.last_on for leave in diary.leaves):
        return "expert.on_leave"
    return None
