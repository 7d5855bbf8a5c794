"""Erasure 注销: a founder's data deleted, what the law keeps put under lock until its term."""

from calendar import isleap
from datetime import date
from typing import ClassVar

from app.domain.errors import ConflictError, RuleError

# What stands where his name stood; letters read well with it.
SOMEBODY = "一位创业者"
GONE = "（本人已注销，内容已删除）"
_LEAP_DAY = (2, 29)
# In what the service worked out of a need: keys under which words of the need stand.
_WORDS = frozenset({"evidence", "text", "words", "phrase", "quote", "sentence", "title"})


class ErasedError(ConflictError):
    """The data of this person was deleted before."""

    default_code: ClassVar[str] = "erasure.done"


class ErasedOfStaffError(RuleError):
    """Whoever serves or works here is taken off the roles first."""

    default_code: ClassVar[str] = "erasure.of_staff"


class MeetingRunningError(RuleError):
    """A meeting is being held right now; it is finished first."""

    default_code: ClassVar[str] = "erasure.meeting_running"


class RecordLockedError(RuleError):
    """The founder of the meeting had his data deleted, and its record is under lock."""

    default_code: ClassVar[str] = "erasure.record_locked"


def kept_until(day: date, years: int) -> date:
    """Return the last day on which the record of a meeting is kept."""
    year = day.year + years
    if (day.month, day.day) == _LEAP_DAY and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def blotted(value: object) -> object:
    """Return what was worked out of somebody's words without these words."""
    if isinstance(value, dict):
        return {
            key: ("" if key in _WORDS and isinstance(each, str) else blotted(each))
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [blotted(each) for each in value]
    return value


def without_name(value: object, names: frozenset[str]) -> object:
    """Return a text, or what holds texts, with somebody's names replaced."""
    if isinstance(value, str):
        for name in sorted(names, key=len, reverse=True):
            value = value.replace(name, SOMEBODY)
        return value
    if isinstance(value, dict):
        return {key: without_name(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [without_name(each, names) for each in value]
    return value
