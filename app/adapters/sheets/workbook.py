"""Spreadsheets in the .xlsx form, opened only when they unpack to a reasonable size."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from python_calamine import CalamineError, CalamineWorkbook

from app.adapters.sheets.errors import SheetError

MOST_PARTS = 500
MOST_UNPACKED = 64 * 1024 * 1024
MOST_RATIO = 150
# Small parts of much white space compress far better than their size can harm.
RATIO_FREE = 1024 * 1024
_CHUNK = 64 * 1024
# The reader lays a sheet out whole, from its first to its farthest cell.
FARTHEST_ROW_DIGITS = 5
FARTHEST_COLUMN_LETTERS = 2
_WORKBOOK_PART = "xl/workbook.xml"
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["'](\d+)["']""")
_LONGEST_TAG = 1024


def workbook_cells(content: bytes) -> Iterator[Sequence[object]]:
    """Yield the rows of the first sheet as they stand, empty ones too.

    Raises:
        SheetError: it is no .xlsx workbook, or unpacks to more than is safe.
    """
    ensure_safe(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as error:
        raise SheetError.at_row(0, "import.unreadable") from error
    yield from rows


def ensure_safe(content: bytes) -> None:
    """Refuse an archive that would fill the memory; sizes are counted while inflating.

    Raises:
        SheetError: what the archive says of itself is not believed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise SheetError.at_row(0, "import.unsafe_archive")
            if _WORKBOOK_PART not in {part.filename for part in parts}:
                raise SheetError.at_row(0, "import.unreadable")
            unpacked = 0
            for part in parts:
                unpacked += _inflated(archive, part, MOST_UNPACKED - unpacked)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise SheetError.at_row(0, "import.unreadable") from error


def _inflated(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    size, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            too_dense = size > RATIO_FREE and size > MOST_RATIO * max(part.compress_size, 1)
            if size > left or too_dense or _reaches_far(tail + chunk):
                raise SheetError.at_row(0, "import.unsafe_archive")
            tail = chunk[-_LONGEST_TAG:]
    return size


def _reaches_far(markup: bytes) -> bool:
    cells = _CELL.findall(markup)
    rows = [row for _, row in cells] + _ROW.findall(markup)
    return any(len(row) > FARTHEST_ROW_DIGITS for row in rows) or any(
        len(column) > FARTHEST_COLUMN_LETTERS for column, _ in cells
    )
