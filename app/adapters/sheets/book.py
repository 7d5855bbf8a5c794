"""A workbook of several sheets and very many rows, written as the rows come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.adapters.sheets.table import FORMULA_MARKS

LineCell = str | int | date | None
_USUAL_WIDTH = 12
_DAY_ZERO = date(1899, 12, 30)
_MARKS = frozenset(FORMULA_MARKS)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, what stands above the columns, and rows that are read once.

    Attributes:
        widths: of the columns in letters; a Chinese character takes two.
        remarks: lines above the headings.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[LineCell]]
    widths: Sequence[int] = ()
    remarks: Sequence[str] = ()


class _Page(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet of plain texts.

    In exports the same texts come again and again: each is escaped once. A text between `<r>` and
    `</r>` the library takes for markup of its own and writes as it stands, formulas and all; here
    it is a text like any other.
    """

    _escape_control_characters = staticmethod(
        lru_cache(maxsize=4096)(Worksheet._escape_control_characters)
    )

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[object] = ()) -> None:
        self._xml_inline_string(string, preserve=False, attributes=attributes)

    def write_line(self, number: int, line: Sequence[LineCell], looks: "_Looks") -> None:
        """Write the cells of a row; no text becomes a formula."""
        text_of, number_of = self._write_string, self._write_number
        for column, cell in enumerate(line):
            if isinstance(cell, str):
                text_of(number, column, cell, looks.quoted if cell[:1] in _MARKS else None)
            elif isinstance(cell, int):
                number_of(number, column, cell)
            elif cell is not None:
                number_of(number, column, (cell - _DAY_ZERO).days, looks.day)


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head: Format = book.add_format({"bold": True, "bottom": 1})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        # Edited by hand, a text that begins like a formula stays a text.
        self.quoted: Format = book.add_format({"quote_prefix": True})


def write_book(target: BinaryIO, sheets: Iterable[Sheet], footer: str = "") -> None:
    """Write an .xlsx file; memory does not grow with the rows, and no cell is a formula.

    Args:
        target: where the file goes.
        sheets: written one after the other.
        footer: printed at the foot of every page.
    """
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        looks = _Looks(book)
        for sheet in sheets:
            page = book.add_worksheet(sheet.title, _Page)
            page.set_paper(9)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            # A mark of the footer begins with &; two of them print one.
            page.set_footer(f"&L{footer.replace('&', '&&')}&R&P / &N")
            _fill(page, sheet, looks)


def _fill(page: _Page, sheet: Sheet, looks: _Looks) -> None:
    for column in range(len(sheet.headings)):
        width = sheet.widths[column] if column < len(sheet.widths) else _USUAL_WIDTH
        page.set_column(column, column, width)
    top = len(sheet.remarks)
    for number, remark in enumerate(sheet.remarks):
        page.write_line(number, [remark], looks)
    for column, heading in enumerate(sheet.headings):
        page.write_string(top, column, heading, looks.head)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    for number, row in enumerate(sheet.rows, start=top + 1):
        page.write_line(number, row, looks)
