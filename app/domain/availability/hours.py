"""The open steps of an expert's days: rules, special days, terms and leaves laid over each other.

Days that nothing sets apart repeat every two weeks, so each of them is worked out once.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, timedelta

from app.domain.availability.bits import STEPS, touched, within
from app.domain.availability.diary import Days, Diary, ExceptionKind, SpecialDay
from app.domain.availability.zones import DISTRICT, pieces, span_of
from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.expert import in_term

OFFICIAL_HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))
_ONE_DAY = timedelta(days=1)
_TURN = 14
_NOTHING: Mapping[str, int] = {}


class Hours:
    """What of each day of the district is open, before anybody has taken a part of it."""

    def __init__(self, diary: Diary, calendar: WorkingCalendar) -> None:
        self._diary = diary
        self._calendar = calendar
        self._specials: dict[date, list[SpecialDay]] = defaultdict(list)
        for special in diary.special_days:
            self._specials[special.day].append(special)
        self._turns = sorted(_turns(diary))
        self._is_abroad = diary.zone != DISTRICT
        self._found: dict[Hashable, Mapping[str, int]] = {}

    def key(self, day: date) -> Hashable:
        """Return what days have in common that are open alike."""
        if self._is_abroad or day in self._specials or span_of(day)[1] != STEPS:
            return day
        kind = self._calendar.days.get(day)
        return bisect_right(self._turns, day), day.toordinal() % _TURN, kind

    def open(self, day: date) -> Mapping[str, int]:
        """Return the open steps of the day by mode."""
        key = self.key(day)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._opened(day)
        return found

    def is_away(self, day: date) -> bool:
        """Tell whether the expert serves nobody that day, whatever is open."""
        diary = self._diary
        return (
            diary.is_paused
            or not in_term(diary.terms, day)
            or any(leave.first_on <= day <= leave.last_on for leave in diary.leaves)
        )

    def closed(self, day: date) -> int:
        """Return the steps of the day that special days close."""
        bits = 0
        for piece in pieces(self._diary.zone, day):
            bits |= piece.laid(_closed(self._specials.get(piece.on, ())))
        return bits

    def _opened(self, day: date) -> Mapping[str, int]:
        if self.is_away(day):
            return _NOTHING
        bits = dict.fromkeys(self._diary.modes, 0)
        for piece in pieces(self._diary.zone, day):
            for mode, local in self._local(piece.on, day).items():
                bits[mode] |= piece.laid(local)
        return bits

    def _local(self, on: date, day: date) -> Mapping[str, int]:
        """Return the open steps of a local date as far as it lies on a day of the district."""
        bits = dict.fromkeys(self._diary.modes, 0)
        if self._calendar.days.get(day) is not DayKind.OFF:
            for starts, ends, modes in self._weekly(on, day):
                for mode in modes & bits.keys():
                    bits[mode] |= within(starts, ends)
        specials = self._specials.get(on, ())
        closed = _closed(specials)
        for mode in bits:
            bits[mode] &= ~closed
        for special in specials:
            if special.kind is ExceptionKind.EXTRA:
                for mode in special.modes & bits.keys():
                    bits[mode] |= within(special.starts_minute, special.ends_minute)
        return bits

    def _weekly(self, on: date, day: date) -> Iterable[tuple[int, int, frozenset[str]]]:
        diary = self._diary
        if diary.is_official and not diary.rules:
            hours = OFFICIAL_HOURS if self._calendar.is_working(day) else ()
            return [(starts, ends, diary.modes) for starts, ends in hours]
        return [
            (rule.starts_minute, rule.ends_minute, rule.modes)
            for rule in diary.rules
            if rule.holds(on)
        ]


def _closed(specials: Iterable[SpecialDay]) -> int:
    bits = 0
    for special in specials:
        if special.kind is ExceptionKind.OFF:
            bits |= touched(special.starts_minute, special.ends_minute)
    return bits


def _turns(diary: Diary) -> Iterable[date]:
    """Yield the days from which on something else holds than the day before."""
    spans = [Days(term.starts_on, term.ends_on) for term in diary.terms]
    for days in (*spans, *diary.leaves):
        yield days.first_on
        if days.last_on < date.max:
            yield days.last_on + _ONE_DAY
    for rule in diary.rules:
        if rule.valid_from is not None:
            yield rule.valid_from
        if rule.valid_until is not None:
            yield rule.valid_until + _ONE_DAY
