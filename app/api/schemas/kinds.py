"""Kinds of plain values: each reads one from JSON, or refuses it by name, and describes itself."""

import base64
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from app.domain.calendar import Month
from app.domain.errors import InvalidInputError
from app.domain.ids import parse_id
from app.domain.vocabulary import is_plain

Schema = dict[str, Any]
# Nothing the service knows of lies outside; sums with such instants never leave the calendar.
FIRST_ON, LAST_ON = date(2000, 1, 1), date(2099, 12, 31)
LARGEST = 2**31 - 1
LONGEST_NUMBER = 9


class Kind(ABC):
    """A kind of value. Those that stand in answers only are never read."""

    def read(self, value: object, at: str) -> Any:
        """Return the value as Python knows it.

        Raises:
            InvalidInputError: at the place `at`.
        """
        raise TypeError(f"{type(self).__name__} at {at} is for answers only")

    def heard(self, text: str) -> object:
        """Return what a query parameter says, as JSON would have said it."""
        return text

    @abstractmethod
    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """A text with something in it, without invisible characters."""

    longest: int | None = None

    def read(self, value: object, at: str) -> str:
        """Return the text with one kind of line ending."""
        if not isinstance(value, str):
            raise InvalidInputError.at(at, "input.not_text")
        text = value.replace("\r\n", "\n")
        if self.longest is not None and len(text) > self.longest:
            facts = {"longest": self.longest, "length": len(text)}
            raise InvalidInputError.at(at, "input.too_long", **facts)
        if not is_plain(text):
            raise InvalidInputError.at(at, "input.control_character")
        if not text.strip():
            raise InvalidInputError.at(at, "input.required")
        return text

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        if self.longest is None:
            return {"type": "string"}
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number, in a request always within bounds."""

    low: int | None = None
    high: int | None = None

    def read(self, value: object, at: str) -> int:
        """Return the number; 3.0 is 3, true is none."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidInputError.at(at, "input.not_a_number")
        low, high = self._bounds()
        if value < low:
            raise InvalidInputError.at(at, "input.too_small", low=low, high=high)
        if value > high:
            raise InvalidInputError.at(at, "input.too_large", low=low, high=high)
        return value

    def heard(self, text: str) -> object:
        """Return the number that the digits say; anything else stays a text."""
        return int(text) if re.fullmatch(rf"-?[0-9]{{1,{LONGEST_NUMBER}}}", text) else text

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        bounds = {"minimum": self.low, "maximum": self.high}
        return {"type": "integer", **{k: v for k, v in bounds.items() if v is not None}}

    def _bounds(self) -> tuple[int, int]:
        low = -LARGEST if self.low is None else self.low
        return low, LARGEST if self.high is None else self.high


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """True or false."""

    def read(self, value: object, at: str) -> bool:
        """Return the flag; 0, 1 and words are none."""
        if not isinstance(value, bool):
            raise InvalidInputError.at(at, "input.not_true_or_false")
        return value

    def heard(self, text: str) -> object:
        """Return the flag that the word says; anything else stays a text."""
        return {"true": True, "false": False}.get(text, text)

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Id(Kind):
    """A key in its canonical form."""

    def read(self, value: object, at: str) -> UUID:
        """Return the key; whether there is such a thing is not asked here."""
        found = parse_id(value) if isinstance(value, str) else None
        if found is None:
            raise InvalidInputError.at(at, "input.not_an_id")
        return found

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class Instant(Kind):
    """An instant with its offset; without one it could mean two of them."""

    def read(self, value: object, at: str) -> datetime:
        """Return the instant in UTC."""
        try:
            instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            instant = None
        if instant is None:
            raise InvalidInputError.at(at, "input.not_an_instant")
        if instant.tzinfo is None:
            raise InvalidInputError.at(at, "input.no_offset")
        _ensure_near(instant.date(), at)
        return instant.astimezone(UTC)

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A day as YYYY-MM-DD."""

    def read(self, value: object, at: str) -> date:
        """Return the day."""
        written = isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
        try:
            day = date.fromisoformat(written.string) if written else None
        except ValueError:
            day = None
        if day is None:
            raise InvalidInputError.at(at, "input.not_a_date")
        _ensure_near(day, at)
        return day

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class MonthName(Kind):
    """A month as YYYY-MM."""

    def read(self, value: object, at: str) -> Month:
        """Return the month."""
        if not isinstance(value, str):
            raise InvalidInputError.at(at, "calendar.month_invalid")
        try:
            month = Month.parse(value)
        except InvalidInputError as error:
            raise InvalidInputError.at(at, error.code) from error
        _ensure_near(month.first_on, at)
        return month

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}


@dataclass(frozen=True, slots=True)
class OneOf(Kind):
    """One of the words listed, each standing for a value."""

    values: Mapping[str, Any] = field(hash=False)

    @classmethod
    def words(cls, words: Iterable[str]) -> "OneOf":
        """Return the kind of words that stand for themselves."""
        return cls({str(word): str(word) for word in words})

    @classmethod
    def members(cls, kind: type[Enum]) -> "OneOf":
        """Return the kind of the members of an enumeration, by their values."""
        return cls({str(member.value): member for member in kind})

    def read(self, value: object, at: str) -> Any:
        """Return what the word stands for."""
        if not isinstance(value, str) or value not in self.values:
            raise InvalidInputError.at(at, "input.unknown_code")
        return self.values[value]

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "string", "enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class Base64(Kind):
    """Bytes, written as base64 (RFC 4648)."""

    longest: int

    def read(self, value: object, at: str) -> bytes:
        """Return the bytes."""
        if not isinstance(value, str):
            raise InvalidInputError.at(at, "input.not_text")
        try:
            content = base64.b64decode(value, validate=True)
        except ValueError:
            raise InvalidInputError.at(at, "input.not_base64") from None
        if not content:
            raise InvalidInputError.at(at, "input.required")
        return content

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        most = 4 * ((self.longest + 2) // 3)
        return {"type": "string", "contentEncoding": "base64", "minLength": 1, "maxLength": most}


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """Any number, in answers only."""

    def describe(self) -> Schema:
        """Return the JSON Schema of the kind."""
        return {"type": "number"}


@dataclass(frozen=True, slots=True)
class Count:
    """How many a list holds at least and at most."""

    least: int = 0
    most: int = 20


@dataclass(frozen=True, slots=True)
class Named:
    """The name in JSON where Python needs another, and what a reader should know of it."""

    name: str | None = None
    says: str | None = None


def _ensure_near(day: date, at: str) -> None:
    if day < FIRST_ON:
        raise InvalidInputError.at(at, "input.too_early", first=FIRST_ON)
    if day > LAST_ON:
        raise InvalidInputError.at(at, "input.too_late", last=LAST_ON)
