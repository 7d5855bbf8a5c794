"""Services given offline, entered by a clerk from a sheet of paper."""

from app.services.paper_entries.entering import enter
from app.services.paper_entries.sheet import PaperEntry

__all__ = ["PaperEntry", "enter"]
