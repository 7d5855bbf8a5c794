"""A table as a file that office programs open: .xlsx, or comma-separated text."""

import csv
import io
from collections.abc import Sequence
from typing import TypeVar, cast

import xlsxwriter

Cell = str | int | None
Value = TypeVar("Value")

_LONGEST_WIDTH = 40
_SHORTEST_WIDTH = 8
# Office programs take a text that begins so for a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def write_workbook(title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return an .xlsx file of one sheet; texts stay texts, numbers numbers."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(title)
        for column, heading in enumerate(headings):
            longest = max([len(heading), *(len(str(row[column] or "")) for row in rows)])
            # A Chinese character takes the room of two letters.
            sheet.set_column(
                column, column, min(_LONGEST_WIDTH, max(_SHORTEST_WIDTH, 2 * longest)), text
            )
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell is not None:
                    sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def write_comma_separated(
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    above: Sequence[Sequence[Cell]] = (),
) -> bytes:
    """Return UTF-8 text with a mark by which office programs know it; no cell is a formula.

    Args:
        headings: of the columns.
        rows: under them.
        above: lines before the headings, such as who took the file and when.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in line] for line in above)
    writer.writerow(headings)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def safe_cell(cell: Value) -> Value:
    """Return the cell of a text file so that no office program takes it for a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA_MARKS):
        return cast("Value", f"'{cell}")
    return cell
