"""Rows of an imported file: how each cell is understood, and every fault by row and field."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.errors import Facts, FieldError, InvalidInputError
from app.domain.vocabulary import Words, fold, is_plain

# A blank cell keeps what is there; this word in it empties the field.
CLEAR = "清空"
LONGEST_CODE = 40
MOST_VALUES = 40


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of a file: its number there, and its cells by field."""

    number: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RowFault:
    """One cell that cannot be taken, by code."""

    row: int
    field: str
    code: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many rows became new, changed or unchanged things."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


class ImportRefusedError(InvalidInputError):
    """Rows of the file have faults; nothing of it is taken."""

    default_code = "import.refused"

    def __init__(self, faults: Sequence[RowFault]) -> None:
        self.faults: tuple[RowFault, ...] = tuple(faults)
        errors = [
            FieldError(fault.field, fault.code, {**fault.facts, "row": fault.row})
            for fault in faults
        ]
        super().__init__(errors=errors, count=len(errors))


class CellError(Exception):
    """A cell cannot be understood; carries the code of the reason."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Facts = facts


Read = Callable[[object, Words], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """How the cells of one field are read; `empty` is what clearing the field leaves there."""

    read: Read
    is_required: bool = False
    empty: Any = None


class RowReader:
    """Reads rows by a table of columns, and keeps every fault it meets."""

    def __init__(self, columns: Mapping[str, Column], words: Words) -> None:
        self._columns = columns
        self._words = words
        self.faults: list[RowFault] = []

    def read_all(self, rows: Sequence[SourceRow]) -> list[dict[str, Any]]:
        """Return what each row says; two rows of one `id` are a fault of the later one."""
        seen: dict[str, int] = {}
        found = []
        for row in rows:
            given = self.read(row)
            name = given.get("id")
            if name in seen:
                self.fault(row, "id", "import.double_id", first=seen[name])
            elif name is not None:
                seen[name] = row.number
            found.append(given)
        return found

    def read(self, row: SourceRow) -> dict[str, Any]:
        """Return what the row says, by field; a blank cell says nothing."""
        given: dict[str, Any] = {}
        for field, cell in row.values.items():
            if is_blank(cell):
                continue
            try:
                given[field] = self._value(field, cell)
            except CellError as error:
                self.fault(row, field, error.code, **error.facts)
        return given

    def require(self, row: SourceRow, given: Mapping[str, Any]) -> None:
        """Note as faults the fields that a new thing cannot do without."""
        known = {fault.field for fault in self.faults if fault.row == row.number}
        for field, column in self._columns.items():
            if column.is_required and field not in given and field not in known:
                self.fault(row, field, "input.required")

    def fault(self, row: SourceRow, field: str, code: str, **facts: object) -> None:
        """Note a fault of a cell."""
        self.faults.append(RowFault(row.number, field, code, facts))

    def ensure_faultless(self) -> None:
        """Refuse the file when any row has a fault.

        Raises:
            ImportRefusedError: with every fault, in the order of the rows.
        """
        if self.faults:
            raise ImportRefusedError(sorted(self.faults, key=lambda fault: fault.row))

    def _value(self, field: str, cell: object) -> Any:
        column = self._columns.get(field)
        if column is None:
            raise CellError("import.unknown_column", name=field)
        if isinstance(cell, str) and cell.strip() == CLEAR:
            if column.is_required:
                raise CellError("import.cannot_clear")
            return column.empty
        return column.read(cell, self._words)


def is_blank(cell: object) -> bool:
    """Tell whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text(longest: int) -> Read:
    """Read words for people."""

    def read(cell: object, _words: Words) -> str:
        return _plain_text(cell, longest)

    return read


def line(longest: int) -> Read:
    """Read a name or a heading: words on one line."""

    def read(cell: object, _words: Words) -> str:
        return " ".join(_plain_text(cell, longest).split())

    return read


def key(cell: object, _words: Words) -> str:
    """Read the name under which another system knows the thing; its width makes no other key."""
    return unicodedata.normalize("NFKC", _plain_text(cell, LONGEST_CODE)).strip()


def code(vocabulary: str) -> Read:
    """Read one term of a vocabulary, written as code or label."""

    def read(cell: object, words: Words) -> str:
        word = _plain_text(cell, LONGEST_CODE)
        found = words.code_of(vocabulary, word)
        if found is None:
            raise CellError("import.unknown_word", word=word)
        return found

    return read


def code_or_name(vocabulary: str) -> Read:
    """Read a term of a vocabulary, or the free name of something it lacks."""

    def read(cell: object, words: Words) -> str:
        word = _plain_text(cell, LONGEST_CODE)
        return words.code_of(vocabulary, word) or word

    return read


def each(one: Read) -> Read:
    """Read a list: of a JSON array, or of a cell with separators."""

    def read(cell: object, words: Words) -> list[Any]:
        parts = [part for part in _parts(cell) if not is_blank(part)]
        if len(parts) > MOST_VALUES:
            raise CellError("import.too_many_values", most=MOST_VALUES)
        return list(dict.fromkeys(one(part, words) for part in parts))

    return read


def whole_number(low: int, high: int) -> Read:
    """Read a whole number from `low` to `high`."""

    def read(cell: object, _words: Words) -> int:
        written = _plain_text(cell, LONGEST_CODE)
        if not (written.isascii() and written.isdigit()):
            raise CellError("input.not_a_number")
        number = int(written)
        if number < low:
            raise CellError("input.too_small", low=low, high=high)
        if number > high:
            raise CellError("input.too_large", low=low, high=high)
        return number

    return read


def day(cell: object, _words: Words) -> date:
    """Read a day, written YYYY-MM-DD or held as a date by the spreadsheet."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(fold(_plain_text(cell, LONGEST_CODE)).replace("/", "-"))
    except ValueError as error:
        raise CellError("input.not_a_date") from error


def _plain_text(cell: object, longest: int) -> str:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise CellError("import.wrong_type")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    words = str(cell).replace("\r\n", "\n").strip()
    if not is_plain(words):
        raise CellError("input.control_character")
    if len(words) > longest:
        raise CellError("input.too_long", longest=longest, length=len(words))
    return words


def _parts(cell: object) -> Sequence[object]:
    if isinstance(cell, list):
        return cell
    for mark in "，,；;|\n":
        cell = cell.replace(mark, "、") if isinstance(cell, str) else cell
    return cell.split("、") if isinstance(cell, str) else [cell]
