"""A spreadsheet to fill in: one line of headings, one example, what each column takes."""

import io
from collections.abc import Sequence

import xlsxwriter

_LONGEST_WIDTH = 40
_SHORTEST_WIDTH = 10


def write_template(title: str, headings: Sequence[str], example: Sequence[str]) -> bytes:
    """Return an .xlsx file whose cells are all text, so that codes keep their zeros."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(title)
        for column, (heading, value) in enumerate(zip(headings, example, strict=True)):
            width = min(_LONGEST_WIDTH, max(_SHORTEST_WIDTH, 2 * len(heading), len(value)))
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, heading, bold)
            sheet.write_string(1, column, value, text)
        sheet.freeze_panes(1, 0)
    return target.getvalue()
