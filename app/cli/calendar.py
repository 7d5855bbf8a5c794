"""`calendar import` and `calendar template`."""

from app.adapters.import_rows import CALENDAR
from app.cli.command import CommandGroup
from app.cli.imports import add_import, add_template
from app.services import calendars

group = CommandGroup("calendar", help="The working calendar, year by year.")
add_import(group, CALENDAR, calendars.import_rows)
add_template(group, CALENDAR)
