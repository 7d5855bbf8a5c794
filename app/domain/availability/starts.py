"""The steps of a day at which a meeting can start, as one int for each mode."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.availability.bits import STEP, STEP_MINUTES, run, starts_of_runs
from app.domain.availability.diary import CLINIC_SERVICE, Clinic, Diary, Mode, Span
from app.domain.availability.hours import Hours
from app.domain.availability.zones import span_of
from app.domain.calendar import WorkingCalendar, local_day

GRID_MINUTES = 15
_GRID_STEPS = GRID_MINUTES // STEP_MINUTES
# The longest day has 25 hours.
_ON_GRID = sum(1 << step for step in range(0, 25 * 60 // STEP_MINUTES, _GRID_STEPS))
_ONE_DAY = timedelta(days=1)
_NO_PAUSE = timedelta()
_NOTHING: Mapping[str, int] = {}


class Slots(StrEnum):
    """Which slots of a clinic will do."""

    NONE = "none"
    AS_LONG = "as_long"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a diary: how long, in which modes, seen from when.

    Attributes:
        slots: whether slots of a clinic will do: those that are as long as asked, or any,
            each as long as it is.
    """

    minutes: int
    modes: tuple[str, ...]
    now: datetime
    also_busy: tuple[Span, ...] = ()
    slots: Slots = Slots.NONE

    @classmethod
    def of_length(
        cls,
        session_type: str,
        length: timedelta,
        mode: str,
        now: datetime,
        also_busy: tuple[Span, ...] = (),
    ) -> "Question":
        """Return the question for a meeting whose length is settled, in a clinic as well."""
        slots = Slots.AS_LONG if session_type == CLINIC_SERVICE else Slots.NONE
        minutes = int(length / timedelta(minutes=1))
        return cls(minutes, (mode,), now, also_busy, slots)

    def lasting(self, minutes: int) -> "Question":
        """Return the question for a meeting of that very length."""
        slots = Slots.NONE if self.slots is Slots.NONE else Slots.AS_LONG
        return replace(self, minutes=minutes, slots=slots)


@dataclass(frozen=True, slots=True)
class Starts:
    """The steps of a day at which a meeting can start.

    Attributes:
        slot_minutes: how long it takes from a step where that is a clinic's to say.
    """

    day: date
    by_mode: Mapping[str, int]
    slot_minutes: Mapping[int, int] = field(default_factory=dict)

    @property
    def bits(self) -> int:
        """The steps at which a meeting can start in any of the modes."""
        either = 0
        for bits in self.by_mode.values():
            either |= bits
        return either


def starts(
    diary: Diary, calendar: WorkingCalendar, question: Question, days: Iterable[date]
) -> Iterator[Starts]:
    """Yield where meetings can start on each of the days; days too far ahead have nothing.

    O(rules) for each of the fourteen kinds of day, O(claims), and O(1) for each plain day.
    """
    search = Search(diary, calendar, question)
    return map(search.on, days)


class Search:
    """A question put to a diary, day by day."""

    def __init__(self, diary: Diary, calendar: WorkingCalendar, question: Question) -> None:
        self._diary = diary
        self._question = question
        self._hours = Hours(diary, calendar)
        self._length = timedelta(minutes=question.minutes)
        self._steps = -(-question.minutes // STEP_MINUTES)
        self._clinics: dict[date, list[Clinic]] = defaultdict(list)
        for clinic in diary.clinics:
            self._clinics[clinic.day].append(clinic)
        self._runs: dict[Hashable, Mapping[str, int]] = {}
        self._earliest = max(question.now + STEP.resolution, question.now + diary.notice)
        self._first_on = local_day(self._earliest)
        self._far_on = local_day(question.now) + _ONE_DAY * diary.horizon_days
        # Most experts are full in no week, month or year of those asked for.
        self._may_be_full = _may_be_full(diary)
        self._blocked: dict[date, int] = defaultdict(int)
        self._block()

    def on(self, day: date) -> Starts:
        """Return where meetings can start on the day."""
        if day < self._first_on or day >= self._far_on or self._is_full(day):
            return Starts(day, _NOTHING)
        by_mode = self._ordinary(day)
        blocked = self._blocked.get(day, 0)
        if day == self._first_on:
            blocked |= run(0, -((span_of(day)[0] - self._earliest) // STEP))
        if blocked:
            by_mode = {mode: bits & ~blocked for mode, bits in by_mode.items()}
        if day in self._clinics:
            return self._with_slots(day, by_mode)
        return Starts(day, by_mode)

    def _is_full(self, day: date) -> bool:
        return self._may_be_full and self._diary.is_full(day)

    def _ordinary(self, day: date) -> Mapping[str, int]:
        # A meeting may run into the next day where that is open from its first minute.
        key = self._hours.key(day), self._hours.key(day + _ONE_DAY)
        found = self._runs.get(key)
        if found is None:
            steps = span_of(day)[1]
            here, there = self._hours.open(day), self._hours.open(day + _ONE_DAY)
            grid = _ON_GRID & run(0, steps)
            found = self._runs[key] = {
                mode: grid
                & starts_of_runs(here.get(mode, 0) | there.get(mode, 0) << steps, self._steps)
                for mode in self._question.modes
            }
        return found

    def _block(self) -> None:
        """Note the starts from which a meeting, or its pauses, would meet something else."""
        before, after = self._diary.buffer_before, self._diary.buffer
        for claim in self._diary.claims:
            self._block_span(claim, before, after)
        for clinic in self._diary.clinics:
            self._block_span(_span(clinic, clinic.starts_minute, clinic.ends_minute), before, after)
        for span in self._question.also_busy:
            self._block_span(span, _NO_PAUSE, _NO_PAUSE)

    def _block_span(self, span: Span, before: timedelta, after: timedelta) -> None:
        too_late, again = span.starts_at - self._length - after, span.ends_at + before
        day, last_on = local_day(too_late), local_day(again)
        while day <= last_on:
            starts_at, steps = span_of(day)
            first = max(0, (too_late - starts_at) // STEP + 1)
            last = min(steps, -((starts_at - again) // STEP))
            self._blocked[day] |= run(first, last)
            day += _ONE_DAY

    def _with_slots(self, day: date, by_mode: Mapping[str, int]) -> Starts:
        bits, minutes = 0, {}
        for clinic in self._clinics[day]:
            for step in self._free_slots(clinic):
                bits |= 1 << step
                minutes[step] = clinic.slot_minutes
        if not bits:
            return Starts(day, by_mode)
        onsite = by_mode.get(Mode.ONSITE, 0) | bits
        return Starts(day, {**by_mode, Mode.ONSITE.value: onsite}, minutes)

    def _free_slots(self, clinic: Clinic) -> Iterator[int]:
        question = self._question
        is_asked = question.slots is Slots.ANY or (
            question.slots is Slots.AS_LONG and question.minutes == clinic.slot_minutes
        )
        is_held = Mode.ONSITE in question.modes and Mode.ONSITE in self._diary.modes
        if not is_asked or not is_held or self._hours.is_away(clinic.day):
            return
        closed = self._hours.closed(clinic.day)
        taken = (*self._diary.claims, *question.also_busy)
        for minute in clinic.slots():
            first = minute // STEP_MINUTES
            slot = _span(clinic, minute, minute + clinic.slot_minutes)
            is_met = any(_meet(slot, span) for span in taken)
            steps = run(first, first + clinic.slot_minutes // STEP_MINUTES)
            if slot.starts_at >= self._earliest and not is_met and not closed & steps:
                yield first


def _may_be_full(diary: Diary) -> bool:
    limits = (
        (diary.monthly_limit, diary.month_loads.values()),
        (diary.weekly_limit, diary.week_loads.values()),
        (diary.yearly_limit, diary.year_loads.values()),
    )
    return any(limit is not None and max(loads, default=0) >= limit for limit, loads in limits)


def _span(clinic: Clinic, starts_minute: int, ends_minute: int) -> Span:
    starts_at, _ = span_of(clinic.day)
    return Span(
        starts_at + timedelta(minutes=starts_minute), starts_at + timedelta(minutes=ends_minute)
    )


def _meet(one: Span, other: Span) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
