"""Strict readers of plain JSON values; each names the place of what it cannot read."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import TypeVar

from app.domain.replay.errors import UnknownReplayInputError

Code = TypeVar("Code", bound=str)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_RANGE = re.compile(r"([A-Z]+)(\d+)\.\.([A-Z]+)(\d+)", re.ASCII)
_MOST_IN_RANGE = 10_000
_LARGEST = 1_000_000


def read_object(
    value: object, where: str, needed: Collection[str] = (), allowed: Collection[str] | None = None
) -> Mapping[str, object]:
    """Return an object that has the needed keys and only allowed others; None allows any."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise UnknownReplayInputError.of(where, value)
    for key in needed:
        if key not in value:
            raise UnknownReplayInputError.of(where, f"no {key}")
    if allowed is not None:
        for key in value:
            if key not in needed and key not in allowed:
                raise UnknownReplayInputError.of(f"{where}.{key}", value[key])
    return value


def read_list(value: object, where: str) -> list[object]:
    """Return a list."""
    if not isinstance(value, list):
        raise UnknownReplayInputError.of(where, value)
    return value


def read_text(value: object, where: str) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise UnknownReplayInputError.of(where, value)
    return value


def read_code(value: object, codes: Collection[Code], where: str) -> Code:
    """Return the one of the codes that is written."""
    for code in codes:
        if isinstance(value, str) and value == code:
            return code
    raise UnknownReplayInputError.of(where, value)


def read_number(value: object, where: str) -> int:
    """Return a whole number from nought to a million; more minutes than that are a slip."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise UnknownReplayInputError.of(where, value)
    return value


def read_truth(value: object, where: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise UnknownReplayInputError.of(where, value)
    return value


def read_day(value: object, where: str) -> date:
    """Return the day written YYYY-MM-DD."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise UnknownReplayInputError.of(where, value) from error
    raise UnknownReplayInputError.of(where, value)


def read_clock(value: object, where: str) -> int:
    """Return the minutes since midnight of a time written HH:MM."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise UnknownReplayInputError.of(where, value)
    return int(match[1]) * 60 + int(match[2])


def read_persons(value: object, where: str) -> tuple[str, ...]:
    """Return the persons of a list, each once; `L01..L40` stands for forty of them."""
    persons: dict[str, None] = {}
    for entry in read_list(value, where):
        persons.update(dict.fromkeys(_persons_of(read_text(entry, where), where)))
    return tuple(persons)


def read_person(value: object, where: str) -> str:
    """Return a single person."""
    person = read_text(value, where)
    if ".." in person:
        raise UnknownReplayInputError.of(where, value)
    return person


def _persons_of(entry: str, where: str) -> list[str]:
    match = _RANGE.fullmatch(entry)
    if match is None:
        return [read_person(entry, where)]
    prefix, first, last_prefix, last = match.groups()
    low, high = int(first), int(last)
    if prefix != last_prefix or not low <= high < low + _MOST_IN_RANGE:
        raise UnknownReplayInputError.of(where, entry)
    return [f"{prefix}{number:0{len(first)}d}" for number in range(low, high + 1)]
