"""The service desk: who is expected, what was just entered, one person, a slip to take away."""

from app.queries.service_desk.arrivals import Arrivals, Guest, arrivals_of, expected_today
from app.queries.service_desk.entries import RecentEntry, recent_entries
from app.queries.service_desk.persons import DeskPerson, desk_person
from app.queries.service_desk.sheets import SheetDetail, sheet_detail
from app.queries.service_desk.slips import Slip, slip_of

__all__ = [
    "Arrivals",
    "DeskPerson",
    "Guest",
    "RecentEntry",
    "SheetDetail",
    "Slip",
    "arrivals_of",
    "desk_person",
    "expected_today",
    "recent_entries",
    "sheet_detail",
    "slip_of",
]
