"""Tables from and for files: JSON lines, spreadsheets, comma-separated text."""

from app.adapters.sheets.book import LineCell, Sheet, write_book
from app.adapters.sheets.errors import SheetError
from app.adapters.sheets.pasting import pasted_rows
from app.adapters.sheets.reading import LARGEST_FILE, MOST_ROWS, read_rows
from app.adapters.sheets.table import Cell, safe_cell, write_comma_separated, write_workbook
from app.adapters.sheets.template import write_template

__all__ = [
    "LARGEST_FILE",
    "MOST_ROWS",
    "Cell",
    "LineCell",
    "Sheet",
    "SheetError",
    "pasted_rows",
    "read_rows",
    "safe_cell",
    "write_book",
    "write_comma_separated",
    "write_template",
    "write_workbook",
]
