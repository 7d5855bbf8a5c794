"""Tables from files people send: JSON lines, spreadsheets, comma-separated text."""

from app.adapters.sheets.errors import SheetError
from app.adapters.sheets.reading import LARGEST_FILE, MOST_ROWS, read_rows
from app.adapters.sheets.template import write_template

__all__ = ["LARGEST_FILE", "MOST_ROWS", "SheetError", "read_rows", "write_template"]
