"""The figures of a month, and the one place where minutes become hours."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from typing import Self


def hours(minutes: int) -> str:
    """Return a total of minutes as hours with one decimal, half rounded away from zero.

    Only totals are converted: ten services of 33 minutes are 5.5 hours, not ten times 0.6.
    """
    tenths = (abs(minutes) + 3) // 6
    sign = "-" if minutes < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True)
class Additive:
    """The measures that may be summed over records and over months."""

    sessions: int = 0
    person_times: int = 0
    session_minutes: int = 0
    mentor_minutes: int = 0
    anonymous_heads: int = 0
    lecture_sessions: int = 0
    lecture_person_times: int = 0
    lecture_minutes: int = 0
    roundtable_sessions: int = 0
    roundtable_person_times: int = 0
    roundtable_minutes: int = 0
    review_sessions: int = 0
    review_projects: int = 0
    review_mentor_minutes: int = 0
    follow_ups: int = 0
    text_answers: int = 0
    outside_district_sessions: int = 0
    outside_district_person_times: int = 0
    outside_district_minutes: int = 0
    waived_conflict_sessions: int = 0
    waived_conflict_person_times: int = 0
    waived_conflict_minutes: int = 0

    def __add__(self, other: Self) -> Self:
        return self._paired(other, 1)

    def __sub__(self, other: Self) -> Self:
        return self._paired(other, -1)

    def _paired(self, other: Self, sign: int) -> Self:
        pairs = zip(_values(self), _values(other), strict=True)
        return type(self)(*(mine + sign * theirs for mine, theirs in pairs))

    def moved(self) -> dict[str, int]:
        """Return the measures that are not nought, by name."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def total(cls, parts: Iterable["Additive"]) -> "Additive":
        """Return the sum of the parts."""
        return Additive(*map(sum, zip(*map(_values, parts), strict=True)))


@dataclass(frozen=True, slots=True)
class Measures:
    """All figures of a month; the distinct ones are recomputed for a period, never summed."""

    additive: Additive
    distinct_persons: int
    enterprises: int
    teams: int

    @property
    def session_hours(self) -> str:
        """The hours of service 服务时长."""
        return hours(self.additive.session_minutes)

    @property
    def mentor_hours(self) -> str:
        """The hours of the experts 导师服务时长."""
        return hours(self.additive.mentor_minutes)

    def figures(self) -> dict[str, int | str]:
        """Return every figure under its name."""
        return {
            **asdict(self.additive),
            "distinct_persons": self.distinct_persons,
            "enterprises": self.enterprises,
            "teams": self.teams,
            "session_hours": self.session_hours,
            "mentor_hours": self.mentor_hours,
        }


ADDITIVE_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Additive))
_values = attrgetter(*ADDITIVE_NAMES)
