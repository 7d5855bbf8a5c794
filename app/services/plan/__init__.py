"""The plan's figures: bases set, reports and support items entered and checked, lists imported."""

from app.services.plan.bases import BaseChange, set_base
from app.services.plan.items import (
    ItemEntry,
    approve_item,
    propose_item,
    refuse_item,
)
from app.services.plan.lists import (
    OpeningSheet,
    approve_list,
    match_list,
    refuse_list,
    withdraw_list,
)
from app.services.plan.lists_importing import COLUMNS, ListReport, import_list
from app.services.plan.reports import (
    Report,
    approve_report,
    refuse_report,
    report,
)

__all__ = [
    "COLUMNS",
    "BaseChange",
    "ItemEntry",
    "ListReport",
    "OpeningSheet",
    "Report",
    "approve_item",
    "approve_list",
    "approve_report",
    "import_list",
    "match_list",
    "propose_item",
    "refuse_item",
    "refuse_list",
    "refuse_report",
    "report",
    "set_base",
    "withdraw_list",
]
