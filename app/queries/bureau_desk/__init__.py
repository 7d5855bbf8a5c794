"""What the bureau's desk reads: rows behind figures, evidence, queues, the pool."""

from app.queries.bureau_desk.answers import Answer, answered, answered_requests
from app.queries.bureau_desk.evidence import evidence, session_id_of
from app.queries.bureau_desk.exports import ExportRow, LedgerExport, ledger_export
from app.queries.bureau_desk.figures import Asked, Figure, addends_asked, figure
from app.queries.bureau_desk.late_changes import LateChange, late_changes, month_changes
from app.queries.bureau_desk.ledger import LedgerPage, LedgerRow, ledger
from app.queries.bureau_desk.meeting import Evidence
from app.queries.bureau_desk.naming import NamedExpert, experts_named
from app.queries.bureau_desk.needs import DeskNeed, desk_need
from app.queries.bureau_desk.pool import (
    PoolFilter,
    PoolPage,
    PoolProfile,
    Standing,
    pool,
    pool_profile,
)
from app.queries.bureau_desk.queue import NeedQueue, QueuePart, need_queue
from app.queries.bureau_desk.reports import (
    MonthReport,
    ReportList,
    month_report,
    report_list,
)
from app.queries.bureau_desk.reviews import (
    Review,
    ReviewAsked,
    ReviewFilter,
    ReviewPage,
    Reviews,
    review,
    reviews,
)
from app.queries.bureau_desk.seals import Seals, seal_of_month, seals
from app.queries.bureau_desk.served_ventures import MayBeMeant, ventures_meant
from app.queries.bureau_desk.supply import (
    SupplyPart,
    SupplyReport,
    SupplyRows,
    supply_report,
    supply_rows,
)
from app.queries.bureau_desk.versions import Compared, compared
from app.queries.bureau_desk.waiting import Waiting, WaitingPage, waiting_meetings
from app.queries.bureau_desk.waivers import WaiverPage, WaiverRow, waiver_page

__all__ = [
    "Answer",
    "Asked",
    "Compared",
    "DeskNeed",
    "Evidence",
    "ExportRow",
    "Figure",
    "LateChange",
    "LedgerExport",
    "LedgerPage",
    "LedgerRow",
    "MayBeMeant",
    "MonthReport",
    "NamedExpert",
    "NeedQueue",
    "PoolFilter",
    "PoolPage",
    "PoolProfile",
    "QueuePart",
    "ReportList",
    "Review",
    "ReviewAsked",
    "ReviewFilter",
    "ReviewPage",
    "Reviews",
    "Seals",
    "Standing",
    "SupplyPart",
    "SupplyReport",
    "SupplyRows",
    "Waiting",
    "WaitingPage",
    "WaiverPage",
    "WaiverRow",
    "addends_asked",
    "answered",
    "answered_requests",
    "compared",
    "desk_need",
    "evidence",
    "experts_named",
    "figure",
    "late_changes",
    "ledger",
    "ledger_export",
    "month_changes",
    "month_report",
    "need_queue",
    "pool",
    "pool_profile",
    "report_list",
    "review",
    "reviews",
    "seal_of_month",
    "seals",
    "session_id_of",
    "supply_report",
    "supply_rows",
    "ventures_meant",
    "waiting_meetings",
    "waiver_page",
]
