"""Services given offline, entered by a clerk from a sheet of paper."""

from app.services.paper_entries.batch import Sheet, SheetRow, enter_sheet
from app.services.paper_entries.entering import enter
from app.services.paper_entries.sheet import PaperEntry
from app.services.paper_entries.voiding import void_sheet

__all__ = ["PaperEntry", "Sheet", "SheetRow", "enter", "enter_sheet", "void_sheet"]
