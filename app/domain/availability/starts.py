"""The steps of a day at which a meeting can start, as one int for each mode."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

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
NOTHING: Mapping[str, int] = MappingProxyType({})
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
    """The steps of a day at which a meeting can start.

    Attributes:
        slot_minutes: how long it takes from a step where that is a clinic's to say.
    """

    day: date
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
    """Yield where meetings can start on each of the days; days too far ahead have nothing.

    The days come in order. O(rules + claims + special days) beside O(1) for each plain day.
    """
    for asked in _in_a_row(days):
        hours = Hours(diary, calendar, asked, question.modes)
        yield from _Search(diary, hours, question, asked).found()


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
        self._begins = [span_of(day)[0] for day in days]
        self._length = timedelta(minutes=question.minutes)
        self._known: dict[tuple[int, int], int] = {}
        self._earliest = max(question.now + STEP.resolution, question.now + diary.notice)

    def found(self) -> Iterator[Starts]:
        """Yield where meetings can start."""
        diary, days = self._diary, self._days
        found = self._open_runs()
        for number, bits in self._blocked().items():
            allowed = ~bits
            found[number] = {mode: bits & allowed for mode, bits in found[number].items()}
        never = frozenset(self._never())
        for number in never:
            found[number] = NOTHING
        for number, day in enumerate(days):
            # A slot too far ahead, or in a full month, is as little to be had as any other time.
            has_slots = diary.clinics and number not in never
            yield self._with_slots(day, found[number]) if has_slots else Starts(day, found[number])

    def _never(self) -> Iterable[int]:
        """Yield the days on which nobody can be met: passed, too far ahead, or full."""
        diary, days = self._diary, self._days
        first = bisect_left(days, local_day(self._earliest))
        far_on = local_day(self._question.now) + _ONE_DAY * diary.horizon_days
        last = max(first, bisect_left(days, far_on))
        yield from range(first)
        yield from range(last, len(days))
        if diary.may_be_full:
            yield from (number for number in range(first, last) if diary.is_full(days[number]))

    def _open_runs(self) -> list[Mapping[str, int]]:
        """Return by day where meetings can start as far as the expert is open."""
        hours, days = self._hours, self._days
        if not hours.is_regular:
            opened = list(map(hours.open, (*days, days[-1] + _ONE_DAY)))
            return list(map(self._runs, days, opened, opened[1:]))
        turn = [days[0] + _ONE_DAY * offset for offset in range(hours.repeats + 1)]
        plain = list(map(hours.plain, turn))
        found = list(map(self._runs, turn, plain, plain[1:])) * (len(days) // hours.repeats + 1)
        del found[len(days) :]
        for number in self._odd():
            day = days[number]
            found[number] = self._runs(day, hours.open(day), hours.open(day + _ONE_DAY))
        return found

    def _odd(self) -> Iterable[int]:
        """Yield the days that are set apart, and those before them: a meeting may run over."""
        is_odd = self._hours.is_odd
        odd = [number for number, day in enumerate(self._days) if is_odd(day)]
        if is_odd(self._days[-1] + _ONE_DAY):
            odd.append(len(self._days))
        last = -1
        for number in odd:
            yield from (each for each in (number - 1, number) if last < each < len(self._days))
            last = number

    def _runs(
        self, day: date, here: Mapping[str, int], there: Mapping[str, int]
    ) -> Mapping[str, int]:
        """Return where meetings can start on a day; one may run into the next."""
        found = {}
        steps = span_of(day)[1]
        for mode, bits in here.items():
            after = there.get(mode, 0)
            if after & 1:
                bits |= after << steps
            # Most days are open alike, in every mode.
            starts_at = self._known.get((bits, steps))
            if starts_at is None:
                length = -(-self._question.minutes // STEP_MINUTES)
                whole = _ON_GRID & run(0, steps)
                starts_at = self._known[bits, steps] = starts_of_runs(bits, length) & whole
            found[mode] = starts_at
        return found

    def _blocked(self) -> dict[int, int]:
        """Return by day the starts from which a meeting, or its pauses, would meet something."""
        blocked: dict[int, int] = {}
        diary, length = self._diary, self._length
        taken = (*diary.claims, *diary.elsewhere)
        self._block(blocked, taken, length + diary.buffer, diary.buffer_before)
        clinics = [_span(each, each.starts_minute, each.ends_minute) for each in diary.clinics]
        self._block(blocked, clinics, length + diary.buffer, diary.buffer_before)
        self._block(blocked, self._question.also_busy, length, _NO_PAUSE)
        # What has passed, or is too soon.
        past = Span(datetime.min.replace(tzinfo=UTC) + length, self._earliest)
        self._block(blocked, [past], length, _NO_PAUSE)
        return blocked

    def _block(
        self, blocked: dict[int, int], spans: Iterable[Span], early: timedelta, late: timedelta
    ) -> None:
        begins = self._begins
        for span in spans:
            too_late, again = span.starts_at - early, span.ends_at + late
            number = max(0, bisect_right(begins, too_late) - 1)
            while number < len(begins) and begins[number] < again:
                begin = begins[number]
                first = (too_late - begin) // STEP + 1
                bits = run(max(0, first), -((begin - again) // STEP))
                if bits:
                    blocked[number] = blocked.get(number, 0) | bits
                number += 1

    def _with_slots(self, day: date, by_mode: Mapping[str, int]) -> Starts:
        bits, minutes = 0, {}
        for clinic in self._diary.clinics:
            for step in self._free_slots(clinic) if clinic.day == day else ():
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
        taken = (*self._diary.claims, *self._diary.elsewhere, *question.also_busy)
        for minute in clinic.slots():
            first = minute // STEP_MINUTES
            slot = _span(clinic, minute, minute + clinic.slot_minutes)
            is_met = any(_meet(slot, span) for span in taken)
            steps = run(first, first + clinic.slot_minutes // STEP_MINUTES)
            if slot.starts_at >= self._earliest and not is_met and not closed & steps:
                yield first


def _span(clinic: Clinic, starts_minute: int, ends_minute: int) -> Span:
    starts_at, _ = span_of(clinic.day)
    return Span(
        starts_at + timedelta(minutes=starts_minute), starts_at + timedelta(minutes=ends_minute)
    )


def _meet(one: Span, other: Span) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
