"""The open steps of an expert's days: rules, special days, terms and leaves laid over each other.

Days that nothing sets apart repeat every week or two, so each of them is worked out once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from app.domain.availability.bits import STEPS, touched, within
from app.domain.availability.diary import Days, Diary, ExceptionKind, SpecialDay
from app.domain.availability.zones import DISTRICT, pieces, span_of
from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.expert import takes_new

OFFICIAL_HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))
_ONE_DAY = timedelta(days=1)
_WEEK_DAYS, _SATURDAY = 7, 5
_DAY_BYTES = STEPS // 8
_NOTHING: Mapping[str, int] = {}


class Hours:
    """What of each day of the district is open, before anybody has taken a part of it."""

    def __init__(
        self,
        diary: Diary,
        calendar: WorkingCalendar,
        days: Sequence[date],
        modes: Iterable[str] | None = None,
    ) -> None:
        self._diary = diary
        self._modes = [mode for mode in modes or diary.modes if mode in diary.modes]
        self._calendar = calendar
        self._specials = diary.specials
        self._reach = [*days, days[-1] + _ONE_DAY]
        self._repeats = _WEEK_DAYS * max((rule.every_weeks for rule in diary.rules), default=1)
        first, last = self._reach[0], self._reach[-1]
        self._turns = sorted(turn for turn in _turns(diary) if first < turn <= last)
        # What does not turn within the days is the same on each of them.
        self._is_ever_away = None if self._turns else self._is_away(first)
        # Each day has as many steps as every other, and the wall clock runs through them alike.
        self._is_even = _are_even(first, last)
        self._is_plain = self._is_even and diary.zone == DISTRICT
        self._found: dict[date, Mapping[str, int]] = {}

    def open(self, day: date) -> Mapping[str, int]:
        """Return the open steps of the day by mode."""
        found = self._found.get(day)
        if found is None:
            found = self._found[day] = self._opened(day)
        return found

    def is_away(self, day: date) -> bool:
        """Tell whether the expert serves nobody that day, whatever is open."""
        return self._is_away(day) if self._is_ever_away is None else self._is_ever_away

    def _is_away(self, day: date) -> bool:
        diary = self._diary
        return (
            diary.is_paused
            or not takes_new(diary.terms, day)
            or any(leave.first_on <= day <= leave.last_on for leave in diary.leaves)
        )

    def closed(self, day: date) -> int:
        """Return the steps of the day that special days close."""
        bits = 0
        for piece in pieces(self._diary.zone, day):
            bits |= piece.laid(_closed(self._specials.get(piece.on, ())))
        return bits

    def in_a_row(self) -> Mapping[str, int]:
        """Return by mode the open steps of all the days and the one after, from the first on.

        Days that differ from others of their weekday are worked out alone.
        """
        days, apart = self._reach, {}
        if self._is_plain and not self._turns:
            turn = list(map(self._usual, days[: self._repeats]))
            for day in (*self._calendar.days, *self._specials):
                if days[0] <= day <= days[-1]:
                    apart[(day - days[0]).days] = self.open(day)
        else:
            turn = list(map(self.open, days))
        lay = self._side_by_side if self._is_even else self._shifted
        return {
            mode: lay(
                [opened.get(mode, 0) for opened in turn],
                {number: opened.get(mode, 0) for number, opened in apart.items()},
            )
            for mode in self._modes
        }

    def _side_by_side(self, turn: Sequence[int], apart: Mapping[int, int]) -> int:
        """Join days of the same number of whole bytes; `turn` comes again and again."""
        count = len(self._reach)
        laid = [bits.to_bytes(_DAY_BYTES, "little") for bits in turn] * -(-count // len(turn))
        for number, bits in apart.items():
            laid[number] = bits.to_bytes(_DAY_BYTES, "little")
        return int.from_bytes(b"".join(laid[:count]), "little")

    def _shifted(self, turn: Sequence[int], _apart: Mapping[int, int]) -> int:
        bits, first = 0, 0
        for day, of_day in zip(self._reach, turn, strict=True):
            bits |= of_day << first
            first += span_of(day)[1]
        return bits

    def _usual(self, day: date) -> Mapping[str, int]:
        """Return what would be open if nothing set the day apart from others of its weekday."""
        if self.is_away(day):
            return _NOTHING
        return self._laid(self._weekly(day, day.weekday() < _SATURDAY), ())

    def _opened(self, day: date) -> Mapping[str, int]:
        if self.is_away(day):
            return _NOTHING
        if self._is_plain:
            return self._local(day, day)
        bits = dict.fromkeys(self._modes, 0)
        for piece in pieces(self._diary.zone, day):
            for mode, local in self._local(piece.on, day).items():
                bits[mode] |= piece.laid(local)
        return bits

    def _local(self, on: date, day: date) -> Mapping[str, int]:
        """Return the open steps of a local date as far as it lies on a day of the district."""
        is_off = self._calendar.days.get(day) is DayKind.OFF
        weekly = [] if is_off else self._weekly(on, self._calendar.is_working(day))
        return self._laid(weekly, self._specials.get(on, ()))

    def _laid(
        self, weekly: Sequence[tuple[int, frozenset[str]]], specials: Sequence[SpecialDay]
    ) -> Mapping[str, int]:
        found = {}
        for mode in self._modes:
            bits = 0
            for steps, modes in weekly:
                if mode in modes:
                    bits |= steps
            found[mode] = _changed(bits, specials, mode) if specials else bits
        return found

    def _weekly(self, on: date, is_working: bool) -> Sequence[tuple[int, frozenset[str]]]:
        diary = self._diary
        if diary.is_official and not diary.rules:
            return [(within(*span), diary.modes) for span in OFFICIAL_HOURS if is_working]
        return [
            (steps, modes)
            for rule, steps, modes in diary.weekly.get(on.weekday(), ())
            if rule is None or rule.holds(on)
        ]


def _changed(bits: int, specials: Sequence[SpecialDay], mode: str) -> int:
    bits &= ~_closed(specials)
    for special in specials:
        if special.kind is ExceptionKind.EXTRA and mode in special.modes:
            bits |= within(special.starts_minute, special.ends_minute)
    return bits


def _are_even(first: date, last: date) -> bool:
    (begin, _), (end, steps) = span_of(first), span_of(last)
    return end - begin == last - first and steps == STEPS


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
