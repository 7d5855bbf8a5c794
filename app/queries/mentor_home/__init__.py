"""What the pages of a mentor show: requests, meetings, his hours, his records and his ledger."""

from app.queries.mentor_home.hours import Hours, Preview, SpecialDays, hours, preview
from app.queries.mentor_home.ledger import Ledger, LedgerRow, Which, ledger
from app.queries.mentor_home.meetings import Meeting, own_booking, own_expert_id
from app.queries.mentor_home.month_sheet import MonthSheet, SheetRow, month_sheet
from app.queries.mentor_home.own_appeals import AppealPage, appeal_page
from app.queries.mentor_home.report import ReportPage, Step, report_page
from app.queries.mentor_home.requests import MentorHome, Request, mentor_home, own_request

__all__ = [
    "AppealPage",
    "Hours",
    "Ledger",
    "LedgerRow",
    "Meeting",
    "MentorHome",
    "MonthSheet",
    "Preview",
    "ReportPage",
    "Request",
    "SheetRow",
    "SpecialDays",
    "Step",
    "Which",
    "appeal_page",
    "hours",
    "ledger",
    "mentor_home",
    "month_sheet",
    "own_booking",
    "own_expert_id",
    "own_request",
    "preview",
    "report_page",
]
