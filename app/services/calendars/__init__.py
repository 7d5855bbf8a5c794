"""The working calendar: a year's notice taken over, and what a change of days brings with it."""

from app.services.calendars.importing import COLUMNS, CalendarReport, import_rows
from app.services.calendars.watching import watch

__all__ = ["COLUMNS", "CalendarReport", "import_rows", "watch"]
