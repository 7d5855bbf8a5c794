"""What of an expert's open time is shown to choose from, free and taken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from app.domain.availability import (
    Diary,
    FreeTime,
    Question,
    Span,
    free_times,
    nearest_to,
)
from app.domain.booking import ALTERNATIVES, GRID_MINUTES
from app.domain.calendar import local_day
from app.models.booking import Booking
from app.queries.free_times import Diaries

SHOWN_EVERY = timedelta(minutes=30)
_GRID = timedelta(minutes=GRID_MINUTES)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip: how many times are left, or which holiday closes it."""

    on: date
    count: int
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of the chosen day."""

    starts_at: datetime
    ends_at: datetime
    is_free: bool
    modes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """The times of one expert as far as they are shown to one founder."""

    diaries: Diaries
    diary: Diary
    question: Question
    wanted_at: datetime | None = None

    def strip(self, days: Iterable[date]) -> tuple[Day, ...]:
        """Return the days on which the expert is open, and the holidays by name."""
        found = (self._day(on) for on in days)
        return tuple(day for day in found if day)

    def slots(self, on: date) -> tuple[Slot, ...]:
        """Return the free times of the day, and those that somebody has taken."""
        free = {time.starts_at: time for time in self._free([on])}
        few = {time.starts_at: time for time in thinned(free.values())}
        if self.wanted_at is not None and self.wanted_at in free:
            few[self.wanted_at] = free[self.wanted_at]
        shown = [Slot(time.starts_at, time.ends_at, True) for time in few.values()]
        shown += [
            Slot(time.starts_at, time.ends_at, False)
            for time in self._open(on)
            if time.starts_at not in free and _is_round(time.starts_at)
        ]
        return tuple(sorted(shown, key=lambda slot: slot.starts_at))

    def first_open_on(self, days: Sequence[date]) -> date | None:
        """Return the first day with a free time."""
        first = next(self._free(days), None)
        return local_day(first.starts_at) if first else None

    def first(self, days: Sequence[date], count: int) -> tuple[Slot, ...]:
        """Return the first few free times that do not overlap."""
        times = islice(apart(thinned(self._free(days))), count)
        return tuple(Slot(time.starts_at, time.ends_at, True, time.modes) for time in times)

    def alternatives(self, days: Sequence[date]) -> tuple[Slot, ...]:
        """Return the few free times nearest to the wanted one, when that cannot be had."""
        if self.wanted_at is None:
            return ()
        wanted_at = self.wanted_at
        if any(time.starts_at == wanted_at for time in self._free([local_day(wanted_at)])):
            return ()
        near = nearest_to(apart(thinned(self._free(days))), wanted_at, ALTERNATIVES)
        return tuple(Slot(time.starts_at, time.ends_at, True) for time in near)

    def _day(self, on: date) -> Day | None:
        slots = self.slots(on)
        if slots:
            return Day(on, sum(slot.is_free for slot in slots))
        holiday = self.diaries.holidays.get(on)
        return Day(on, 0, holiday) if holiday else None

    def _free(self, days: Iterable[date]) -> Iterator[FreeTime]:
        return free_times(self.diary, self.diaries.calendar, self.question, days)

    def _open(self, on: date) -> Iterator[FreeTime]:
        unclaimed = replace(self.diary, claims=())
        alone = replace(self.question, also_busy=())
        return free_times(unclaimed, self.diaries.calendar, alone, [on])


def thinned(times: Iterable[FreeTime]) -> Iterator[FreeTime]:
    """Keep the starts on the half hour, those after a gap and all slots, so that few are shown."""
    before: datetime | None = None
    for time in times:
        if time.is_slot or _is_round(time.starts_at) or before != time.starts_at - _GRID:
            yield time
        before = time.starts_at


def apart(times: Iterable[FreeTime]) -> Iterator[FreeTime]:
    """Leave out times that begin before an earlier one ends: three that overlap are one choice."""
    until: datetime | None = None
    for time in times:
        if until is None or time.starts_at >= until:
            until = time.ends_at
            yield time


def without(diary: Diary, expert_id: UUID, given_up: Iterable[Booking]) -> Diary:
    """Return the diary as it is once the founder lets go of these bookings."""
    gone = (row for row in given_up if row.lead_expert_id == expert_id)
    return diary.without_claims_over(tuple(Span(row.starts_at, row.ends_at) for row in gone))


def _is_round(starts_at: datetime) -> bool:
    return not starts_at.minute % (SHOWN_EVERY // timedelta(minutes=1))
