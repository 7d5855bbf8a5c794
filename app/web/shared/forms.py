"""Reading a submitted form: typed values out, every fault named by field, the input kept."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import TracebackType
from typing import TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.domain.errors import FieldError, InvalidInputError
from app.domain.ids import parse_id

# Beyond them a change of time zone may leave the calendar.
_YEARS = range(2000, 3000)
QUARTER_HOUR = 15

T = TypeVar("T")

_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_HIGHEST_VERSION = 10**6
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice field: what is sent, what is read, a note below it, its icon."""

    value: str
    text: str
    note: str = ""
    icon: str = ""
    is_disabled: bool = False


def quarter_hours(first: str = "00:00", last: str = "23:45") -> list[Choice]:
    """Return the times of day from `first` to `last` in steps of 15 minutes."""
    every = (f"{at // 60:02}:{at % 60:02}" for at in range(0, 24 * 60, QUARTER_HOUR))
    return [Choice(text, text) for text in every if first <= text <= last]


class Form:
    """A form as it was sent, or as it begins.

    Values are read inside `with form:`; leaving the block raises `InvalidInputError` with one
    fault for each field that could not be read, so a value read there is sound after the block.
    """

    def __init__(self, sent: Mapping[str, object] | None = None) -> None:
        self._sent: MultiDict[str, object] = MultiDict(sent or {})
        self._faults: dict[str, FieldError] = {}
        self._is_reading = False

    def __enter__(self) -> "Form":
        self._faults.clear()
        self._is_reading = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_reading = False
        if error is None and self._faults:
            raise InvalidInputError(errors=self.faults)

    @property
    def faults(self) -> tuple[FieldError, ...]:
        """The faults found so far, in the order of reading."""
        return tuple(self._faults.values())

    def fault(self, name: str) -> FieldError | None:
        """Return the fault of a field, None when it has none."""
        return self._faults.get(name)

    def refuse(self, error: InvalidInputError) -> None:
        """Show the faults that a deeper layer found, in place of the present ones."""
        self._faults = {fault.field: fault for fault in error.errors}

    def raw(self, name: str) -> str:
        """Return the field exactly as it was sent, empty when it was not."""
        value = self._sent.get(name)
        return "" if value is None else str(value)

    def chosen(self, name: str) -> list[str]:
        """Return every value sent for the field."""
        return [str(value) for value in self._sent.getlist(name)]

    def given(self, name: str) -> bool:
        """Tell whether the field holds anything but blanks."""
        return any(value.strip() for value in self.chosen(name))

    def text(self, name: str, *, longest: int, required: bool = True) -> str:
        """Read trimmed text of at most `longest` characters, lines ended by a line feed."""
        value = self.raw(name).replace("\r\n", "\n").replace("\r", "\n").strip()
        if not value and required:
            return self._fault(name, "input.required", "")
        if len(value) > longest:
            return self._fault(name, "input.too_long", "", longest=longest, length=len(value))
        if any(unicodedata.category(mark) in {"Cc", "Cs"} and mark not in "\n\t" for mark in value):
            return self._fault(name, "input.control_character", "")
        return value

    def integer(self, name: str, low: int, high: int) -> int:
        """Read a whole number from `low` to `high`; full-width digits are understood."""
        value = self._line(name)
        if value is None:
            return low
        if not _INTEGER.fullmatch(value):
            return self._fault(name, "input.not_a_number", low)
        number = int(value)
        if number < low:
            return self._fault(name, "input.too_small", low, low=low, high=high)
        if number > high:
            return self._fault(name, "input.too_large", low, low=low, high=high)
        return number

    def version(self) -> int:
        """Read which version of a thing the page showed."""
        return self.integer("version", 1, _HIGHEST_VERSION)

    def day(self, name: str, first: date | None = None, last: date | None = None) -> date:
        """Read a day as YYYY-MM-DD, not before `first` and not after `last`."""
        value = self._line(name)
        if value is None:
            return date.min
        try:
            on = date.fromisoformat(value) if _DATE.fullmatch(value) else None
        except ValueError:
            on = None
        if on is None:
            return self._fault(name, "input.not_a_date", date.min)
        if first is not None and on < first:
            return self._fault(name, "input.too_early", date.min, first=first)
        if last is not None and on > last:
            return self._fault(name, "input.too_late", date.min, last=last)
        return on

    def time_of_day(self, name: str, step: int = QUARTER_HOUR) -> time:
        """Read a time of day as HH:MM in steps of so many minutes."""
        value = self._line(name)
        if value is None:
            return time.min
        if not _TIME.fullmatch(value):
            return self._fault(name, "input.not_a_time", time.min)
        at = time.fromisoformat(value)
        if at.minute % step:
            return self._fault(name, "input.off_grid", time.min, step=step)
        return at

    def identifier(self, name: str) -> UUID:
        """Read an identifier in canonical form."""
        value = self._line(name)
        if value is None:
            return _NO_ID
        return parse_id(value) or self._fault(name, "input.not_an_id", _NO_ID)

    def choice(self, name: str, options: Collection[str]) -> str:
        """Read exactly one of the options."""
        value = self._line(name, "input.not_chosen")
        if value is None:
            return ""
        return value if value in options else self._fault(name, "input.not_a_choice", "")

    def choices(self, name: str, options: Collection[str], *, required: bool = True) -> list[str]:
        """Read any of the options, each once, in the order sent."""
        values = list(dict.fromkeys(filter(None, self.chosen(name))))
        if not values and required:
            return self._fault(name, "input.not_chosen", values)
        if not set(values) <= set(options):
            return self._fault(name, "input.not_a_choice", values)
        return values

    def instants(self, name: str) -> list[datetime]:
        """Read every instant sent for the field, each in ISO form with its offset."""
        found = []
        for value in dict.fromkeys(filter(None, self.chosen(name))):
            try:
                instant = datetime.fromisoformat(value)
            except ValueError:
                instant = None
            if instant is None or instant.tzinfo is None or instant.year not in _YEARS:
                return self._fault(name, "input.not_a_choice", [])
            found.append(instant.astimezone(UTC))
        return found or self._fault(name, "input.not_chosen", [])

    def checkbox(self, name: str, *, required: bool = False) -> bool:
        """Tell whether the box is ticked; a required one must be."""
        is_ticked = self.given(name)
        if required and not is_ticked:
            return self._fault(name, "input.not_ticked", False)
        return is_ticked

    def _line(self, name: str, code: str = "input.required") -> str | None:
        value = unicodedata.normalize("NFKC", self.raw(name)).strip()
        return value or self._fault(name, code, None)

    def _fault(self, name: str, code: str, unread: T, **facts: object) -> T:
        if not self._is_reading:
            raise RuntimeError(f"read {name!r} inside `with form:`")
        self._faults.setdefault(name, FieldError(name, code, facts))
        return unread
