"""One table of a file as rows by field, whatever the form of the file."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from app.adapters.sheets.errors import SheetError
from app.adapters.sheets.workbook import workbook_cells
from app.domain.import_row import RowFault, SourceRow, is_blank
from app.domain.vocabulary import fold

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
# What Chinese office programs write as comma-separated text, surest first.
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_CELL = 1_000_000

Headings = Mapping[str, str]


def read_rows(name: str, content: bytes, headings: Headings) -> tuple[SourceRow, ...]:
    """Return the rows of a .jsonl, .xlsx or .csv file.

    Args:
        name: the file's name; its ending tells the form.
        content: the whole file.
        headings: each heading that may stand above a column, folded, and the field it names.

    Raises:
        SheetError: the file is too large, damaged, of another form, or has unknown columns.
    """
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise SheetError.at_row(0, "import.unknown_form")
    if len(content) > LARGEST_FILE:
        raise SheetError.at_row(0, "import.file_too_large", megabytes=LARGEST_FILE // 1024**2)
    rows: list[SourceRow] = []
    for row in reader(content, headings):
        if len(rows) == MOST_ROWS:
            raise SheetError.at_row(row.number, "import.too_many_rows", most=MOST_ROWS)
        rows.append(row)
    if not rows:
        raise SheetError.at_row(0, "import.no_rows")
    return tuple(rows)


def _json_lines(content: bytes, headings: Headings) -> Iterator[SourceRow]:
    faults: list[RowFault] = []
    for number, line in enumerate(_decoded(content, _ENCODINGS[:1]).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            faults.append(RowFault(number, "", "import.not_json", {}))
            continue
        if not isinstance(values, dict):
            faults.append(RowFault(number, "", "import.not_an_object", {}))
            continue
        unknown = [key for key in values if fold(key) not in headings]
        faults += [RowFault(number, key, "import.unknown_column", {"name": key}) for key in unknown]
        named = {headings[fold(key)]: cell for key, cell in values.items() if key not in unknown}
        yield SourceRow(number, named)
    if faults:
        raise SheetError(faults)


def _workbook(content: bytes, headings: Headings) -> Iterator[SourceRow]:
    return _table(workbook_cells(content), headings)


def _comma_separated(content: bytes, headings: Headings) -> Iterator[SourceRow]:
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(io.StringIO(_decoded(content, _ENCODINGS), newline=""), strict=True)
    try:
        yield from _table(lines, headings)
    except csv.Error as error:
        raise SheetError.at_row(lines.line_num, "import.unreadable") from error


def _table(lines: Iterable[Sequence[object]], headings: Headings) -> Iterator[SourceRow]:
    fields: list[str] = []
    for number, cells in enumerate(lines, start=1):
        if all(is_blank(cell) for cell in cells):
            continue
        if not fields:
            fields = _fields(number, cells, headings)
            continue
        if any(not is_blank(cell) for cell in cells[len(fields) :]):
            raise SheetError.at_row(number, "import.too_many_cells")
        pairs = zip(fields, cells, strict=False)
        yield SourceRow(number, {field: cell for field, cell in pairs if field})


def _fields(row: int, cells: Iterable[object], headings: Headings) -> list[str]:
    fields: list[str] = []
    faults: list[RowFault] = []
    for cell in cells:
        heading = "" if is_blank(cell) else str(cell)
        field = headings.get(fold(heading), "")
        if heading and not field:
            faults.append(RowFault(row, heading, "import.unknown_column", {"name": heading}))
        elif field and field in fields:
            faults.append(RowFault(row, heading, "import.double_column", {"name": heading}))
        fields.append(field)
    if faults:
        raise SheetError(faults)
    while fields and not fields[-1]:
        fields.pop()
    return fields


def _decoded(content: bytes, encodings: Iterable[str]) -> str:
    if content.startswith(_UTF16_MARKS):
        raise SheetError.at_row(0, "import.encoding")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError.at_row(0, "import.encoding")


_READERS: Mapping[str, Callable[[bytes, Headings], Iterator[SourceRow]]] = {
    ".jsonl": _json_lines,
    ".xlsx": _workbook,
    ".csv": _comma_separated,
}
