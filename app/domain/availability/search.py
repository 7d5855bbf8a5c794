"""The times a diary offers, and the refusal of every other time.

Method: shift-and-and run search over a day bitmap; constant work for each day and length.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.availability.diary import STEP, STEP_MINUTES, STEPS, Diary, Span, busy_bits
from app.domain.calendar import DayKind, WorkingCalendar, day_starts_at, local_day
from app.domain.errors import RuleError
from app.domain.expert import in_term

GRID_MINUTES = 15
HORIZON_DAYS = 60
_GRID_STEPS = GRID_MINUTES // STEP_MINUTES
_ON_GRID = sum(1 << step for step in range(0, STEPS, _GRID_STEPS))
_ONE_DAY = timedelta(days=1)


class NotFreeError(RuleError):
    """The expert cannot be met then; the code says why."""

    default_code = "availability.closed"


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that can be booked, and the modes in which it can."""

    starts_at: datetime
    ends_at: datetime
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a diary: how long, in which modes, seen from when."""

    minutes: int
    modes: tuple[str, ...]
    now: datetime
    also_busy: tuple[Span, ...] = ()


def free_times(
    diary: Diary, calendar: WorkingCalendar, question: Question, days: Iterable[date]
) -> Iterator[FreeTime]:
    """Yield the free times of the days in order of start; days too far ahead have none.

    O(days x (rules + claims)) for building the bits; finding the runs costs O(log length) a day.
    """
    length = timedelta(minutes=question.minutes)
    for day in days:
        by_mode = _starts(diary, calendar, question, day)
        starts = day_starts_at(day)
        either = 0
        for bits in by_mode.values():
            either |= bits
        while either:
            low = either & -either
            either ^= low
            at = starts + STEP * (low.bit_length() - 1)
            modes = tuple(mode for mode, bits in by_mode.items() if bits & low)
            yield FreeTime(at, at + length, modes)


def ensure_free(
    diary: Diary, calendar: WorkingCalendar, question: Question, starts_at: datetime
) -> None:
    """Refuse a time that is not offered, naming why; claims are the database's to judge.

    Raises:
        NotFreeError: with a code of its own for each cause.
    """
    day = local_day(starts_at)
    step, off_grid = divmod(starts_at - day_starts_at(day), STEP * _GRID_STEPS)
    if off_grid:
        raise NotFreeError("availability.off_grid", minutes=GRID_MINUTES)
    cause = _cause(diary, question, day, starts_at)
    if cause:
        raise NotFreeError(cause, day=day, hours=int(diary.notice.total_seconds() // 3600))
    bit = 1 << (step * _GRID_STEPS)
    unclaimed = _starts(replace(diary, claims=()), calendar, replace(question, also_busy=()), day)
    if not any(bits & bit for bits in unclaimed.values()):
        holiday = calendar.days.get(day) is DayKind.OFF
        raise NotFreeError("availability.holiday" if holiday else "availability.closed", day=day)


def upcoming(now: datetime, count: int = HORIZON_DAYS) -> list[date]:
    """Return today and the days that follow, as far as can be booked."""
    today = local_day(now)
    return [today + _ONE_DAY * offset for offset in range(count)]


def _cause(diary: Diary, question: Question, day: date, starts_at: datetime) -> str | None:
    if starts_at <= question.now:
        return "availability.past"
    if starts_at < question.now + diary.notice:
        return "availability.too_soon"
    if _is_too_far(day, question.now):
        return "availability.too_far"
    if diary.is_paused:
        return "expert.paused"
    if not in_term(diary.terms, day):
        return "expert.out_of_term"
    period = diary.full_period(day)
    if period is not None:
        return f"expert.{period}_full"
    if not diary.modes & set(question.modes):
        return "availability.mode"
    return None


def _is_too_far(day: date, now: datetime) -> bool:
    return day >= local_day(now) + _ONE_DAY * HORIZON_DAYS


def _starts(
    diary: Diary, calendar: WorkingCalendar, question: Question, day: date
) -> dict[str, int]:
    if diary.is_full(day) or _is_too_far(day, question.now):
        return {}
    steps = -(-question.minutes // STEP_MINUTES)
    buffered = steps + -(-diary.buffer // STEP)
    # The complement of the busy bits has set bits without end: after them all is free.
    calm = _runs(~busy_bits(diary.claims, day), buffered) & _ON_GRID
    calm &= _runs(~busy_bits(question.also_busy, day), steps)
    calm &= ~((1 << _first_step(diary, question, day)) - 1)
    return {
        mode: calm & _runs(diary.open_bits(day, mode, calendar), steps) for mode in question.modes
    }


def _first_step(diary: Diary, question: Question, day: date) -> int:
    passed = question.now - day_starts_at(day)
    after_now = passed // STEP + 1
    with_notice = -(-(passed + diary.notice) // STEP)
    return min(STEPS, max(0, after_now, with_notice))


def _runs(bits: int, length: int) -> int:
    # The bits at which `length` set bits in a row begin.
    have = 1
    while have < length:
        shift = min(have, length - have)
        bits &= bits >> shift
        have += shift
    return bits


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
