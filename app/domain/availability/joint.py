"""When several people can meet in one place: the bits of their days, taken together.

Method: one AND of the bitmaps of the days for each person and way of meeting, an OR over the rooms
that will do. O(days x (people + rooms)) after the diaries are read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from app.domain.availability.bits import STEP, digits, each
from app.domain.availability.diary import Diary, Mode
from app.domain.availability.starts import Question, Starts, starts
from app.domain.calendar import WorkingCalendar

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class JointTime:
    """A time at which everybody can meet.

    Attributes:
        modes: the ways in which all can.
        place_ids: the rooms that are free then; none where no room was asked for.
    """

    starts_at: datetime
    ends_at: datetime
    modes: tuple[str, ...]
    place_ids: tuple[UUID, ...] = ()


def joint_times(
    diaries: Sequence[Diary],
    rooms: Mapping[UUID, Diary] | None,
    calendar: WorkingCalendar,
    question: Question,
    days: Iterable[date],
) -> Iterator[JointTime]:
    """Yield the times that every diary offers, in order of start.

    Args:
        diaries: of the people, at least one.
        rooms: of the rooms of which one is needed; None where none is. With rooms people meet in
            person alone.
        calendar: the working days.
        question: how long, in which ways, seen from when.
        days: those asked for.
    """
    known = list(days)
    people = zip(*(starts(diary, calendar, question, known) for diary in diaries), strict=True)
    doors = {key: starts(diary, calendar, question, known) for key, diary in (rooms or {}).items()}
    length = timedelta(minutes=question.minutes)
    for everybody in people:
        by_mode = _together(everybody, question.modes)
        free = {key: next(door).by_mode.get(Mode.ONSITE, 0) for key, door in doors.items()}
        if rooms is not None:
            by_mode = _in_a_room(by_mode, free.values())
        ways = [(mode, digits(bits)) for mode, bits in by_mode.items()]
        places = [(key, digits(bits)) for key, bits in free.items()]
        for step in each(_any(by_mode.values())):
            at = everybody[0].begins_at + STEP * step
            yield JointTime(at, at + length, _among(ways, step), _among(places, step))


def _among(every: Iterable[tuple[_Key, str]], step: int) -> tuple[_Key, ...]:
    return tuple([key for key, steps in every if steps.startswith("1", step)])


def _together(people: Sequence[Starts], modes: Iterable[str]) -> dict[str, int]:
    common: dict[str, int] = dict.fromkeys(modes, -1)
    for person in people:
        common = {mode: bits & person.by_mode.get(mode, 0) for mode, bits in common.items()}
    return common


def _in_a_room(by_mode: Mapping[str, int], rooms: Iterable[int]) -> dict[str, int]:
    onsite = by_mode.get(Mode.ONSITE, 0) & _any(rooms)
    return {Mode.ONSITE.value: onsite} if onsite else {}


def _any(every: Iterable[int]) -> int:
    either = 0
    for bits in every:
        either |= bits
    return either
