"""The service desk: what was just entered, one person in front of it, a slip to take away."""

from app.queries.service_desk.entries import RecentEntry, recent_entries
from app.queries.service_desk.persons import DeskPerson, desk_person
from app.queries.service_desk.sheets import SheetDetail, sheet_detail
from app.queries.service_desk.slips import Slip, slip_of

__all__ = [
    "DeskPerson",
    "RecentEntry",
    "SheetDetail",
    "Slip",
    "desk_person",
    "recent_entries",
    "sheet_detail",
    "slip_of",
]
