"""When an expert can be met: weekly rules, special days, and the free times that follow.

A local day is one Python int of 288 bits, one for each five minutes. The same bits make the
times offered and refuse the others, so what is offered can be booked and nothing else can.
Method: shift-and-and run search over a day bitmap; constant work for each day and length.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.calendar import DayKind, Month, WorkingCalendar, day_starts_at, local_day
from app.domain.errors import RuleError
from app.domain.expert import Term, in_term

STEP_MINUTES = 5
STEPS = 24 * 60 // STEP_MINUTES
GRID_STEPS = 3
HORIZON_DAYS = 60
OFFICIAL_HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))
_ON_GRID = sum(1 << step for step in range(0, STEPS, GRID_STEPS))
_STEP = timedelta(minutes=STEP_MINUTES)
_ONE_DAY = timedelta(days=1)


class Mode(StrEnum):
    """How two people meet."""

    ONSITE = "onsite"
    ONLINE = "online"
    PHONE = "phone"


class ExceptionKind(StrEnum):
    """A special day: closed, or opened."""

    OFF = "off"
    EXTRA = "extra"


class NotFreeError(RuleError):
    """The expert cannot be met then; the code says why."""

    default_code = "availability.closed"


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Open minutes [starts, ends) of one weekday, Monday = 0, in some modes."""

    weekday: int
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the rule opens the day."""
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """Minutes of one day that are closed, or open beyond the weekly rules."""

    day: date
    kind: ExceptionKind
    starts_minute: int
    ends_minute: int
    modes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of time."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that can be booked, and the modes in which it can."""

    starts_at: datetime
    ends_at: datetime
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diary:
    """Everything that decides when one expert is free."""

    is_official: bool
    modes: frozenset[str]
    terms: tuple[Term, ...]
    rules: tuple[WeeklyRule, ...]
    special_days: tuple[SpecialDay, ...]
    claims: tuple[Span, ...]
    notice: timedelta
    buffer: timedelta
    monthly_limit: int
    month_loads: Mapping[Month, int] = field(default_factory=dict)
    is_paused: bool = False

    def open_bits(self, day: date, mode: str, calendar: WorkingCalendar) -> int:
        """Return the minutes in which rules and special days open the day for the mode."""
        if mode not in self.modes or self.is_paused or not in_term(self.terms, day):
            return 0
        bits = 0
        if calendar.days.get(day) is not DayKind.OFF:
            for starts, ends, modes in self._weekly(day, calendar):
                if mode in modes:
                    bits |= _bits(starts, ends)
        for special in self._special(day, ExceptionKind.OFF):
            bits &= ~_bits(special.starts_minute, special.ends_minute)
        for special in self._special(day, ExceptionKind.EXTRA):
            if mode in special.modes:
                bits |= _bits(special.starts_minute, special.ends_minute)
        return bits

    def busy_bits(self, day: date) -> int:
        """Return the minutes of the day that claims take, rounded outwards."""
        starts = day_starts_at(day)
        bits = 0
        for claim in self.claims:
            first = max(0, (claim.starts_at - starts) // _STEP)
            last = min(STEPS, -((starts - claim.ends_at) // _STEP))
            if first < last:
                bits |= (1 << last) - (1 << first)
        return bits

    def is_full(self, day: date) -> bool:
        """Tell whether the expert has as many services this month as he takes."""
        return self.month_loads.get(Month.of(day), 0) >= self.monthly_limit

    def _special(self, day: date, kind: ExceptionKind) -> Iterator[SpecialDay]:
        return (
            special for special in self.special_days if (special.day, special.kind) == (day, kind)
        )

    def _weekly(
        self, day: date, calendar: WorkingCalendar
    ) -> Iterator[tuple[int, int, frozenset[str]]]:
        if self.is_official and not self.rules:
            if calendar.is_working(day):
                for starts, ends in OFFICIAL_HOURS:
                    yield starts, ends, self.modes
            return
        for rule in self.rules:
            if rule.holds(day):
                yield rule.starts_minute, rule.ends_minute, rule.modes


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
    """Yield the free times of the days in order of start.

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
            at = starts + _STEP * (low.bit_length() - 1)
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
    step, off_grid = divmod(starts_at - day_starts_at(day), _STEP * GRID_STEPS)
    if off_grid:
        raise NotFreeError("availability.off_grid", minutes=STEP_MINUTES * GRID_STEPS)
    cause = _cause(diary, question, day, starts_at)
    if cause:
        raise NotFreeError(cause, day=day, hours=int(diary.notice.total_seconds() // 3600))
    bit = 1 << (step * GRID_STEPS)
    unclaimed = _starts(replace(diary, claims=()), calendar, question, day)
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
    if day >= local_day(question.now) + _ONE_DAY * HORIZON_DAYS:
        return "availability.too_far"
    if diary.is_paused:
        return "expert.paused"
    if not in_term(diary.terms, day):
        return "expert.out_of_term"
    if diary.is_full(day):
        return "expert.month_full"
    if not diary.modes & set(question.modes):
        return "availability.mode"
    return None


def _starts(
    diary: Diary, calendar: WorkingCalendar, question: Question, day: date
) -> dict[str, int]:
    if diary.is_full(day):
        return {}
    steps = -(-question.minutes // STEP_MINUTES)
    buffered = steps + -(-diary.buffer // _STEP)
    free = ~(diary.busy_bits(day)) & _ALL
    # Beyond midnight nothing of this day is known to be busy; the database checks those claims.
    calm = _runs(free | (_ALL << STEPS), buffered) & _ON_GRID
    calm &= _from(question.now + diary.notice, day)
    if question.also_busy:
        others = replace(diary, claims=question.also_busy)
        calm &= _runs(~others.busy_bits(day) & _ALL, steps)
    return {
        mode: calm & _runs(diary.open_bits(day, mode, calendar), steps) for mode in question.modes
    }


_ALL = (1 << STEPS) - 1


def _from(earliest: datetime, day: date) -> int:
    first = max(0, -((day_starts_at(day) - earliest) // _STEP))
    return _ALL & ~((1 << min(first, STEPS)) - 1)


def _bits(starts_minute: int, ends_minute: int) -> int:
    return (1 << (ends_minute // STEP_MINUTES)) - (1 << -(-starts_minute // STEP_MINUTES))


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
