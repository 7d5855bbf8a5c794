"""The steps of days in a row at which a meeting can start, as one int for each mode."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from app.domain.availability.bits import STEP_MINUTES, run, starts_of_runs, steps_in
from app.domain.availability.diary import CLINIC_SERVICE, Clinic, Diary, Mode, Span
from app.domain.availability.hours import Hours
from app.domain.availability.zones import span_of
from app.domain.calendar import WorkingCalendar, local_day

GRID_MINUTES = 15
_GRID_STEPS = GRID_MINUTES // STEP_MINUTES
_ONE_DAY = timedelta(days=1)
# A day, a week, a month, the horizon; each with a day more or less.
_LENGTHS_KEPT = 64
_NO_PAUSE = timedelta()
NO_SLOTS: Mapping[int, int] = MappingProxyType({})


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


class Starts(NamedTuple):
    """The steps of days in a row at which a meeting can start.

    Attributes:
        begins_at: the midnight with which the first of the days begins, and the first step.
        slot_minutes: how long it takes from a step where that is a clinic's to say.
    """

    begins_at: datetime
    by_mode: Mapping[str, int]
    slot_minutes: Mapping[int, int] = NO_SLOTS

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
    """Yield where meetings can start, days in a row at once; days too far ahead have nothing.

    The days come in order. O(rules + claims + special days), a few operations on whole ints each.
    """
    for asked in _in_a_row(days):
        hours = Hours(diary, calendar, asked, question.modes)
        yield _Search(diary, hours, question, asked).found()


def _in_a_row(days: Iterable[date]) -> Iterator[Sequence[date]]:
    asked = list(days)
    if asked and (asked[-1] - asked[0]).days == len(asked) - 1:
        yield asked
        return
    first = 0
    for number in range(1, len(asked) + 1):
        if number == len(asked) or asked[number] - asked[number - 1] != _ONE_DAY:
            yield asked[first:number]
            first = number


class _Search:
    """A question put to a diary about some days in a row."""

    def __init__(
        self, diary: Diary, hours: Hours, question: Question, days: Sequence[date]
    ) -> None:
        self._diary = diary
        self._question = question
        self._hours = hours
        self._days = days
        self._begins_at, _ = span_of(days[0])
        self._steps = self._step_of(days[-1] + _ONE_DAY)
        self._length = timedelta(minutes=question.minutes)
        self._earliest = max(question.now + timedelta.resolution, question.now + diary.notice)

    def found(self) -> Starts:
        """Return where meetings can start."""
        kept = run(0, self._steps) & ~self._never()
        free = kept & _on_grid(self._steps) & ~self._blocked()
        length = -(-self._question.minutes // STEP_MINUTES)
        opened = self._hours.in_a_row()
        by_mode = {mode: starts_of_runs(bits, length) & free for mode, bits in opened.items()}
        slots = self._slots(kept) if self._diary.clinics else NO_SLOTS
        if slots:
            onsite = by_mode[Mode.ONSITE]
            by_mode[Mode.ONSITE] = onsite | sum(1 << step for step in slots)
        return Starts(self._begins_at, by_mode, slots)

    def _step_of(self, day: date) -> int:
        """Return the step with which a day begins."""
        return steps_in(span_of(day)[0] - self._begins_at)

    def _never(self) -> int:
        """Return the steps of the days on which nobody can be met: too far ahead, or full."""
        diary, days = self._diary, self._days
        far_on = local_day(self._question.now) + _ONE_DAY * diary.horizon_days
        bits = run(max(0, self._step_of(far_on)), self._steps) if far_on <= days[-1] else 0
        for full in diary.full:
            first, last = max(full.first_on, days[0]), min(full.last_on, days[-1])
            if first <= last:
                bits |= run(self._step_of(first), self._step_of(last + _ONE_DAY))
        return bits

    def _blocked(self) -> int:
        """Return the starts from which a meeting, or its pauses, would meet something."""
        diary, length = self._diary, self._length
        clinics = (_span(each, each.starts_minute, each.ends_minute) for each in diary.clinics)
        taken = (*diary.claims, *diary.elsewhere, *clinics)
        # What has passed, or is too soon.
        bits = run(0, min(self._steps, -steps_in(self._begins_at - self._earliest)))
        bits |= self._meeting(taken, length + diary.buffer, diary.buffer_before)
        return bits | self._meeting(self._question.also_busy, length, _NO_PAUSE)

    def _meeting(self, spans: Iterable[Span], early: timedelta, late: timedelta) -> int:
        """Return the starts less than `early` before one of the spans, or `late` after it."""
        bits, last_step = 0, self._steps
        begins_at, ends_at = self._begins_at + early, self._begins_at - late
        for span in spans:
            first = steps_in(span.starts_at - begins_at) + 1
            last = -steps_in(ends_at - span.ends_at)
            bits |= run(first if first > 0 else 0, last if last < last_step else last_step)
        return bits

    def _slots(self, kept: int) -> Mapping[int, int]:
        """Return the lengths of the free slots of clinics by the step at which they start."""
        first, last = self._days[0], self._days[-1]
        return {
            step: clinic.slot_minutes
            for clinic in self._diary.clinics
            if first <= clinic.day <= last
            for step in self._free_slots(clinic)
            # A slot too far ahead, or in a full month, is as little to be had as any other time.
            if kept >> step & 1
        }

    def _free_slots(self, clinic: Clinic) -> Iterator[int]:
        question = self._question
        is_asked = question.slots is Slots.ANY or (
            question.slots is Slots.AS_LONG and question.minutes == clinic.slot_minutes
        )
        is_held = Mode.ONSITE in question.modes and Mode.ONSITE in self._diary.modes
        if not is_asked or not is_held or self._hours.is_away(clinic.day):
            return
        midnight, closed = self._step_of(clinic.day), self._hours.closed(clinic.day)
        taken = (*self._diary.claims, *self._diary.elsewhere, *question.also_busy)
        for minute in clinic.slots():
            first = minute // STEP_MINUTES
            slot = _span(clinic, minute, minute + clinic.slot_minutes)
            is_met = any(_meet(slot, span) for span in taken)
            steps = run(first, first + clinic.slot_minutes // STEP_MINUTES)
            if slot.starts_at >= self._earliest and not is_met and not closed & steps:
                yield midnight + first


@lru_cache(_LENGTHS_KEPT)
def _on_grid(steps: int) -> int:
    """Return the quarter hours; every day of the district begins on one."""
    return run(0, steps) // run(0, _GRID_STEPS)


def _span(clinic: Clinic, starts_minute: int, ends_minute: int) -> Span:
    starts_at, _ = span_of(clinic.day)
    return Span(
        starts_at + timedelta(minutes=starts_minute), starts_at + timedelta(minutes=ends_minute)
    )


def _meet(one: Span, other: Span) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
